"""Own kinematics against the simulator's, and against itself."""

import numpy as np
import pytest

from siren.core.action import WORKSPACE_HIGH
from siren.core.geometry import finger_axis
from siren.world.bullet import Bullet
from siren.world.kinematics import forward, half_turned, inverse, nearest_half_turn, rotation_between, rotation_matrix, turned
from siren.world.robots import PANDA, ROBOTS, Robot
from siren.world.shape import matrix

HOME = np.array(PANDA.home)
DOWN = rotation_matrix((0.0, 180.0, 0.0))
EACH_ROBOT = pytest.mark.parametrize("robot", ROBOTS.values(), ids=list(ROBOTS))


@EACH_ROBOT
def test_forward_kinematics_agree_with_the_simulator(robot: Robot) -> None:
    rng = np.random.default_rng(3)
    with Bullet(visuals=False) as bullet:
        body = bullet.add_robot(robot)
        for _ in range(10):
            joints = rng.uniform(robot.lower, robot.upper)
            bullet.reset_joints(body, robot.joints, joints.tolist())
            seen = bullet.link_pose(body, robot.fingertip)
            np.testing.assert_allclose(forward(joints, robot)[:3, 3], seen.position, atol=1e-6)
            np.testing.assert_allclose(forward(joints, robot)[:3, :3], matrix(seen.orientation), atol=1e-6)


@EACH_ROBOT
def test_every_place_where_things_stand_is_reached_from_home_with_the_fingers_down(robot: Robot) -> None:
    rng, home = np.random.default_rng(4), np.array(robot.home)
    for _ in range(60):
        position = rng.uniform((0.33, -0.27, 0.01), (0.67, 0.27, 0.35))
        rotation = nearest_half_turn(rotation_matrix((0.0, 180.0, rng.uniform(0, 180))), forward(home, robot)[:3, :3])
        solution = inverse(position, rotation, home, 120, robot)
        assert solution.reaches
        np.testing.assert_allclose(forward(solution.joints, robot)[:3, 3], position, atol=1e-3)
        assert (solution.joints >= robot.lower).all()
        assert (solution.joints <= robot.upper).all()


@EACH_ROBOT
def test_the_reach_of_a_robot_is_what_its_kinematics_say(robot: Robot) -> None:
    rotation = nearest_half_turn(DOWN, forward(np.array(robot.home), robot)[:3, :3])

    def error(radius: float) -> float:
        return inverse(np.array([robot.base[0] + radius, 0.0, 0.009]), rotation, np.array(robot.home), 300, robot).position_error

    nearest, farthest = robot.reach
    assert max(error(nearest), error(farthest)) < 0.001
    assert min(error(nearest - 0.03), error(farthest + 0.03)) > 0.001


@EACH_ROBOT
def test_at_home_the_fingers_look_down_at_the_middle_of_the_table(robot: Robot) -> None:
    pose = forward(np.array(robot.home), robot)
    assert pose[2, 2] < -0.99
    assert 0.4 < pose[0, 3] < 0.55
    assert abs(pose[1, 3]) < 0.01
    assert 0.35 < pose[2, 3] < 0.45


def test_the_far_corner_of_the_workspace_is_not_reached() -> None:
    assert not inverse(np.array(WORKSPACE_HIGH), DOWN, HOME, 120).reaches


@pytest.mark.parametrize("yaw", [0.0, 37.0, 90.0, 171.0])
def test_a_hand_that_points_down_closes_along_the_finger_axis_of_its_yaw(yaw: float) -> None:
    rotation = rotation_matrix((0.0, 180.0, yaw))
    np.testing.assert_allclose(rotation[:, 2], (0, 0, -1), atol=1e-12)
    np.testing.assert_allclose(rotation[:2, 1], finger_axis(yaw), atol=1e-12)


def test_half_a_turn_is_the_same_grasp_and_the_nearer_one_is_taken() -> None:
    present = rotation_matrix((0.0, 180.0, 10.0))
    far = rotation_matrix((0.0, 180.0, 170.0))
    near = nearest_half_turn(far, present)
    np.testing.assert_allclose(near, rotation_matrix((0.0, 180.0, -10.0)), atol=1e-12)
    np.testing.assert_allclose(half_turned(half_turned(far)), far)


def test_a_rotation_turned_by_what_lies_between_is_the_other() -> None:
    start, end = rotation_matrix((10.0, 150.0, 20.0)), rotation_matrix((0.0, 180.0, 100.0))
    np.testing.assert_allclose(turned(start, rotation_between(start, end)), end, atol=1e-9)
    np.testing.assert_allclose(turned(start, np.zeros(3)), start)
