"""The furniture of tasks: where things are put, what lies over them, and what carries several at once. Metres and kilograms.

None of these is asked for like a thing. A body's origin is its centre of mass, so parts are laid about it.
"""

import math

from siren.world.kinds import Kind
from siren.world.palette import block, rod, seen
from siren.world.shape import Part

BOX_SIDE, BOX_HEIGHT, BOX_WALL = 0.14, 0.05, 0.006  # fingers that open fully inside a box under 0.14 m wedge and lift it
LID_SIDE, LID_THICKNESS = 0.15, 0.004
KNOB = (0.03, 0.03, 0.025)
BOWL_INSIDE, BOWL_HEIGHT, BOWL_SIDES = 0.047, 0.045, 8  # from the middle to a side
COVER_SIDE, COVER_HEIGHT, BAR = 0.13, 0.085, 0.008  # bars leave what stands below in sight
TRAY = (0.19, 0.12, 0.008)
TRAY_POST = (0.034, 0.022, 0.085)
PLANK = (0.21, 0.034, 0.014)
MAT_SIDE, MAT_THICKNESS = 0.10, 0.002


def furniture() -> tuple[Kind, ...]:
    """Containers, what closes and covers them, mats, a tray and a plank."""
    return containers() + mats() + (_cover(), _tray(), _plank())


def containers() -> tuple[Kind, ...]:
    """A box with its lid, and a bowl that small things fit into."""
    lid = (
        block((LID_SIDE, LID_SIDE, LID_THICKNESS), "navy"),
        block(KNOB, "cream", (0, 0, LID_THICKNESS / 2 + KNOB[2] / 2)),
        *seen(block((LID_SIDE - 0.03, LID_SIDE - 0.03, LID_THICKNESS), "cyan", (0, 0, 0.0005))),
    )
    return (
        Kind("box", "container", "brown", _box(), 0.8, role="container"),
        Kind("lid", "lid", "cyan", lid, 0.08, 0.5, role="lid", handle=KNOB),
        Kind("bowl", "container", "teal", _bowl(), 0.5, outline="round", role="container"),
    )


def mats() -> tuple[Kind, ...]:
    """Marks on the table. They are only seen: a thing lies on the table, above the mat."""
    square = (MAT_SIDE, MAT_SIDE, MAT_THICKNESS)
    long, wide = (MAT_SIDE, 0.036, MAT_THICKNESS), (0.036, MAT_SIDE, MAT_THICKNESS)
    spoke = (MAT_SIDE, MAT_SIDE * math.tan(math.pi / 12), MAT_THICKNESS)  # twelve sides of blocks: a rod is shaded like a hill
    disc = tuple(block(spoke, "yellow", turn=(0, 0, number * math.pi / 6), solid=False) for number in range(6))
    cross = (block(long, "green", solid=False), block(wide, "green", solid=False))
    return (
        Kind("blue_mat", "mat", "blue", (block(square, "blue", solid=False),), 0.0, role="mat"),
        Kind("red_mat", "mat", "red", (block(square, "red", solid=False),), 0.0, role="mat"),
        Kind("yellow_disc", "mat", "yellow", disc, 0.0, outline="round", role="mat"),
        Kind("green_cross", "mat", "green", cross, 0.0, role="mat"),
    )


def _cover() -> Kind:
    """A cage with a knob on top, to be put over a thing that stays in sight."""
    edge, low, high = (COVER_SIDE - BAR) / 2, -COVER_HEIGHT / 2, COVER_HEIGHT / 2
    posts = [block((BAR, BAR, COVER_HEIGHT), "silver", (x * edge, y * edge, 0)) for x in (-1, 1) for y in (-1, 1)]
    frame = [block((COVER_SIDE, BAR, BAR), "silver", (0, y * edge, high - BAR / 2)) for y in (-1, 0, 1)]
    frame += [block((BAR, COVER_SIDE, BAR), "silver", (x * edge, 0, high - BAR / 2)) for x in (-1, 0, 1)]
    foot = [block((COVER_SIDE, BAR, BAR), "silver", (0, y * edge, low + BAR / 2)) for y in (-1, 1)]
    foot += [block((BAR, COVER_SIDE, BAR), "silver", (x * edge, 0, low + BAR / 2)) for x in (-1, 1)]
    knob = block(KNOB, "orange", (0, 0, high + KNOB[2] / 2))
    return Kind("cover", "cover", "silver", (*posts, *frame, *foot, knob), 0.15, role="cover", handle=KNOB)


def _tray() -> Kind:
    """A flat board without a rim and a post in its middle by which it is taken, across its length."""
    length, width, thickness = TRAY
    middle = 0.012  # of the mass, above the underside
    board = block(TRAY, "tan", (0, 0, thickness / 2 - middle))
    post = block(TRAY_POST, "darkbrown", (0, 0, thickness + TRAY_POST[2] / 2 - middle))
    grain = seen(*(block((length - 0.01, 0.006, thickness + 0.0005), "brown", (0, y, thickness / 2 - middle)) for y in (-0.04, 0.04)))
    return Kind("tray", "tray", "tan", (board, post, *grain), 0.2, 0.5, role="tray", handle=TRAY_POST)


def _plank() -> Kind:
    length, width, thickness = PLANK
    ends = seen(*(block((0.02, width + 0.0005, thickness + 0.0005), "darkbrown", (x, 0, 0)) for x in (-0.08, 0.08)))
    return Kind("plank", "plank", "orange", (block(PLANK, "orange"), *ends), 0.1, role="plank", flat_base=True)


def _box() -> tuple[Part, ...]:
    middle = (BOX_SIDE - BOX_WALL) / 2
    walls = [block((BOX_WALL, BOX_SIDE, BOX_HEIGHT), "brown", (side * middle, 0, BOX_HEIGHT / 2)) for side in (-1, 1)]
    walls += [block((BOX_SIDE, BOX_WALL, BOX_HEIGHT), "brown", (0, side * middle, BOX_HEIGHT / 2)) for side in (-1, 1)]
    inside = seen(block((BOX_SIDE - 2 * BOX_WALL, BOX_SIDE - 2 * BOX_WALL, 0.001), "darkbrown", (0, 0, BOX_WALL)))
    return (block((BOX_SIDE, BOX_SIDE, BOX_WALL), "brown", (0, 0, BOX_WALL / 2)), *walls, *inside)


def _bowl() -> tuple[Part, ...]:
    middle = BOWL_INSIDE + BOX_WALL / 2
    side = 2 * (middle + BOX_WALL / 2) * math.tan(math.pi / BOWL_SIDES)
    angles = [2 * math.pi * number / BOWL_SIDES for number in range(BOWL_SIDES)]
    size = (BOX_WALL, side, BOWL_HEIGHT)
    walls = [block(size, "teal", (middle * math.cos(a), middle * math.sin(a), BOWL_HEIGHT / 2), (0, 0, a)) for a in angles]
    inside = seen(rod(BOWL_INSIDE, 0.001, "cyan", (0, 0, BOX_WALL)))
    return (rod(middle, BOX_WALL, "teal", (0, 0, BOX_WALL / 2)), *walls, *inside)
