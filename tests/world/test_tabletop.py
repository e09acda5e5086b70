"""Short episodes on tables laid by hand: what succeeds, what fails and as what, and what is refused."""

from collections.abc import Iterator

import numpy as np
import pytest

from siren.core.action import Force, Speed
from siren.core.errors import PlanRefusedError
from siren.core.geometry import Release, pick_step, put_step
from siren.core.plan import Plan, Skill
from siren.core.scene import Scene
from siren.core.task import Goal, Placement, Task
from siren.world.catalogue import kind_of
from siren.world.tabletop import Tabletop


@pytest.fixture(scope="module")
def world() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        yield tabletop


def laid(goal: Goal, **places: tuple[float, float, float]) -> Task:
    """A task with things at (x, y, height of what they stand on), all at yaw 0."""
    layout = tuple(
        Placement(name=name, kind=name, position=(x, y, z + kind_of(name).rest + 0.001), yaw=0.0) for name, (x, y, z) in places.items()
    )
    return Task(seed=0, family="place", split="test", instruction="by hand", goal=goal, layout=layout)


def pick(scene: Scene, name: str, speed: Speed = "slow", force: Force = "firm", turn: float = 0.0) -> Plan:
    thing = scene.find(name)
    assert thing is not None
    return Plan(steps=(pick_step(thing, turn, speed, force),))


def put(scene: Scene, plan: Plan, target: str, release: Release = "low", skill: Skill = "place", relation: str = "on") -> Plan:
    taken, place = plan.steps[0], scene.find(target)
    thing = scene.find(taken.object)
    assert thing is not None
    assert place is not None
    frame = taken.keyframe
    step = put_step(
        skill, thing, scene, "in" if relation == "in" else "on", target, place.position[:2], frame.yaw, release, "slow", frame.force
    )
    return Plan(steps=(*plan.steps, step))


HELD_EGG = Goal(relation="held", object="egg")
EGG_ON_MAT = Goal(relation="on", object="egg", target="blue_mat")


def test_an_egg_taken_gently_is_held(world: Tabletop) -> None:
    scene = world.reset(laid(HELD_EGG, egg=(0.5, 0.0, 0.0)))
    outcome = world.execute(pick(scene, "egg", force="gentle"))
    assert outcome.success
    assert outcome.goal_reached
    assert outcome.events == ()


def test_an_egg_taken_firmly_is_crushed_and_the_plan_does_not_go_on(world: Tabletop) -> None:
    scene = world.reset(laid(EGG_ON_MAT, egg=(0.45, -0.1, 0.0), blue_mat=(0.5, 0.15, 0.0)))
    outcome = world.execute(put(scene, pick(scene, "egg"), "blue_mat"))
    assert not outcome.success
    assert [(event.kind, event.step, event.phase, event.subject) for event in outcome.events] == [("crushed", 1, "grasp", "egg")]


@pytest.mark.parametrize(("release", "kinds"), [("low", []), ("high", ["broken"])])
def test_an_egg_let_go_high_breaks(world: Tabletop, release: Release, kinds: list[str]) -> None:
    scene = world.reset(laid(EGG_ON_MAT, egg=(0.45, -0.1, 0.0), blue_mat=(0.5, 0.15, 0.0)))
    outcome = world.execute(put(scene, pick(scene, "egg", force="gentle"), "blue_mat", release))
    assert [event.kind for event in outcome.events] == kinds
    assert outcome.success == (not kinds)


@pytest.mark.parametrize(("speed", "force", "holds"), [("slow", "firm", True), ("fast", "firm", False), ("slow", "gentle", False)])
def test_a_gold_bar_asks_for_a_firm_grip_and_no_jerk(world: Tabletop, speed: Speed, force: Force, holds: bool) -> None:
    scene = world.reset(laid(Goal(relation="held", object="gold_bar"), gold_bar=(0.5, 0.05, 0.0)))
    outcome = world.execute(pick(scene, "gold_bar", speed, force))
    assert outcome.success == holds
    assert [event.kind for event in outcome.events] == ([] if holds else ["dropped"])


def test_fingers_land_on_what_is_wider_than_they_open(world: Tabletop) -> None:
    scene = world.reset(laid(Goal(relation="held", object="bread_loaf"), bread_loaf=(0.5, 0.0, 0.0)))
    assert world.execute(pick(scene, "bread_loaf", turn=90)).events[0].kind == "hand_hit"
    assert world.execute(pick(scene, "bread_loaf", turn=0)).success


def test_what_lies_in_the_box_is_inside_and_what_lies_on_the_lid_is_not(world: Tabletop) -> None:
    goal = Goal(relation="in", object="lemon", target="box")
    scene = world.reset(laid(goal, lemon=(0.42, -0.12, 0.0), box=(0.52, 0.13, 0.0)))
    assert world.execute(put(scene, pick(scene, "lemon"), "box", relation="in")).success
    after = world.scene().find("lemon")
    assert after is not None
    assert (after.support, after.inside) == ("box", True)
    closed = world.reset(laid(goal, lemon=(0.42, -0.12, 0.0), box=(0.52, 0.13, 0.0), lid=(0.52, 0.13, 0.05)))
    lid = closed.find("lid")
    assert lid is not None
    assert lid.support == "box"
    outcome = world.execute(put(closed, pick(closed, "lemon"), "box", relation="in"))
    assert not outcome.success
    assert outcome.events[0].step == 2


def test_a_stacked_candle_stands_on_the_gold_bar(world: Tabletop) -> None:
    goal = Goal(relation="on", object="candle", target="gold_bar")
    scene = world.reset(laid(goal, candle=(0.42, -0.12, 0.0), gold_bar=(0.52, 0.13, 0.0)))
    assert world.execute(put(scene, pick(scene, "candle"), "gold_bar", skill="stack")).success


def test_a_thing_put_down_elsewhere_misses_the_goal(world: Tabletop) -> None:
    scene = world.reset(laid(EGG_ON_MAT, egg=(0.45, -0.1, 0.0), blue_mat=(0.5, 0.15, 0.0), red_mat=(0.62, -0.05, 0.0)))
    outcome = world.execute(put(scene, pick(scene, "egg", force="gentle"), "red_mat"))
    assert [event.kind for event in outcome.events] == ["goal_missed"]
    assert not outcome.goal_reached


def test_an_empty_grasp_is_missed(world: Tabletop) -> None:
    scene = world.reset(laid(HELD_EGG, egg=(0.45, -0.1, 0.0)))
    step = pick(scene, "egg", force="gentle").steps[0]
    beside = step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (0.6, 0.2, 0.03)})})
    assert world.execute(Plan(steps=(beside,))).events[0].kind == "missed_grasp"


def test_what_cannot_be_reached_is_not_tried(world: Tabletop) -> None:
    scene = world.reset(laid(HELD_EGG, egg=(0.45, -0.1, 0.0)))
    step = pick(scene, "egg", force="gentle").steps[0]
    far = step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (0.80, 0.31, 0.6)})})
    event = world.execute(Plan(steps=(far,))).events[0]
    assert (event.kind, event.phase) == ("unreachable", "approach")


def test_a_refused_plan_moves_nothing(world: Tabletop) -> None:
    scene = world.reset(laid(HELD_EGG, egg=(0.45, -0.1, 0.0)))
    good = pick(scene, "egg", force="gentle")
    stranger = good.steps[0].model_copy(update={"object": "unicorn"})
    outside = good.steps[0].model_copy(update={"keyframe": good.steps[0].keyframe.model_copy(update={"position": (0.5, 0.0, 0.9)})})
    for step in (stranger, outside):
        with pytest.raises(PlanRefusedError, match="step 1"):
            world.execute(Plan(steps=(step,)))
    assert world.scene() == scene
    assert world.execute(good).success


def test_a_plan_runs_from_the_same_start_however_often(world: Tabletop) -> None:
    scene = world.reset(laid(HELD_EGG, egg=(0.5, 0.0, 0.0)))
    plan = pick(scene, "egg", force="gentle")
    assert world.execute(plan) == world.execute(plan)


def test_the_camera_sees_the_table_without_the_arm(world: Tabletop) -> None:
    scene = world.reset(laid(HELD_EGG, egg=(0.5, 0.0, 0.0)))
    before = world.look()
    world.execute(pick(scene, "egg", force="gentle"))
    lifted = world.look()
    assert before.shape == (96, 96, 3)
    assert before.dtype == np.uint8
    changed = (before != lifted).any(axis=2)
    assert 10 < changed.sum() < 400
