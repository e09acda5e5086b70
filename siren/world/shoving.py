"""A push or a tip as the straight line that closed fingers follow. Metres; geometry only.

It knows how thick closed fingers are, but not whether the thing slides, topples or breaks.
"""

from typing import NamedTuple

import numpy as np

from siren.core.geometry import half_extent, tip_direction
from siren.core.plan import Step
from siren.core.scene import SceneObject

FINGERS_THICK = 0.013  # half of closed fingers, across their axis
FINGERS_WIDE = 0.028  # half of closed fingers, along their axis
BEHIND = 0.025  # free space between the thing and fingers that come down behind it
HAND_ABOVE = 0.034  # what rises farther above the fingertips meets the hand before it meets the fingers
PUSH_DEPTH, TIP_DEPTH = 0.033, 0.012  # from the top of the thing to the fingertips; a milk carton falls at 15 mm, but not at 20
_LOWEST = 0.012  # fingertips slide over the table from there on
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


def _tip_sweep(thing: SceneObject, along: np.ndarray) -> float:
    return max(_SWEEP, half_extent(thing, along))


def _direction(way: np.ndarray) -> np.ndarray:
    length = float(np.linalg.norm(way))
    return way / length if length > 0 else np.array([1.0, 0.0])


def _line(start: np.ndarray, end: np.ndarray) -> Line:
    return Line((float(start[0]), float(start[1])), (float(end[0]), float(end[1])))
