"""An attempt that failed or was stopped is followed by another from where things stand."""

import pytest

from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal, Placement, Task
from siren.world.catalogue import kind_of
from siren.world.tabletop import Tabletop

GOAL = Goal(relation="in", object="die", target="box", also=(Goal(relation="in", object="red_cube", target="box"),))
PLACES = {"die": (0.45, 0.15), "red_cube": (0.45, -0.15), "box": (0.62, 0.0)}
SIDE = {"die": -0.04, "red_cube": 0.04}  # metres from the middle of the box
LAYOUT = tuple(Placement(name=name, kind=name, position=(x, y, kind_of(name).rest + 0.001), yaw=0.0) for name, (x, y) in PLACES.items())
TASK = Task(seed=0, family="tidy", split="test", instruction="by hand", goal=GOAL, layout=LAYOUT)


@pytest.fixture(scope="module")
def world():
    with Tabletop() as tabletop:
        yield tabletop


def into_box(scene: Scene, name: str, away: float = 0.0) -> Plan:
    """`away`: metres beside the thing that the hand goes down at."""
    one, box = scene.find(name), scene.find("box")
    assert one is not None
    assert box is not None
    pick = pick_step(one, 0, "slow", "gentle")
    frame = pick.keyframe.model_copy(update={"position": (pick.keyframe.position[0] + away, *pick.keyframe.position[1:])})
    put = put_step("place", one, scene, "in", "box", (box.position[0] + SIDE[name], box.position[1]), 0.0, "low", "slow", "gentle")
    return Plan(steps=(pick.model_copy(update={"keyframe": frame}), put))


def both(*plans: Plan) -> Plan:
    return Plan(steps=tuple(step for plan in plans for step in plan.steps))


def test_what_the_first_attempt_did_counts_for_the_goal_and_only_the_rest_is_done(world: Tabletop) -> None:
    scene = world.reset(TASK)
    failed = world.execute(both(into_box(scene, "die"), into_box(scene, "red_cube", away=0.08)))
    assert [(event.kind, event.step) for event in failed.events] == [("missed_grasp", 3)]
    there = world.go_on()
    die = there.find("die")
    assert die is not None
    assert (die.support, die.inside) == ("box", True)
    outcome = world.execute(into_box(there, "red_cube"))
    assert (outcome.success, outcome.events) == (True, ())


def test_what_the_hand_holds_is_laid_down_and_stands(world: Tabletop) -> None:
    scene = world.reset(TASK)
    assert not world.act(into_box(scene, "die").steps[0].keyframe).events
    held = world.scene().find("die")
    assert held is not None
    assert held.bottom > 0.1
    there = world.go_on()
    laid = there.find("die")
    assert laid is not None
    assert (laid.support, round(laid.bottom, 2)) == ("table", 0.0)
    again = world.act(into_box(there, "die").steps[0].keyframe)
    assert again.events == ()
    lifted = world.scene().find("die")
    assert lifted is not None
    assert lifted.bottom > 0.1


def test_the_same_attempts_come_out_the_same(world: Tabletop) -> None:
    hashes = []
    for _ in range(2):
        scene = world.reset(TASK)
        world.execute(into_box(scene, "die", away=0.08))
        hashes.append(world.execute(into_box(world.go_on(), "die")).state_hash)
    assert hashes[0] == hashes[1]


def test_a_reset_forgets_all_attempts(world: Tabletop) -> None:
    plan = into_box(world.reset(TASK), "die")
    fresh = world.execute(plan).state_hash
    world.go_on()
    world.reset(TASK)
    assert world.execute(plan).state_hash == fresh
