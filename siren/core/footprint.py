"""Boxes and discs seen from above, and how far two of them are apart. Metres and degrees."""

import math
from typing import NamedTuple

import numpy as np

from siren.core.scene import SceneObject

Direction = tuple[float, float] | np.ndarray  # a unit vector in the table plane


class Footprint(NamedTuple):
    """What something covers of the table plane: its middle, its sides, how they are turned, and whether it is round."""

    x: float
    y: float
    length: float
    width: float
    yaw: float
    outline: str = "box"

    def half(self, direction: Direction) -> float:
        """Half its width along a direction in the table plane."""
        return half_width(self.length, self.width, self.yaw, self.outline, direction)


def half_width(length: float, width: float, yaw: float, outline: str, direction: Direction) -> float:
    """Half the width of a turned box, or of a disc or ellipse, along a direction (a unit vector)."""
    angle = math.radians(yaw)
    along = abs(direction[0] * math.cos(angle) + direction[1] * math.sin(angle)) * length / 2
    across = abs(-direction[0] * math.sin(angle) + direction[1] * math.cos(angle)) * width / 2
    return float(math.hypot(along, across) if outline == "round" else along + across)


def footprint(thing: SceneObject) -> Footprint:
    """The thing seen from above."""
    return Footprint(*thing.position[:2], *thing.size[:2], thing.yaw, thing.outline)


def apart(one: Footprint, other: Footprint) -> float:
    """Free space between two, along the sides of either or the line of their middles, whichever parts them most.

    Negative when they overlap (the test of separating axes).
    """
    x, y = other.x - one.x, other.y - one.y
    distance = math.hypot(x, y)
    ways = [(x / distance, y / distance)] if distance > 0 else []
    for each in (one, other):
        angle = math.radians(each.yaw)
        ways += [(math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))]
    return max(abs(x * u + y * v) - one.half((u, v)) - other.half((u, v)) for u, v in ways)
