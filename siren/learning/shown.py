"""What a picture shows, as values that texts and labels are made of: kind, place, turn, wetness of each thing in it.

It does not know what is asked about a thing or who asks.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from siren.core.scene import SceneObject
from siren.learning.regions import QUARTERED, Region
from siren.policy.action_text import turn_word
from siren.policy.vocabulary import PLACES, TURNS
from siren.world.camera import Setting, VisibleBody
from siren.world.catalogue import catalogue, scene_object
from siren.world.kinds import WET, Kind

LONG = 1.45  # a thing whose sides differ by less has no axis that could be asked for
LEAST_SEEN = 6  # pixels; what shows less is not spoken of


@dataclass(frozen=True)
class Shown:
    """One thing in a picture, as the texts speak of it."""

    kind: Kind
    region: Region
    pixels: int
    seen: SceneObject  # in its own colour and size

    @property
    def place(self) -> str:
        return f"x{self.region.x} y{self.region.y}"

    @property
    def turn(self) -> str:
        return "any" if not 0 <= self.region.turn < QUARTERED else f"r{self.region.turn}"


def shown_things(bodies: Sequence[VisibleBody], segmentation: np.ndarray, setting: Setting, least: int = LEAST_SEEN) -> tuple[Shown, ...]:
    """What a picture shows, in the order of the bodies; `least` pixels must be seen of it."""
    kinds = catalogue()
    numbers = {name: number for number, name in enumerate(kinds)}
    shown = []
    for index, body in enumerate(bodies):
        pixels = int((segmentation == index).sum())
        if pixels < least:
            continue
        kind = kinds[body.kind]
        varied = kind.variant(body.variant)
        x, y, turn = _image_place(varied, body, setting)
        wet = int(WET in body.marks) if kind.wettable else -1
        seen = scene_object(body.kind, varied, body.marks, body.position, body.orientation)
        shown.append(Shown(kind, Region(numbers[body.kind], x, y, turn, wet), pixels, seen))
    return tuple(shown)


def is_long(size: tuple[float, float, float]) -> bool:
    """Whether a thing of that size has an axis that can be seen."""
    return max(size[:2]) / min(size[:2]) > LONG


def _image_place(kind: Kind, body: VisibleBody, setting: Setting) -> tuple[int, int, int]:
    """Grid numbers of the thing's centre (at table height) and of its long axis, as this picture shows them."""
    yaw = 2 * math.atan2(body.orientation[2], body.orientation[3])
    low, high = kind.box
    middle = (low + high) / 2
    x = body.position[0] + middle[0] * math.cos(yaw) - middle[1] * math.sin(yaw)
    y = body.position[1] + middle[0] * math.sin(yaw) + middle[1] * math.cos(yaw)
    along = yaw + (0.0 if kind.size[0] >= kind.size[1] else math.pi / 2)
    ends = np.array([[x, y, 0.0], [x + 0.01 * math.cos(along), y + 0.01 * math.sin(along), 0.0]])
    (u, v), (u_end, v_end) = setting.project(ends)
    turn = turn_word(math.degrees(math.atan2(u - u_end, v - v_end)))
    if not is_long(kind.size):
        turn = QUARTERED + turn % (TURNS // 2) if kind.outline == "box" else -1
    return _grid(1 - v), _grid(1 - u), turn


def _grid(share: float) -> int:
    return min(PLACES - 1, max(0, math.floor(share * PLACES)))
