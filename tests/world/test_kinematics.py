"""Own kinematics against the simulator's, and against itself."""

import numpy as np
import pytest

from siren.core.action import WORKSPACE_HIGH
from siren.core.geometry import finger_axis
from siren.world.bullet import Bullet
from siren.world.kinematics import forward, half_turned, inverse, nearest_half_turn, rotation_between, rotation_matrix, turned
from siren.world.robots import PANDA

HOME = np.array(PANDA.home)


def test_forward_kinematics_agree_with_the_simulator() -> None:
    rng = np.random.default_rng(3)
    with Bullet(visuals=False) as bullet:
        robot = bullet.add_panda()
        for _ in range(10):
            joints = rng.uniform(PANDA.lower, PANDA.upper)
            bullet.reset_joints(robot, PANDA.joints, joints.tolist())
            np.testing.assert_allclose(forward(joints)[:3, 3], bullet.link_pose(robot, PANDA.fingertip).position, atol=1e-6)


def test_every_place_where_things_stand_is_reached_from_home_with_the_fingers_down() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        position = rng.uniform((0.33, -0.27, 0.01), (0.67, 0.27, 0.35))
        rotation = nearest_half_turn(rotation_matrix((0.0, 180.0, rng.uniform(0, 180))), forward(HOME)[:3, :3])
        solution = inverse(position, rotation, HOME)
        assert solution.reaches
        np.testing.assert_allclose(forward(solution.joints)[:3, 3], position, atol=1e-3)
        assert (solution.joints >= PANDA.lower).all()
        assert (solution.joints <= PANDA.upper).all()


def test_the_far_corner_of_the_workspace_is_not_reached() -> None:
    assert not inverse(np.array(WORKSPACE_HIGH), rotation_matrix((0.0, 180.0, 0.0)), HOME, 120).reaches


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
