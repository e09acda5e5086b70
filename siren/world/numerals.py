"""Mats with one, two or three dots: places that a sum can name. They are only seen, like every mat."""

from siren.world.fixtures import MAT_SIDE, MAT_THICKNESS
from siren.world.kinds import Kind
from siren.world.palette import block

NUMBER_MATS = ("one_dot", "two_dots", "three_dots")
_DOT = (0.022, 0.022, MAT_THICKNESS + 0.0006)  # three pixels wide in the robot's own picture
_PLACES = (((0.0, 0.0),), ((-0.026, -0.026), (0.026, 0.026)), ((-0.03, -0.03), (0.0, 0.0), (0.03, 0.03)))


def numerals() -> tuple[Kind, ...]:
    """The mats in the order of their numbers."""
    square = block((MAT_SIDE, MAT_SIDE, MAT_THICKNESS), "white", solid=False)
    dots = [tuple(block(_DOT, "black", (x, y, 0), solid=False) for x, y in places) for places in _PLACES]
    return tuple(Kind(name, "mat", "white", (square, *drawn), 0.0, role="mat") for name, drawn in zip(NUMBER_MATS, dots, strict=True))
