"""What worked, once more with one quantity moved."""

import math
from dataclasses import dataclass

import numpy as np

from siren import build
from siren.agent import carry_out
from siren.core import geometry
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.learning.experiments import experiments
from siren.symbolic.edits import Change
from siren.testing.scenes import careless_steps, goal_of, random_scene
from siren.world.expert import expert_plan


@dataclass(frozen=True)
class Tried:
    """A plan and what an experiment made of it."""

    plan: Plan
    change: Change

    @property
    def moved(self) -> tuple[int, np.ndarray]:
        """The step, and by how much its place differs, metres."""
        number = self.change.edit.step
        before, after = (plan.steps[number - 1].keyframe.position for plan in (self.plan, self.change.plan))
        return number, np.subtract(after, before)


def _tried(seed: int) -> Tried:
    rng = np.random.default_rng(seed)
    scene, name = random_scene(rng)
    plan = careless_steps(scene, name, rng)
    (change,) = experiments(scene, plan, goal_of(name), rng)
    return Tried(plan, change)


def test_one_step_goes_elsewhere_and_all_else_stays() -> None:
    for tried in map(_tried, range(60)):
        number, offset = tried.moved
        assert np.abs(offset).max() >= 0.001
        frame = tried.plan.steps[number - 1].keyframe
        back = tried.change.plan.steps[number - 1].keyframe.model_copy(update={"position": frame.position})
        assert back == frame
        assert [step for step in tried.change.plan.steps if step != tried.change.plan.steps[number - 1]] == [
            step for step in tried.plan.steps if step != tried.plan.steps[number - 1]
        ]


def test_the_hand_goes_deeper_higher_and_aside_and_lets_go_at_other_heights() -> None:
    moved = [tried.moved for tried in map(_tried, range(60))]
    grasps = [offset for number, offset in moved if number == 1]
    puts = [offset for number, offset in moved if number == 2]
    assert any(offset[2] < -0.005 for offset in grasps)
    assert any(offset[2] > 0.005 for offset in grasps)
    assert any(np.hypot(*offset[:2]) > 0.005 and offset[2] == 0 for offset in grasps)
    assert any(offset[2] != 0 for offset in puts)
    for offset in (*grasps, *puts):
        assert (offset[2] != 0) != (np.hypot(*offset[:2]) > 0)  # one quantity, not two


def test_where_nothing_is_held_there_is_nothing_to_move() -> None:
    rng = np.random.default_rng(0)
    scene, name = random_scene(rng)
    assert experiments(Scene(objects=(), perception="test"), careless_steps(scene, name, rng), goal_of(name), rng) == ()


def test_what_is_tipped_is_touched_at_other_heights() -> None:
    rng = np.random.default_rng(0)
    scene, name = random_scene(rng)
    thing = scene.find(name)
    assert thing is not None
    plan = Plan(steps=(geometry.tip_step(thing, 0.0, thing.top - 0.012, "normal", "firm"),))
    (change,) = experiments(scene, plan, Goal(relation="tipped", object=name), rng, count=2)
    before, after = (one.steps[0].keyframe.position for one in (plan, change.plan))
    assert before[:2] == after[:2]
    assert before[2] != after[2]


def test_how_far_is_still_near_is_asked_first() -> None:
    rng = np.random.default_rng(0)
    scene, name = random_scene(rng)
    beside = next(thing for thing in scene.objects if thing.name != name)
    plan = careless_steps(scene, name, rng)
    x, y, z = plan.steps[1].keyframe.position
    goal = Goal(relation="near", object=name, target=beside.name)
    (change,) = experiments(scene, plan, goal, rng)
    after = change.plan.steps[1].keyframe.position
    assert math.dist(after[:2], beside.position[:2]) > math.dist((x, y), beside.position[:2])
    assert after[2] == z


def test_no_quantity_is_moved_twice() -> None:
    rng = np.random.default_rng(3)
    scene, name = random_scene(rng)
    plan = careless_steps(scene, name, rng)
    found = experiments(scene, plan, goal_of(name), rng, count=20)
    assert 3 <= len(found) <= 4  # depth and side of a grasp, height and side of a place
    assert len({change.plan for change in found}) == len(found)


def test_the_world_says_how_deep_is_too_deep() -> None:
    """Of what the expert does, whatever it is about, nothing fails; moved, some of it does, and by laws that it never breaks."""
    world = build.world()
    came_of: dict[str, int] = {}
    for seed in range(24):
        task = build.task(seed)
        scene = world.reset(task)
        for change in experiments(scene, expert_plan(task, scene), task.goal, np.random.default_rng(seed)):
            events = carry_out(world, world.reset(task), change.plan).events
            kind = events[0].kind if events else ""
            came_of[kind] = came_of.get(kind, 0) + 1
    assert came_of[""] >= 3
    assert len(came_of) >= 4
