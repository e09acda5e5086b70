"""Sweet things. The muffin is held out."""

from siren.world.kinds import Kind
from siren.world.palette import SMALL, ball, block, dyed, ellipsoid, rod, seen
from siren.world.things.phrases import BREAKFAST, FOR_BIRTHDAY, FOR_BREAKFAST, FOR_PICNIC, SWEET


def snacks() -> tuple[Kind, ...]:
    """All kinds of snacks."""
    return chocolate(), donut(), muffin()


def chocolate() -> Kind:
    """A bar of eight squares."""
    squares = seen(*(block((0.02, 0.018, 0.021), "brown", (x, y, 0.001)) for x in (-0.04, -0.013, 0.013, 0.04) for y in (-0.012, 0.012)))
    return Kind(
        "chocolate",
        "snack",
        "brown",
        (block((0.11, 0.05, 0.02), "darkbrown"), *squares),
        0.06,
        uses=(SWEET,),
        occasions=(FOR_BIRTHDAY, FOR_PICNIC),
        variants=(dyed("white", "brown", new="cream"),),
        flat_top=True,
        flat_base=True,
    )


def donut() -> Kind:
    """Eight balls in a ring, with sprinkles."""
    ring = ((0.022, 0), (0.0156, 0.0156), (0, 0.022), (-0.0156, 0.0156), (-0.022, 0), (-0.0156, -0.0156), (0, -0.022), (0.0156, -0.0156))
    dough = tuple(ball(0.013, "pink", (x, y, 0)) for x, y in ring)
    sprinkles = zip(("blue", "yellow", "white", "green"), ring[::2], strict=True)
    parts = dough + seen(rod(0.009, 0.004, "brown"), *(ball(0.004, colour, (x, y, 0.011)) for colour, (x, y) in sprinkles))
    return Kind("donut", "snack", "pink", parts, 0.06, outline="round", uses=(SWEET,), occasions=(FOR_BIRTHDAY,), variants=(SMALL,))


def muffin() -> Kind:
    """With crumbs of sugar."""
    crumbs = ((0.012, 0.01, 0.029), (-0.014, 0.006, 0.029), (0.002, -0.016, 0.029), (0, 0, 0.034))
    parts = (
        rod(0.027, 0.036, "darkbrown", (0, 0, -0.012)),
        ellipsoid((0.034, 0.034, 0.022), "brown", (0, 0, 0.012)),
        *seen(*(ball(0.007, "cream", at) for at in crumbs)),
    )
    return Kind(
        "muffin",
        "snack",
        "brown",
        parts,
        0.06,
        outline="round",
        uses=(SWEET, BREAKFAST),
        occasions=(FOR_BIRTHDAY, FOR_BREAKFAST),
        held_out=True,
    )
