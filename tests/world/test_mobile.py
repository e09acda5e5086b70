"""Two tables and a robot on wheels."""

import numpy as np
import pytest

from siren.core.errors import PlanRefusedError, WorldError
from siren.core.plan import FAR_TABLE, TABLE, Plan, parse_plan, write_plan
from siren.world.bullet import Bullet
from siren.world.fetching import fetch_plan, fetch_task
from siren.world.frame import Frame
from siren.world.mobile import Mobile
from siren.world.robots import PANDA
from siren.world.wheels import Wheels

SEED = 0


def test_a_pose_seen_from_elsewhere_and_back_is_the_same() -> None:
    turn = np.array([0.1, -0.3, 0.5, 0.8])
    frame, place = Frame(np.array([1.0, -2.0, 0.5]), turn / np.linalg.norm(turn)), np.array([0.3, 0.1, 0.2])
    seen = frame.inward(*frame.outward(place, np.array([0.0, 0.0, 0.6, 0.8])))
    assert np.allclose(seen[0], place)
    assert np.allclose(seen[1], [0.0, 0.0, 0.6, 0.8])
    about = Frame(np.zeros(3), np.array([0.0, 0.0, 1.0, 0.0]))
    assert np.allclose(about.inward(place, np.array([0.0, 0.0, 0.0, 1.0]))[0], [-0.3, -0.1, 0.2])


def test_a_task_has_its_thing_on_the_far_table_and_no_kind_twice() -> None:
    for seed in range(12):
        task = fetch_task(seed)
        assert task == fetch_task(seed)
        tables = {spot.name: spot.table for spot in task.layout}
        assert tables[task.goal.object] == FAR_TABLE
        assert task.goal.target is None or tables[task.goal.target] == TABLE
        assert len(tables) == len(task.layout)


def test_the_expert_fetches_and_the_same_text_does_it_again() -> None:
    with Mobile() as world:
        task = fetch_task(SEED)
        scene = world.reset(task)
        assert {thing.name: thing.support for thing in scene.objects}[task.goal.object] == FAR_TABLE
        near = world.look()
        plan = fetch_plan(task, scene)
        outcome = world.execute(plan)
        assert (outcome.success, outcome.events) == (True, ())
        table, metres, radians = world.docked()
        assert table == TABLE
        assert metres < 0.01
        assert radians < 0.02
        assert world.execute(parse_plan(write_plan(plan))) == outcome
        world.reset(task)
        there = world.execute(Plan(steps=plan.steps[:2]))
        assert [event.kind for event in there.events] == ["goal_missed"]
        assert (world.look() != near).any()


def test_what_wheels_cannot_do_is_refused_before_anything_moves() -> None:
    with Mobile() as world:
        task = fetch_task(SEED)
        scene = world.reset(task)
        plan = fetch_plan(task, scene)
        lost = plan.steps[0].model_copy(update={"object": task.goal.object})
        with pytest.raises(PlanRefusedError, match="expected a table to drive to"):
            world.execute(Plan(steps=(lost,)))
        shove = plan.steps[1].model_copy(update={"skill": "tip"})
        with pytest.raises(PlanRefusedError, match="got 'tip' on wheels"):
            world.execute(Plan(steps=(shove,)))
        assert world.scene() == scene
    with Bullet(visuals=False) as bullet, pytest.raises(WorldError, match="'panda', which is screwed down"):
        Wheels(bullet, bullet.add_robot(PANDA), PANDA, bullet.step)
