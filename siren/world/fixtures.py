"""The furniture of tasks: a box, its lid, two mats. Metres and kilograms."""

from siren.world.kinds import Kind
from siren.world.palette import block, seen
from siren.world.shape import Part

BOX_SIDE, BOX_HEIGHT, BOX_WALL = 0.14, 0.05, 0.006  # fingers that open fully inside a box under 0.14 m wedge and lift it
LID_SIDE, LID_THICKNESS = 0.15, 0.004
KNOB = (0.03, 0.03, 0.025)


def furniture() -> tuple[Kind, ...]:
    """Where things are put. Mats are only seen: a thing lies on the table, above the mat."""
    lid = (
        block((LID_SIDE, LID_SIDE, LID_THICKNESS), "navy"),
        block(KNOB, "cream", (0, 0, LID_THICKNESS / 2 + KNOB[2] / 2)),
        *seen(block((LID_SIDE - 0.03, LID_SIDE - 0.03, LID_THICKNESS), "cyan", (0, 0, 0.0005))),
    )
    return (
        Kind("box", "container", "brown", _box(), 0.8, role="container"),
        Kind("lid", "lid", "cyan", lid, 0.08, 0.5, role="lid", handle=KNOB),
        Kind("blue_mat", "mat", "blue", (block((0.10, 0.10, 0.002), "blue", solid=False),), 0.0, role="mat"),
        Kind("red_mat", "mat", "red", (block((0.10, 0.10, 0.002), "red", solid=False),), 0.0, role="mat"),
    )


def _box() -> tuple[Part, ...]:
    middle = (BOX_SIDE - BOX_WALL) / 2
    walls = [block((BOX_WALL, BOX_SIDE, BOX_HEIGHT), "brown", (side * middle, 0, BOX_HEIGHT / 2)) for side in (-1, 1)]
    walls += [block((BOX_SIDE, BOX_WALL, BOX_HEIGHT), "brown", (0, side * middle, BOX_HEIGHT / 2)) for side in (-1, 1)]
    inside = seen(block((BOX_SIDE - 2 * BOX_WALL, BOX_SIDE - 2 * BOX_WALL, 0.001), "darkbrown", (0, 0, BOX_WALL)))
    return (block((BOX_SIDE, BOX_SIDE, BOX_WALL), "brown", (0, 0, BOX_WALL / 2)), *walls, *inside)
