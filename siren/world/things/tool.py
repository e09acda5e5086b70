"""Tools. Paint brush and wrench are held out. Hammer and rolling pin are long and heavy, and balance in their middle."""

from siren.world.kinds import ROLLING, Kind
from siren.world.palette import QUARTER, block, dyed, lathe, rod, seen
from siren.world.things.phrases import BAKING, FOR_BAKING, FOR_BUILDING, FOR_DARK, FOR_REPAIRS, LIGHT, MENDS, TOOL


def tools() -> tuple[Kind, ...]:
    """All kinds of tools."""
    return screwdriver(), flashlight(), hammer(), rolling_pin(), paint_brush(), wrench()


def screwdriver() -> Kind:
    """A striped handle and a blade."""
    parts = (
        block((0.044, 0.028, 0.026), "yellow", (-0.015, 0, 0)),
        block((0.03, 0.009, 0.009), "silver", (0.022, 0, 0)),
        *seen(block((0.008, 0.029, 0.027), "black", (-0.027, 0, 0)), block((0.008, 0.029, 0.027), "black", (-0.009, 0, 0))),
    )
    variants = (dyed("blue", "yellow"),)
    return Kind("screwdriver", "tool", "yellow", parts, 0.06, uses=(TOOL, MENDS), occasions=(FOR_REPAIRS,), variants=variants)


def flashlight() -> Kind:
    """Its glass is yellow, its switch is red."""
    parts = (
        block((0.11, 0.046, 0.036), "black"),
        *seen(block((0.012, 0.047, 0.037), "lemon", (0.05, 0, 0)), block((0.03, 0.014, 0.01), "red", (-0.01, 0, 0.016))),
    )
    return Kind(
        "flashlight",
        "tool",
        "black",
        parts,
        0.06,
        uses=(TOOL, LIGHT),
        occasions=(FOR_DARK, FOR_REPAIRS),
        variants=(dyed("blue", "black", new="navy"),),
        flat_top=True,
        flat_base=True,
    )


def hammer() -> Kind:
    """Grip, shaft and head are of one height, so that it lies level."""
    parts = (
        block((0.040, 0.072, 0.034), "grey", (0.085, 0, 0)),
        block((0.13, 0.022, 0.024), "tan", (0.0, 0, 0)),
        block((0.040, 0.030, 0.034), "black", (-0.085, 0, 0)),
    )
    return Kind(
        "hammer",
        "tool",
        "grey",
        parts,
        1.0,
        0.6,
        uses=(TOOL, MENDS),
        occasions=(FOR_REPAIRS, FOR_BUILDING),
        variants=(dyed("blue", "grey"),),
    )


def rolling_pin() -> Kind:
    """Sixteen-sided, so that it stays where it lies."""
    barrel = lathe(((1.0, -1.0), (1.0, 1.0)), (0.023, 0.023, 0.065), "tan", (0, 0, 0), (0, QUARTER, 0))
    handles = (rod(0.012, 0.045, "brick", (side * 0.0875, 0, 0), (0, QUARTER, 0)) for side in (-1, 1))
    return Kind(
        "rolling_pin",
        "tool",
        "brown",
        (barrel, *handles),
        0.95,
        0.6,
        rolling=ROLLING,
        uses=(TOOL, BAKING),
        occasions=(FOR_BAKING,),
        variants=(dyed("white", "tan"),),
    )


def paint_brush() -> Kind:
    """Bristles to the right."""
    parts = (
        block((0.075, 0.024, 0.022), "orange", (-0.045, 0, 0)),
        block((0.03, 0.056, 0.026), "silver", (0.0, 0, 0)),
        block((0.05, 0.056, 0.022), "darkbrown", (0.04, 0, 0)),
    )
    return Kind("paint_brush", "tool", "orange", parts, 0.06, uses=(TOOL,), occasions=(FOR_REPAIRS,), held_out=True)


def wrench() -> Kind:
    """Open at the right end."""
    parts = (
        block((0.105, 0.024, 0.024), "silver", (-0.0175, 0, 0)),
        block((0.022, 0.060, 0.024), "silver", (0.046, 0, 0)),
        *(block((0.032, 0.018, 0.024), "silver", (0.073, side * 0.021, 0)) for side in (-1, 1)),
        *seen(block((0.06, 0.010, 0.0245), "navy", (-0.030, 0, 0))),
    )
    return Kind("wrench", "tool", "silver", parts, 0.06, uses=(TOOL, MENDS), occasions=(FOR_REPAIRS,), held_out=True)
