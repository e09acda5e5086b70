"""Two robots, one plan language."""

import dataclasses

import numpy as np
import pytest

from siren.core.errors import WorldError
from siren.core.plan import parse_plan, write_plan
from siren.world.bullet import Bullet, View
from siren.world.expert import expert_plan
from siren.world.robots import KUKA, PANDA, ROBOTS, Robot, robot_of
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

SEEDS = range(1000, 1003)
FROM_THE_SIDE = View((1.5, -0.9, 1.0), (0.3, 0.0, 0.25), (0.0, 0.0, 1.0), 45.0, 96)


def test_the_same_text_is_carried_out_by_both() -> None:
    with Tabletop("panda") as one, Tabletop("kuka") as other:
        for seed in SEEDS:
            task = make_task(seed)
            text = write_plan(expert_plan(task, one.reset(task)))
            other.reset(task)
            outcomes = [world.execute(parse_plan(text)) for world in (one, other)]
            assert [outcome.success for outcome in outcomes] == [True, True], (seed, outcomes)
            assert outcomes[0].state_hash != outcomes[1].state_hash


def test_hand_and_fingers_are_the_same_and_the_arms_are_not() -> None:
    assert (KUKA.aperture, KUKA.grip, KUKA.open_force) == (PANDA.aperture, PANDA.grip, PANDA.open_force)
    assert KUKA.rows != PANDA.rows
    assert len({hash(robot) for robot in ROBOTS.values()}) == 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        KUKA.aperture = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        KUKA.grip["firm"] = 1.0  # type: ignore[index]


def test_a_robot_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(WorldError, match=r"expected a robot of panda, kuka, husky, got 'kuca'; did you mean 'kuka'\?"):
        robot_of("kuca")
    with pytest.raises(WorldError, match="got ''"):
        Tabletop("")


@pytest.mark.parametrize("robot", ROBOTS.values(), ids=list(ROBOTS))
def test_the_plain_robot_covers_the_same_pixels(robot: Robot) -> None:
    joints = [*robot.home, 0.04, 0.04]
    with Bullet() as bullet:
        body = bullet.add_robot(robot)
        bullet.reset_joints(body, (*robot.joints, *robot.fingers), joints)
        full = bullet.render(FROM_THE_SIDE)[1] == body
    with Bullet() as bullet:
        body = bullet.draw_robot(robot, joints)
        plain = bullet.render(FROM_THE_SIDE)[1] == body
    assert full.sum() > 200
    assert np.logical_xor(full, plain).sum() < 0.12 * full.sum()
