"""What every thing of one kind has in common: its parts, its hidden physics, and what people say of it.

Hidden physics (mass, friction, what it can bear) stays in `siren.world`; a scene shows only what can be seen.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from siren.world.shape import Colour, Matter, Part, bounds

WET = "wet"
WET_FRICTION = 0.2
WET_MASS = 0.36  # lighter wet things hold even when they are lifted fast; at 0.36 kg they slip every time
DROPLET: Colour = (0.45, 0.85, 1.0)

Role = Literal["thing", "mat", "container", "lid", "cover", "tray", "plank"]


@dataclass(frozen=True)
class Fragility:
    """What breaks it: newtons of one finger, a change of speed within four physics steps (m/s), newtons of weight that rests on it."""

    crush: float = 30.0
    shock: float = 0.8
    weight: float = 4.0


@dataclass(frozen=True)
class Kind:
    """One kind of thing. Metres and kilograms; parts in the frame of the body."""

    name: str
    category: str
    colour: str  # one word
    parts: tuple[Part, ...]
    mass: float
    friction: float = 1.0
    rolling: float = 0.0002
    outline: Literal["box", "round"] = "box"
    role: Role = "thing"
    fragile: Fragility | None = None
    handle: tuple[float, float, float] | None = None
    uses: tuple[str, ...] = ()  # each continues "something that ..."
    held_out: bool = False  # never in robot data: only web data knows it
    flat_top: bool = False  # a smaller thing can stand on it
    flat_base: bool = False  # it stands upright where it is put down
    carries: bool = False  # wide and flat enough to stack on
    wettable: bool = False

    @cached_property
    def box(self) -> tuple[np.ndarray, np.ndarray]:
        """Lowest and highest corner (3,) of what collides (of what is seen, for a mat), in the frame of the body."""
        return bounds(self.parts, solid_only=self.role != "mat")

    @property
    def size(self) -> tuple[float, float, float]:
        """Extent along its own x, y and z."""
        length, width, height = self.box[1] - self.box[0]
        return float(length), float(width), float(height)

    @property
    def radius(self) -> float:
        """Half the diagonal seen from above."""
        return math.hypot(*self.size[:2]) / 2

    @property
    def rest(self) -> float:
        """Height of the body's origin above what it stands on."""
        return float(-self.box[0][2])

    @property
    def slippery(self) -> bool:
        """Whether it is so when dry."""
        return self.friction < 0.3

    @property
    def heavy(self) -> bool:
        """Whether a gentle grip loses it."""
        return self.mass > 0.5

    def matter(self, marks: tuple[str, ...] = ()) -> Matter | None:
        """Mass and friction of one thing with these marks; None for what only lies there to be seen."""
        if self.role == "mat":
            return None
        if WET in marks:
            return Matter(max(self.mass, WET_MASS), WET_FRICTION, self.rolling)
        return Matter(self.mass, self.friction, self.rolling)

    def looks(self, marks: tuple[str, ...] = ()) -> tuple[Part, ...]:
        """Its parts, with droplets on top when it is wet."""
        return self.parts + self._droplets if WET in marks else self.parts

    @cached_property
    def _droplets(self) -> tuple[Part, ...]:
        low, high = self.box
        centre, half = (low + high) / 2, (high - low) / 2
        drop = Part("sphere", (0.0075,), DROPLET, solid=False)
        drops = []
        for angle, distance in ((0.3, 0.72), (1.5, 0.66), (2.7, 0.72), (3.9, 0.68), (5.2, 0.70), (0.9, 0.2)):
            x, y = distance * math.cos(angle), distance * math.sin(angle)
            rise = half[2] if self.flat_base else half[2] * math.sqrt(1 - x * x - y * y)
            drops.append(replace(drop, offset=(centre[0] + x * half[0], centre[1] + y * half[1], centre[2] + rise)))
        return tuple(drops)
