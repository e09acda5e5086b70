"""Fruit. Green apple and pear are held out."""

from siren.world.kinds import ROLLING, Fragility, Kind
from siren.world.palette import LARGE, QUARTER, SMALL, ball, block, dyed, ellipsoid, rod, sausage, seen
from siren.world.shape import Part
from siren.world.things.phrases import FOR_PICNIC, FRUIT, SWEET


def fruit() -> tuple[Kind, ...]:
    """All kinds of fruit."""
    return apple(), orange(), plum(), lemon(), strawberry(), banana(), watermelon(), pear(), green_apple()


def apple() -> Kind:
    """With a leaf: small and without one it is taken for a red cube."""
    parts = (ball(0.034, "red"), *seen(_stem(0.036), block((0.024, 0.012, 0.003), "green", (0.013, 0, 0.037))))
    variants = (SMALL,)
    return Kind(
        "apple", "fruit", "red", parts, 0.06, rolling=ROLLING, outline="round", uses=(FRUIT,), occasions=(FOR_PICNIC,), variants=variants
    )


def orange() -> Kind:
    """Where it hung it is green."""
    parts = (ball(0.035, "orange"), *seen(rod(0.006, 0.004, "green", (0, 0, 0.035))))
    return Kind(
        "orange",
        "fruit",
        "orange",
        parts,
        0.06,
        rolling=ROLLING,
        outline="round",
        uses=(FRUIT,),
        occasions=(FOR_PICNIC,),
        variants=(SMALL,),
    )


def plum() -> Kind:
    """Soft enough to burst."""
    parts = (ball(0.028, "purple"), *seen(_stem(0.03)))
    return Kind(
        "plum",
        "fruit",
        "purple",
        parts,
        0.06,
        rolling=ROLLING,
        outline="round",
        uses=(FRUIT,),
        fragile=Fragility(),
        variants=(SMALL, LARGE),
    )


def lemon() -> Kind:
    """With its tip."""
    parts = (ellipsoid((0.034, 0.026, 0.026), "lemon"), *seen(ball(0.006, "lemon", (0.034, 0, 0))))
    return Kind(
        "lemon", "fruit", "yellow", parts, 0.06, rolling=ROLLING, outline="round", uses=(FRUIT,), wettable=True, variants=(SMALL, LARGE)
    )


def strawberry() -> Kind:
    """Lies on its side, leaves to the left."""
    leaves = seen(ellipsoid((0.006, 0.016, 0.016), "green", (-0.022, 0, 0)), rod(0.003, 0.012, "green", (-0.03, 0, 0), (0, QUARTER, 0)))
    parts = (ellipsoid((0.024, 0.021, 0.021), "darkred"), *leaves)
    return Kind(
        "strawberry",
        "fruit",
        "red",
        parts,
        0.05,
        rolling=ROLLING,
        outline="round",
        uses=(FRUIT, SWEET),
        occasions=(FOR_PICNIC,),
        variants=(LARGE,),
    )


def banana() -> Kind:
    """Three sausages in an arc."""
    arms = (sausage(0.017, 0.040, "yellow", (0.004, side * 0.041, 0), (side * -QUARTER, 0, side * -0.45)) for side in (1, -1))
    tips = seen(ball(0.010, "brown", (0.016, 0.069, 0)), ball(0.008, "brown", (0.016, -0.069, 0)))
    parts = (sausage(0.018, 0.05, "yellow", (-0.007, 0, 0), (QUARTER, 0, 0)), *arms, *tips)
    variants = (dyed("green", "yellow", new="lime"), SMALL)
    return Kind("banana", "fruit", "yellow", parts, 0.06, uses=(FRUIT,), occasions=(FOR_PICNIC,), variants=variants)


def watermelon() -> Kind:
    """Heavy, with stripes."""
    stripes = seen(*(ellipsoid((0.0585, 0.0355, 0.012), "lime", turn=(angle, 0, 0)) for angle in (0, 0.8, 1.6, 2.4)))
    parts = (ellipsoid((0.058, 0.035, 0.035), "darkgreen"), *stripes)
    return Kind(
        "watermelon",
        "fruit",
        "green",
        parts,
        0.9,
        0.6,
        rolling=ROLLING,
        outline="round",
        uses=(FRUIT,),
        occasions=(FOR_PICNIC,),
    )


def pear() -> Kind:
    """The body's origin is its centre of mass, so it must lie over the belly; over the neck the pear tips forward."""
    stem = rod(0.003, 0.016, "brown", (0.048, 0, 0), (0, QUARTER, 0))
    parts = (ellipsoid((0.028, 0.028, 0.028), "lime"), ball(0.018, "lime", (0.026, 0, 0)), *seen(stem))
    return Kind(
        "pear",
        "fruit",
        "green",
        parts,
        0.06,
        rolling=ROLLING,
        outline="round",
        uses=(FRUIT,),
        held_out=True,
        variants=(SMALL,),
    )


def green_apple() -> Kind:
    """Darker than the pear, pale around the stem, with a leaf."""
    top = seen(
        ellipsoid((0.017, 0.017, 0.006), "lemon", (0, 0, 0.030)), _stem(0.036), block((0.022, 0.009, 0.003), "darkgreen", (0.012, 0, 0.037))
    )
    return Kind(
        "green_apple",
        "fruit",
        "green",
        (ball(0.034, "green"), *top),
        0.06,
        rolling=ROLLING,
        outline="round",
        uses=(FRUIT,),
        held_out=True,
        occasions=(FOR_PICNIC,),
        variants=(SMALL,),
    )


def _stem(height: float) -> Part:
    return rod(0.003, 0.015, "brown", (0, 0, height))
