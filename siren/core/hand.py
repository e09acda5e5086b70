"""The open hand as it comes down over a place: two fingers and the palm above them, as boxes, and the room that a thing leaves them.

A robot knows its own hand. How little room is too little, nobody tells it.
"""

import math
from typing import NamedTuple

from siren.core.footprint import Footprint, apart, footprint
from siren.core.plan import Step
from siren.core.scene import SceneObject


class Part(NamedTuple):
    """A box of the hand: its middle beside the keyframe along the finger axis, its sides along and across it, its underside. Metres."""

    beside: float
    along: float
    across: float
    above: float  # of its underside over the keyframe, which lies between the pads of the fingers


# The Franka hand, open to 80 mm: fingers of 24 by 20 mm that end 10 mm below the keyframe, a palm of 204 by 63 mm 38 mm above it.
OPEN_HAND = (Part(-0.052, 0.024, 0.020, -0.010), Part(0.052, 0.024, 0.020, -0.010), Part(0.0, 0.204, 0.063, 0.038))


def hand_mm(step: Step, yaw: float, other: SceneObject) -> int:
    """Free space between a thing and the open hand where the step reaches down, at that yaw of the hand (degrees).

    Whole millimetres, to the side or upwards, whichever is more, of the part of the hand that comes nearest; negative where they overlap.
    """
    x, y, z = step.keyframe.position
    angle = math.radians(yaw)
    below = footprint(other)
    least = math.inf
    for part in OPEN_HAND:
        middle = (x - part.beside * math.sin(angle), y + part.beside * math.cos(angle))
        aside = apart(Footprint(*middle, part.across, part.along, yaw), below)
        least = min(least, max(aside, z + part.above - other.top))
    return round(1000 * least)


def fit_mm(step: Step, yaw: float, thing: SceneObject) -> int:
    """Free space between the open hand and what it comes down to take, or its knob, if it has one. As in `hand_mm`."""
    if thing.handle is None:
        return hand_mm(step, yaw, thing)
    length, width = thing.handle[:2]
    return hand_mm(step, yaw, thing.model_copy(update={"size": (length, width, thing.size[2]), "outline": "box"}))
