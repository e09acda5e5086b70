"""What every thing of one kind has in common: its parts, its hidden physics, and what people say of it.

Hidden physics (mass, friction, what it can bear) stays in `siren.world`; a scene shows only what can be seen.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from siren.core.errors import InstructionError
from siren.world.shape import Colour, Matter, Part, bounds, scaled

WET = "wet"
WET_FRICTION = 0.2
WET_MASS = 0.42  # at 0.36 kg one in four held through a fast lift far from the base; lighter wet things hold even there
DROPLET: Colour = (0.45, 0.85, 1.0)

ROLLING = 0.003  # rolling friction that keeps a round thing where it was put down; at 0.001 a melon wanders by itself
FREELY = 0.0003  # rolling friction of a ball that runs off at the least slope or push
NARROW = 0.040  # metres; nothing stands safely on a top that is no wider
SMALLEST, LARGEST = 0.85, 1.15

Role = Literal["thing", "mat", "container", "lid", "cover", "tray", "plank"]


@dataclass(frozen=True)
class Fragility:
    """What breaks it: newtons of one finger, a change of speed within four physics steps (m/s), newtons of weight that rests on it."""

    crush: float = 30.0
    shock: float = 0.8
    weight: float = 6.0


@dataclass(frozen=True)
class Variant:
    """Another colour or size of a kind; what it weighs and how it feels stay.

    colours: pairs of an old and a new colour of parts; word: what people then call its colour, "" where that stays.
    """

    name: str
    word: str = ""
    colours: tuple[tuple[Colour, Colour], ...] = ()
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not SMALLEST <= self.scale <= LARGEST:
            raise ValueError(f"expected a scale of {SMALLEST} to {LARGEST} for variant '{self.name}', got {self.scale}; stay near the kind")


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
    occasions: tuple[str, ...] = ()  # each continues "something ...": "for breakfast"
    variants: tuple[Variant, ...] = ()
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

    @property
    def rolls(self) -> bool:
        """Whether it is a ball that does not stay where it is put down if the place slopes."""
        solid = [part.form for part in self.parts if part.solid]
        return solid == ["sphere"] and self.rolling <= FREELY

    @property
    def narrow_top(self) -> bool:
        """Whether it stands up tall and ends in a neck or a knob on which nothing else can stand."""
        if not self.flat_base or self.size[2] <= 2 * NARROW:
            return False
        low, high = max((bounds((part,)) for part in self.parts if part.solid), key=lambda box: float(box[1][2]))
        return float(max(high[:2] - low[:2])) <= NARROW

    def variant(self, name: str) -> "Kind":
        """This kind in another colour or size, under the same name; "" is the kind itself. Raises InstructionError for any other name."""
        if name not in self._variants:
            known = ", ".join(filter(None, self._variants)) or "none"
            raise InstructionError(f"expected a variant of '{self.name}', got '{name}'; known ones: {known}")
        return self._variants[name]

    @cached_property
    def _variants(self) -> dict[str, "Kind"]:
        return {"": self} | {variant.name: self._varied(variant) for variant in self.variants}

    def _varied(self, variant: Variant) -> "Kind":
        new = dict(variant.colours)
        parts = tuple(replace(scaled(part, variant.scale), colour=new.get(part.colour, part.colour)) for part in self.parts)
        return replace(self, parts=parts, colour=variant.word or self.colour, variants=())

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
