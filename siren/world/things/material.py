"""Solid, heavy pieces. The tile is held out."""

from siren.world.kinds import ROLLING, Kind
from siren.world.palette import block, dyed, ellipsoid, rod, seen
from siren.world.things.phrases import BUILD, FOR_BUILDING, FORTUNE, PROP


def materials() -> tuple[Kind, ...]:
    """All kinds of heavy pieces."""
    return gold_bar(), brick(), rock(), tile()


def gold_bar() -> Kind:
    """Others stand on it."""
    return Kind(
        "gold_bar",
        "material",
        "gold",
        (block((0.10, 0.05, 0.036), "gold"), *seen(block((0.08, 0.032, 0.0365), "yellow"))),
        1.1,
        0.6,
        uses=(FORTUNE, PROP),
        flat_top=True,
        flat_base=True,
        carries=True,
    )


def brick() -> Kind:
    """With three holes."""
    return Kind(
        "brick",
        "material",
        "brown",
        (block((0.10, 0.06, 0.04), "brick"), *seen(*(rod(0.009, 0.0405, "darkbrown", (x, 0, 0)) for x in (-0.03, 0, 0.03)))),
        1.0,
        0.6,
        uses=(BUILD, PROP),
        occasions=(FOR_BUILDING,),
        variants=(dyed("grey", "brick"),),
        flat_top=True,
        flat_base=True,
        carries=True,
    )


def rock() -> Kind:
    """With a pale spot."""
    return Kind(
        "rock",
        "material",
        "grey",
        (ellipsoid((0.05, 0.034, 0.03), "grey"), *seen(ellipsoid((0.02, 0.02, 0.012), "silver", (0.016, 0.008, 0.02)))),
        0.9,
        0.6,
        rolling=ROLLING,
        outline="round",
        uses=(BUILD, PROP),
        occasions=(FOR_BUILDING,),
        variants=(dyed("brown", "grey", new="brick"),),
    )


def tile() -> Kind:
    """A chessboard of four fields."""
    fields = seen(*(block((0.034, 0.034, 0.0265), "navy", (side * 0.017, side * 0.017, 0)) for side in (-1, 1)))
    parts = (block((0.07, 0.07, 0.026), "cream"), *fields)
    return Kind(
        "tile",
        "material",
        "cream",
        parts,
        0.9,
        0.6,
        uses=(BUILD,),
        occasions=(FOR_BUILDING,),
        variants=(dyed("green", "navy", new="darkgreen"),),
        held_out=True,
        flat_top=True,
        flat_base=True,
        carries=True,
    )
