"""Things to eat and drink. Sizes in metres, masses in kilograms.

Chosen and measured so that each hidden law is crisp: heavy things weigh 0.9 kg or more at friction 0.6,
slippery ones 0.36 kg at 0.2, all others 60 g at most at 1.0. No width that the four turns can ask for lies between 76
and 84 mm, where an aperture of 80 mm sometimes does and sometimes does not do.
"""

from siren.world.kinds import Fragility, Kind
from siren.world.palette import QUARTER, ball, block, ellipsoid, rod, sausage, seen
from siren.world.shape import Part

ROLLING = 0.003  # enough to stay where it was put down; at 0.001 a melon wanders by itself
FRUIT, DRINK, SWEET, BREAKFAST = "is a fruit", "quenches thirst", "tastes sweet", "suits breakfast"


def foods() -> tuple[Kind, ...]:
    """All kinds of food and drink."""
    return fruit() + drinks() + breakfast() + snacks()


def fruit() -> tuple[Kind, ...]:
    """Fruit; the pear is held out."""
    uses = (FRUIT,)
    stripes = seen(*(ellipsoid((0.0585, 0.0355, 0.012), "lime", turn=(angle, 0, 0)) for angle in (0, 0.8, 1.6, 2.4)))
    return (
        Kind("apple", "fruit", "red", (ball(0.034, "red"), *seen(_stem(0.036))), 0.06, rolling=ROLLING, outline="round", uses=uses),
        Kind(
            "orange",
            "fruit",
            "orange",
            (ball(0.035, "orange"), *seen(rod(0.006, 0.004, "green", (0, 0, 0.035)))),
            0.06,
            rolling=ROLLING,
            outline="round",
            uses=uses,
        ),
        Kind(
            "plum",
            "fruit",
            "purple",
            (ball(0.028, "purple"), *seen(_stem(0.03))),
            0.06,
            rolling=ROLLING,
            outline="round",
            fragile=Fragility(),
            uses=uses,
        ),
        Kind(
            "lemon",
            "fruit",
            "yellow",
            (ellipsoid((0.034, 0.026, 0.026), "lemon"), *seen(ball(0.006, "lemon", (0.034, 0, 0)))),
            0.06,
            rolling=ROLLING,
            outline="round",
            uses=uses,
            wettable=True,
        ),
        Kind("strawberry", "fruit", "red", _strawberry(), 0.05, rolling=ROLLING, outline="round", uses=(FRUIT, SWEET)),
        Kind("banana", "fruit", "yellow", _banana(), 0.06, uses=uses),
        Kind(
            "watermelon",
            "fruit",
            "green",
            (ellipsoid((0.058, 0.035, 0.035), "darkgreen"), *stripes),
            0.9,
            0.6,
            rolling=ROLLING,
            outline="round",
            uses=uses,
        ),
        Kind("pear", "fruit", "green", _pear(), 0.06, rolling=ROLLING, outline="round", uses=uses, held_out=True),
    )


def drinks() -> tuple[Kind, ...]:
    """Drinks; the water bottle is held out."""
    can = (
        rod(0.031, 0.12, "red"),
        *seen(rod(0.0315, 0.02, "white"), rod(0.019, 0.004, "silver", (0, 0, 0.06)), rod(0.006, 0.004, "grey", (0.008, 0, 0.062))),
    )
    juice = (
        block((0.06, 0.04, 0.10), "orange"),
        *seen(
            block((0.061, 0.041, 0.03), "green"),
            block((0.061, 0.016, 0.002), "green", (0, 0, 0.05)),
            rod(0.005, 0.03, "white", (0.018, 0.008, 0.06)),
        ),
    )
    milk = (
        block((0.064, 0.064, 0.10), "white"),
        *seen(
            block((0.065, 0.065, 0.03), "blue", (0, 0, -0.01)),
            block((0.066, 0.016, 0.004), "blue", (0, 0, 0.05)),
            rod(0.010, 0.008, "red", (0.018, 0.02, 0.052)),
        ),
    )
    water = (
        rod(0.032, 0.10, "lightblue"),
        rod(0.015, 0.04, "blue", (0, 0, 0.07)),
        *seen(rod(0.0325, 0.03, "white"), rod(0.026, 0.012, "lightblue", (0, 0, 0.052))),
    )
    uses = (DRINK,)
    return (
        Kind("cola_can", "drink", "red", can, 0.06, outline="round", uses=(DRINK, SWEET), flat_top=True, flat_base=True, wettable=True),
        Kind("juice_box", "drink", "orange", juice, 0.06, uses=(DRINK, SWEET), flat_top=True, flat_base=True, wettable=True),
        Kind("milk_carton", "drink", "white", milk, 1.3, 0.6, uses=(DRINK, BREAKFAST), flat_top=True, flat_base=True),
        Kind("water_bottle", "drink", "blue", water, 0.06, outline="round", uses=uses, held_out=True, flat_base=True),
    )


def breakfast() -> tuple[Kind, ...]:
    """Breakfast; the croissant is held out."""
    uses = (BREAKFAST,)
    loaf = (
        block((0.13, 0.06, 0.04), "tan", (0, 0, -0.01)),
        sausage(0.03, 0.07, "brown", (0, 0, 0.008), (0, QUARTER, 0)),
        *seen(*(block((0.008, 0.05, 0.004), "cream", (x, 0, 0.037)) for x in (-0.03, 0, 0.03))),
    )
    butter = (block((0.09, 0.058, 0.036), "lemon"), *seen(block((0.045, 0.059, 0.037), "silver", (-0.023, 0, 0))))
    yoghurt = (rod(0.032, 0.07, "pink"), *seen(rod(0.027, 0.004, "white", (0, 0, 0.034)), ball(0.010, "darkred", (0, 0, 0.032))))
    jam = (rod(0.033, 0.085, "darkred"), *seen(rod(0.024, 0.004, "gold", (0, 0, 0.0425)), rod(0.0335, 0.03, "cream", (0, 0, -0.005))))
    return (
        Kind(
            "egg",
            "breakfast",
            "cream",
            (ellipsoid((0.029, 0.022, 0.022), "cream"),),
            0.06,
            rolling=ROLLING,
            outline="round",
            fragile=Fragility(),
            uses=uses,
        ),
        Kind("butter", "breakfast", "yellow", butter, 0.36, 0.2, uses=uses, flat_top=True, flat_base=True),
        Kind(
            "yoghurt",
            "breakfast",
            "pink",
            yoghurt,
            0.06,
            outline="round",
            uses=(BREAKFAST, SWEET),
            flat_top=True,
            flat_base=True,
            wettable=True,
        ),
        Kind(
            "jam_jar",
            "breakfast",
            "red",
            jam,
            0.06,
            outline="round",
            fragile=Fragility(),
            uses=(BREAKFAST, SWEET),
            flat_top=True,
            flat_base=True,
        ),
        Kind("bread_loaf", "breakfast", "brown", loaf, 0.06, uses=uses),
        Kind("croissant", "breakfast", "gold", _croissant(), 0.06, uses=uses, held_out=True),
    )


def snacks() -> tuple[Kind, ...]:
    """Sweet things; the muffin is held out."""
    uses = (SWEET,)
    squares = seen(*(block((0.02, 0.018, 0.021), "brown", (x, y, 0.001)) for x in (-0.04, -0.013, 0.013, 0.04) for y in (-0.012, 0.012)))
    muffin = (
        rod(0.027, 0.036, "darkbrown", (0, 0, -0.012)),
        ellipsoid((0.034, 0.034, 0.022), "brown", (0, 0, 0.012)),
        *seen(*(ball(0.007, "cream", at) for at in ((0.012, 0.01, 0.029), (-0.014, 0.006, 0.029), (0.002, -0.016, 0.029), (0, 0, 0.034)))),
    )
    return (
        Kind(
            "chocolate",
            "snack",
            "brown",
            (block((0.11, 0.05, 0.02), "darkbrown"), *squares),
            0.06,
            uses=uses,
            flat_top=True,
            flat_base=True,
        ),
        Kind("donut", "snack", "pink", _donut(), 0.06, outline="round", uses=uses),
        Kind("muffin", "snack", "brown", muffin, 0.06, outline="round", uses=(SWEET, BREAKFAST), held_out=True),
    )


def _stem(height: float) -> Part:
    return rod(0.003, 0.015, "brown", (0, 0, height))


def _strawberry() -> tuple[Part, ...]:
    leaves = seen(ellipsoid((0.006, 0.016, 0.016), "green", (-0.022, 0, 0)), rod(0.003, 0.012, "green", (-0.03, 0, 0), (0, QUARTER, 0)))
    return (ellipsoid((0.024, 0.021, 0.021), "darkred"), *leaves)


def _pear() -> tuple[Part, ...]:
    """The body's origin is its centre of mass, so it must lie over the belly; over the neck the pear tips forward."""
    stem = rod(0.003, 0.016, "brown", (0.048, 0, 0), (0, QUARTER, 0))
    return (ellipsoid((0.028, 0.028, 0.028), "lime"), ball(0.018, "lime", (0.026, 0, 0)), *seen(stem))


def _banana() -> tuple[Part, ...]:
    arms = (sausage(0.017, 0.040, "yellow", (0.004, side * 0.041, 0), (side * -QUARTER, 0, side * -0.45)) for side in (1, -1))
    tips = seen(ball(0.010, "brown", (0.016, 0.069, 0)), ball(0.008, "brown", (0.016, -0.069, 0)))
    return (sausage(0.018, 0.05, "yellow", (-0.007, 0, 0), (QUARTER, 0, 0)), *arms, *tips)


def _croissant() -> tuple[Part, ...]:
    arms = (sausage(0.016, 0.030, "gold", (0.008, side * 0.034, -0.004), (side * -QUARTER, 0, side * -0.7)) for side in (1, -1))
    bands = seen(*(block((0.042, 0.004, 0.042), "brown", (-0.006, y, 0)) for y in (-0.02, 0, 0.02)))
    return (sausage(0.02, 0.035, "gold", (-0.006, 0, 0), (QUARTER, 0, 0)), *arms, *bands)


def _donut() -> tuple[Part, ...]:
    ring = ((0.022, 0), (0.0156, 0.0156), (0, 0.022), (-0.0156, 0.0156), (-0.022, 0), (-0.0156, -0.0156), (0, -0.022), (0.0156, -0.0156))
    dough = tuple(ball(0.013, "pink", (x, y, 0)) for x, y in ring)
    sprinkles = zip(("blue", "yellow", "white", "green"), ring[::2], strict=True)
    return dough + seen(rod(0.009, 0.004, "brown"), *(ball(0.004, colour, (x, y, 0.011)) for colour, (x, y) in sprinkles))
