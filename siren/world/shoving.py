"""A push or a tip as the straight line that closed fingers follow, and whether anything stands in its way. Metres; geometry only.

It knows how thick closed fingers are, but not whether the thing slides, topples or breaks.
"""

from typing import NamedTuple

import numpy as np

from siren.core.geometry import gap_mm, half_extent, tip_direction
from siren.core.plan import Step
from siren.core.scene import Scene, SceneObject
from siren.world.foresight import FLAT

FINGERS_THICK = 0.013  # half of closed fingers, across their axis
FINGERS_WIDE = 0.028  # half of closed fingers, along their axis
FINGERS_BELOW = 0.011  # they reach that far below the middle of the fingertips
HAND_THICK, HAND_WIDE = 0.036, 0.108  # half of the hand above them
BEHIND = 0.025  # free space between the thing and fingers that come down behind it
HAND_ABOVE = 0.034  # what rises farther above the fingertips meets the hand before it meets the fingers
PUSH_DEPTH, TIP_DEPTH = 0.033, 0.012  # from the top of the thing to the fingertips; a milk carton falls at 15 mm, but not at 20
_LOWEST = 0.012  # fingertips slide over the table from there on
_CLEAR = 0.006  # free space on the way
_STEP = 0.02  # between two looks along the way
_SWEEP = 0.05  # how far fingers that tip go beyond the middle of the thing, at least


def push_height(thing: SceneObject) -> float:
    """Height of fingertips that push the thing: as low as the hand above them allows."""
    return max(_LOWEST, thing.top - PUSH_DEPTH)


def tip_height(thing: SceneObject) -> float:
    """Height of fingertips that knock the thing over: near its top, where it turns before it slides."""
    return max(_LOWEST, thing.top - TIP_DEPTH)


class Line(NamedTuple):
    """Where fingertips come down and where they stop, at one height."""

    start: tuple[float, float]
    end: tuple[float, float]


def shove_line(thing: SceneObject, step: Step) -> Line:
    """The way of the fingers in a push or tip of that thing; a push onto the place where it stands already has no length."""
    middle, place = np.array(thing.position[:2]), np.array(step.keyframe.position[:2])
    if step.skill == "tip":
        along = tip_direction(step.keyframe.yaw)
        reach = half_extent(thing, along) + FINGERS_THICK
        return _line(middle - along * (reach + BEHIND), middle + along * _tip_sweep(thing, along))
    along = _direction(place - middle)
    reach = half_extent(thing, along) + FINGERS_THICK
    return _line(middle - along * (reach + BEHIND), place - along * reach)


def lane_blocked(scene: Scene, thing: SceneObject, step: Step) -> bool:
    """Whether fingers, hand or the thing itself meet something on the way, what it carries and its target not counted."""
    line, z = shove_line(thing, step), step.keyframe.position[2]
    others = [
        other
        for other in scene.objects
        if other.name not in (thing.name, step.target) and other.size[2] > FLAT and thing.name not in (other.support,)
    ]
    start, end = np.array(line.start), np.array(line.end)
    along = _direction(end - start)
    for share in np.linspace(0, 1, 1 + max(2, int(np.linalg.norm(end - start) / _STEP))):
        tips = start + (end - start) * share
        at = thing.model_copy(update={"position": (*(tips + along * (half_extent(thing, along) + FINGERS_THICK)), thing.position[2])})
        for other in others:
            if other.top > z - FINGERS_BELOW and _covers(other, _around(tips, along, FINGERS_THICK, FINGERS_WIDE)):
                return True
            if other.top > z + HAND_ABOVE and _covers(other, _around(tips, along, HAND_THICK, HAND_WIDE)):
                return True
            if share > 0 and step.skill == "push" and gap_mm(at, other) < 1000 * _CLEAR and not _behind(at, thing, along):
                return True
    return False


def _behind(at: SceneObject, thing: SceneObject, along: np.ndarray) -> bool:
    """Whether the fingers have not met the thing yet."""
    return float(np.subtract(at.position[:2], thing.position[:2]) @ along) < 0


def _around(middle: np.ndarray, along: np.ndarray, thick: float, wide: float) -> np.ndarray:
    """Points (n, 2) of a rectangle about a place."""
    across = np.array([-along[1], along[0]])
    return np.array([middle + a * thick * along + b * wide * across for a in (-1, 0, 1) for b in np.linspace(-1, 1, 9)])


def _covers(thing: SceneObject, points: np.ndarray) -> bool:
    """Whether any of these points lies within the thing seen from above, or nearly so."""
    offset = points - np.array(thing.position[:2])
    angle = np.radians(thing.yaw)
    turned = offset @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    half = np.array(thing.size[:2]) / 2 + _CLEAR
    if thing.outline == "round":
        return bool((np.sum((turned / half) ** 2, axis=1) < 1).any())
    return bool((np.abs(turned) < half).all(axis=1).any())


def _tip_sweep(thing: SceneObject, along: np.ndarray) -> float:
    return max(_SWEEP, half_extent(thing, along))


def _direction(way: np.ndarray) -> np.ndarray:
    length = float(np.linalg.norm(way))
    return way / length if length > 0 else np.array([1.0, 0.0])


def _line(start: np.ndarray, end: np.ndarray) -> Line:
    return Line((float(start[0]), float(start[1])), (float(end[0]), float(end[1])))
