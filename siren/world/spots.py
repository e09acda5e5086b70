"""A thing and where it is to go as the very place and yaw: beside another thing, in a part of the box, along a free lane.

Geometry only; None or the first choice where no place is free, and `solvable` turns such a task down.
"""

import math
from typing import NamedTuple

import numpy as np

from siren.core.geometry import gap_mm, grasp_yaw, half_extent, tip_step
from siren.core.plan import Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.world.foresight import FLAT, scene_after
from siren.world.laws.fingers import fingers_blocked
from siren.world.layout import HIGH, LOW, SIDE
from siren.world.shoving import lane_blocked, tip_height

_BESIDE = 0.022  # free space to what a thing is put next to; the goal asks for 40 mm at most
_APART_MM = 30  # and to everything else
_BEARINGS = 16
_SLOT = 0.032  # from the middle of the box to the middle of either half, across the fingers
_TIP_APART_MM = 25
_TIP_TURNS = (0, 90)
_ROUND_TURNS = tuple(range(0, 180, 15))


class Spot(NamedTuple):
    """Where the middle of a thing goes, and the yaw of the hand that puts it there (degrees)."""

    place: tuple[float, float]
    yaw: float


def beside(scene: Scene, thing: SceneObject, target: SceneObject, yaw: float) -> Spot | None:
    """A place next to the target for a thing that was taken at that yaw, the fingers opening along the gap. None when none is free."""
    found = []
    for number in range(_BEARINGS):
        angle = 2 * math.pi * number / _BEARINGS
        along = np.array([math.cos(angle), math.sin(angle)])
        put_yaw = round(math.degrees(angle) / 1.5) * 1.5 % 180.0
        turned = thing.model_copy(update={"yaw": (thing.yaw + put_yaw - yaw + 90.0) % 180.0 - 90.0})
        away = half_extent(target, along) + half_extent(turned, along) + _BESIDE
        place = (round(target.position[0] + away * along[0], 3), round(target.position[1] + away * along[1], 3))
        there = turned.model_copy(update={"position": (*place, thing.size[2] / 2)})
        if _is_free(scene, there, target, put_yaw):
            found.append((math.dist(place, thing.position[:2]), Spot(place, put_yaw)))
    return min(found)[1] if found else None


def slot(scene: Scene, box: SceneObject, taken: SceneObject) -> Spot:
    """Half of the box for one of two things: the left one if it is empty, else the right one; fingers open along the box."""
    side = 1 if any(thing.inside for thing in scene.carried_by(box.name) if thing.name != taken.name) else -1
    angle = math.radians(box.yaw)
    x, y = box.position[0] + side * _SLOT * math.cos(angle), box.position[1] + side * _SLOT * math.sin(angle)
    return Spot((round(x, 3), round(y, 3)), box.yaw % 180.0)


def tipped_towards(scene: Scene, thing: SceneObject) -> float:
    """The yaw at which hand and falling thing have most room: across one of its own sides, or any for a round one. Degrees."""
    turns = _ROUND_TURNS if thing.outline == "round" else _TIP_TURNS
    return min((grasp_yaw(thing, turn) for turn in turns), key=lambda yaw: _tip_cost(scene, thing, yaw))


def _tip_cost(scene: Scene, thing: SceneObject, yaw: float) -> tuple[bool, int]:
    step = tip_step(thing, yaw, tip_height(thing), "normal", "gentle")
    return lane_blocked(scene, thing, step) or falls_on(scene, thing, step), -_room(scene, thing, step)


def falls_on(scene: Scene, thing: SceneObject, step: Step) -> bool:
    """Whether a tipped thing comes to lie on or beside something, or over the edge of what hand and camera reach."""
    x, y = _lying(thing, step).position[:2]
    return _room(scene, thing, step) < _TIP_APART_MM or not (LOW[0] - 0.05 <= x <= HIGH[0] + 0.06 and abs(y) <= SIDE)


def _room(scene: Scene, thing: SceneObject, step: Step) -> int:
    lying = _lying(thing, step)
    others = [other for other in scene.objects if other.name != thing.name and other.size[2] > FLAT]
    return min((gap_mm(lying, other) for other in others), default=1000)


def _lying(thing: SceneObject, step: Step) -> SceneObject:
    return scene_after(Scene(objects=(thing,)), Plan(steps=(step,)), 1).objects[0]


def _is_free(scene: Scene, there: SceneObject, target: SceneObject, yaw: float) -> bool:
    """Whether a thing stands free there, with the fingers about it."""
    x, y = there.position[:2]
    if not (LOW[0] <= x <= HIGH[0] and LOW[1] <= y <= HIGH[1]):
        return False
    others = [other for other in scene.objects if other.name not in (there.name, target.name) and other.support != target.name]
    after = Scene(objects=(*(other for other in scene.objects if other.name != there.name), there))
    clear = all(gap_mm(there, other) > (_APART_MM if other.size[2] > FLAT else 0) for other in others)
    return clear and not fingers_blocked(after, there, yaw)
