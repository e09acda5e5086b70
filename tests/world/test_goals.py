"""Every relation of a goal comes true by what physics has measured, and by nothing less."""

import pytest

from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.world.goals import is_reached


def thing(name: str, x: float, y: float = 0.0, height: float = 0.05, bottom: float = 0.0, **more: object) -> SceneObject:
    kind = str(more.pop("kind", name))
    values = {
        "name": name,
        "kind": kind,
        "position": (x, y, bottom + height / 2),
        "yaw": 0.0,
        "size": (0.05, 0.05, height),
        "colour": "red",
    }
    return SceneObject.model_validate(values | more)


BOX = thing("box", 0.6, 0.2)
START = Scene(
    objects=(
        BOX,
        thing("lid", 0.6, 0.2, 0.03, 0.05, support="box", handle=(0.03, 0.03, 0.025)),
        thing("blue_mat", 0.4, 0.2, 0.002),
        thing("cola_can", 0.4, -0.2, 0.12),
        thing("red_cube", 0.6, -0.2),
    )
)


def after(*moved: SceneObject) -> Scene:
    names = {one.name: one for one in moved}
    return Scene(objects=tuple(names.get(one.name, one) for one in START.objects))


REACHED = [
    (Goal(relation="held", object="red_cube"), after(thing("red_cube", 0.6, -0.2, bottom=0.2)), "red_cube"),
    (Goal(relation="on", object="red_cube", target="blue_mat"), after(thing("red_cube", 0.42, 0.22)), None),
    (Goal(relation="in", object="red_cube", target="box"), after(thing("red_cube", 0.6, 0.2, support="box", inside=True)), None),
    (Goal(relation="near", object="red_cube", target="cola_can"), after(thing("red_cube", 0.48, -0.2)), None),
    (Goal(relation="tipped", object="cola_can"), after(thing("cola_can", 0.45, -0.2, 0.06)), None),
    (Goal(relation="opened", object="box"), after(thing("lid", 0.4, 0.0, 0.03)), None),
]
MISSED = [
    (Goal(relation="held", object="red_cube"), after(thing("red_cube", 0.6, -0.2, bottom=0.2)), None),
    (Goal(relation="on", object="red_cube", target="blue_mat"), after(thing("red_cube", 0.47, 0.22)), None),
    (Goal(relation="on", object="cola_can", target="blue_mat"), after(thing("cola_can", 0.4, 0.2, 0.06)), None),
    (Goal(relation="in", object="red_cube", target="box"), after(thing("red_cube", 0.6, 0.2, support="lid", bottom=0.08)), None),
    (Goal(relation="near", object="red_cube", target="cola_can"), after(thing("red_cube", 0.50, -0.2)), None),
    (Goal(relation="near", object="red_cube", target="cola_can"), after(thing("red_cube", 0.48, -0.2, bottom=0.04)), None),
    (Goal(relation="tipped", object="cola_can"), START, None),
    (Goal(relation="opened", object="box"), START, None),
    (Goal(relation="opened", object="box"), after(thing("lid", 0.4, 0.0, 0.03)), "lid"),
]


@pytest.mark.parametrize(("goal", "now", "held"), REACHED)
def test_comes_true(goal: Goal, now: Scene, held: str | None) -> None:
    assert is_reached(goal, START, now, held)


@pytest.mark.parametrize(("goal", "now", "held"), MISSED)
def test_does_not_come_true(goal: Goal, now: Scene, held: str | None) -> None:
    assert not is_reached(goal, START, now, held)


def test_every_part_has_to_hold() -> None:
    near = Goal(relation="near", object="red_cube", target="cola_can")
    both = near.model_copy(update={"also": (Goal(relation="opened", object="box"),)})
    cube, lid = thing("red_cube", 0.48, -0.2), thing("lid", 0.4, 0.0, 0.03)
    assert is_reached(both, START, after(cube, lid), None)
    assert not is_reached(both, START, after(cube), None)
    assert not is_reached(both, START, after(lid), None)
