"""Short names for the primitives that kinds are declared with: full lengths in metres, colours by name."""

import math

import numpy as np

from siren.world.kinds import Variant
from siren.world.shape import Colour, Part

COLOURS: dict[str, Colour] = {
    "red": (0.85, 0.10, 0.10),
    "darkred": (0.55, 0.05, 0.08),
    "orange": (1.0, 0.50, 0.05),
    "yellow": (1.0, 0.87, 0.10),
    "lemon": (0.98, 0.95, 0.30),
    "green": (0.15, 0.60, 0.15),
    "lime": (0.55, 0.85, 0.20),
    "darkgreen": (0.05, 0.28, 0.10),
    "blue": (0.10, 0.25, 0.80),
    "lightblue": (0.50, 0.80, 1.0),
    "cyan": (0.10, 0.75, 0.75),
    "teal": (0.0, 0.40, 0.40),
    "navy": (0.05, 0.08, 0.30),
    "purple": (0.28, 0.05, 0.32),
    "violet": (0.55, 0.30, 0.75),
    "magenta": (0.80, 0.10, 0.55),
    "pink": (1.0, 0.60, 0.70),
    "brown": (0.42, 0.24, 0.10),
    "darkbrown": (0.20, 0.10, 0.04),
    "brick": (0.62, 0.24, 0.15),
    "tan": (0.82, 0.62, 0.38),
    "cream": (0.97, 0.92, 0.78),
    "white": (0.97, 0.97, 0.97),
    "grey": (0.50, 0.50, 0.52),
    "silver": (0.78, 0.80, 0.82),
    "black": (0.06, 0.06, 0.07),
    "gold": (0.85, 0.65, 0.15),
}

QUARTER = math.pi / 2
_ELLIPSOID = tuple((round(math.sin(angle), 6), round(-math.cos(angle), 6)) for angle in np.linspace(0.12, math.pi - 0.12, 12))

Triple = tuple[float, float, float]
ORIGIN: Triple = (0.0, 0.0, 0.0)
SMALL, LARGE = Variant("small", scale=0.88), Variant("large", scale=1.12)


def block(size: Triple, colour: str, at: Triple = ORIGIN, turn: Triple = ORIGIN, *, solid: bool = True) -> Part:
    """A box."""
    return Part("box", size, COLOURS[colour], at, turn, solid)


def rod(radius: float, length: float, colour: str, at: Triple = ORIGIN, turn: Triple = ORIGIN, *, solid: bool = True) -> Part:
    """A cylinder along z."""
    return Part("cylinder", (radius, length), COLOURS[colour], at, turn, solid)


def ball(radius: float, colour: str, at: Triple = ORIGIN, *, solid: bool = True) -> Part:
    """A sphere."""
    return Part("sphere", (radius,), COLOURS[colour], at, ORIGIN, solid)


def sausage(radius: float, length: float, colour: str, at: Triple = ORIGIN, turn: Triple = ORIGIN) -> Part:
    """A capsule along z; `length` is that of its straight part."""
    return Part("capsule", (radius, length), COLOURS[colour], at, turn)


def ellipsoid(half: Triple, colour: str, at: Triple = ORIGIN, turn: Triple = ORIGIN, *, solid: bool = True) -> Part:
    """A lathe mesh of 16 sides with these half axes. The sides keep it from rolling away."""
    return Part("lathe", half, COLOURS[colour], at, turn, solid, _ELLIPSOID)


def seen(*parts: Part) -> tuple[Part, ...]:
    """The same parts, to look at only."""
    return tuple(Part(part.form, part.size, part.colour, part.offset, part.turn, False, part.profile) for part in parts)


def lathe(profile: tuple[tuple[float, float], ...], half: Triple, colour: str, at: Triple = ORIGIN, turn: Triple = ORIGIN) -> Part:
    """A profile of (radius, height) turned about z and scaled by `half`; what collides is its convex hull."""
    return Part("lathe", half, COLOURS[colour], at, turn, True, profile)


def dyed(name: str, *old: str, new: str = "") -> Variant:
    """The variant called by its colour: parts of the `old` colours are of the colour `new` (else of that name)."""
    return Variant(name, name, tuple((COLOURS[colour], COLOURS[new or name]) for colour in old))
