"""Closed fingers slide what is low, knock over what is tall, and the monitor knows which of the two was meant."""

import math

import pytest

from siren.core.action import Speed
from siren.core.episode import Outcome
from siren.core.errors import PlanRefusedError
from siren.core.geometry import push_step, tip_step
from siren.core.plan import Plan, Step, parse_plan
from siren.core.scene import Scene
from siren.core.task import Goal, Task
from siren.world.catalogue import kind_of
from siren.world.layout import Layout, scene_of
from siren.world.shoving import FINGERS_THICK, push_height, shove_line, tip_height
from siren.world.tabletop import Tabletop

PLACE, MAT = (0.45, -0.05), (0.45, 0.12)


def laid(kind: str, goal: Goal, yaw: float = 0.0, carries: str | None = None) -> Task:
    layout = Layout(rng=None)  # type: ignore[arg-type]  # nothing here is drawn
    layout.put(kind_of("blue_mat"), MAT, 0.0)
    layout.put(kind_of(kind), PLACE, yaw)
    if carries is not None:
        layout.put(kind_of(carries), PLACE, yaw, height=kind_of(kind).size[2])
    return Task(seed=0, family="push", split="seen", instruction="", goal=goal, layout=layout.placements())


def pushed(scene: Scene, name: str, speed: Speed = "normal") -> Step:
    thing = scene.objects[[item.name for item in scene.objects].index(name)]
    return push_step(thing, "on", "blue_mat", MAT, push_height(thing), speed, "gentle")


def on_mat(name: str) -> Goal:
    return Goal(relation="on", object=name, target="blue_mat")


def run(world: Tabletop, task: Task, *steps: Step) -> Outcome:
    world.reset(task)
    return world.execute(Plan(steps=steps))


@pytest.fixture(scope="module", params=["panda", "kuka"])
def world(request: pytest.FixtureRequest) -> Tabletop:
    return Tabletop(str(request.param))


@pytest.mark.parametrize("kind", ["red_cube", "butter", "gold_bar", "yoghurt", "remote"])
def test_low_things_come_to_lie_below_the_keyframe(world: Tabletop, kind: str) -> None:
    task = laid(kind, on_mat(kind))
    outcome = run(world, task, pushed(scene_of(task.layout), kind))
    thing = world.scene().find(kind)
    assert outcome.success, outcome.events
    assert thing is not None
    assert math.dist(thing.position[:2], MAT) < 0.03


def test_a_tall_thing_topples_when_it_is_pushed(world: Tabletop) -> None:
    task = laid("cola_can", on_mat("cola_can"))
    outcome = run(world, task, pushed(scene_of(task.layout), "cola_can"))
    assert [event.kind for event in outcome.events] == ["toppled"]


@pytest.mark.parametrize("kind", ["cola_can", "juice_box", "milk_carton", "glass", "candle"])
@pytest.mark.parametrize("turn", [0.0, 90.0])
def test_tipping_a_tall_thing_is_no_mishap(world: Tabletop, kind: str, turn: float) -> None:
    task = laid(kind, Goal(relation="tipped", object=kind), yaw=20.0)
    thing = scene_of(task.layout).find(kind)
    assert thing is not None
    outcome = run(world, task, tip_step(thing, 20.0 + turn, tip_height(thing), "normal", "gentle"))
    assert outcome.success, outcome.events


def test_what_is_only_knocked_against_its_purpose_has_toppled(world: Tabletop) -> None:
    task = laid("cola_can", Goal(relation="tipped", object="butter"))
    thing = scene_of(task.layout).find("cola_can")
    assert thing is not None
    outcome = run(world, task, tip_step(thing, 0.0, tip_height(thing), "normal", "gentle"))
    assert not outcome.success


def test_what_stands_on_a_pushed_thing_comes_along(world: Tabletop) -> None:
    task = laid("brick", on_mat("brick"), carries="die")
    assert run(world, task, pushed(scene_of(task.layout), "brick", "slow")).success


def test_fingers_come_down_behind_the_thing_and_stop_short_of_the_place() -> None:
    task = laid("red_cube", on_mat("red_cube"))
    thing = scene_of(task.layout).find("red_cube")
    assert thing is not None
    line = shove_line(thing, pushed(scene_of(task.layout), "red_cube"))
    assert line.start[1] < PLACE[1] - 0.025 - FINGERS_THICK
    assert line.end[1] == pytest.approx(MAT[1] - 0.025 - FINGERS_THICK)
    assert line.start[0] == pytest.approx(line.end[0])


def test_a_robot_without_wheels_does_not_drive(world: Tabletop) -> None:
    world.reset(laid("red_cube", on_mat("red_cube")))
    with pytest.raises(PlanRefusedError, match="no wheels"):
        world.execute(parse_plan("drive far_table | move to 0.5 0 0.2 rotate 0 180 0 speed slow force gentle close gripper"))
