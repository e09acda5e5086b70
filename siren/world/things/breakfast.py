"""Breakfast. Croissant and toast are held out."""

from siren.world.kinds import ROLLING, Fragility, Kind
from siren.world.palette import LARGE, QUARTER, SMALL, ball, block, dyed, ellipsoid, rod, sausage, seen
from siren.world.things.phrases import BAKING, BREAKFAST, FOR_BAKING, FOR_BREAKFAST, FOR_PICNIC, SWEET


def breakfast() -> tuple[Kind, ...]:
    """All kinds of breakfast."""
    return egg(), butter(), yoghurt(), jam_jar(), bread_loaf(), cereal_box(), croissant(), toast()


def egg() -> Kind:
    """Breaks."""
    return Kind(
        "egg",
        "breakfast",
        "cream",
        (ellipsoid((0.029, 0.022, 0.022), "cream"),),
        0.06,
        rolling=ROLLING,
        outline="round",
        fragile=Fragility(),
        uses=(BREAKFAST, BAKING),
        occasions=(FOR_BREAKFAST, FOR_BAKING),
        variants=(SMALL, LARGE),
    )


def butter() -> Kind:
    """Half unwrapped, slippery."""
    parts = (block((0.09, 0.058, 0.036), "lemon"), *seen(block((0.045, 0.059, 0.037), "silver", (-0.023, 0, 0))))
    return Kind(
        "butter",
        "breakfast",
        "yellow",
        parts,
        0.36,
        0.2,
        uses=(BREAKFAST, BAKING),
        occasions=(FOR_BREAKFAST, FOR_BAKING),
        flat_top=True,
        flat_base=True,
    )


def yoghurt() -> Kind:
    """With a berry on top."""
    parts = (rod(0.032, 0.07, "pink"), *seen(rod(0.027, 0.004, "white", (0, 0, 0.034)), ball(0.010, "darkred", (0, 0, 0.032))))
    return Kind(
        "yoghurt",
        "breakfast",
        "pink",
        parts,
        0.06,
        outline="round",
        uses=(BREAKFAST, SWEET),
        occasions=(FOR_BREAKFAST,),
        variants=(SMALL,),
        flat_top=True,
        flat_base=True,
        wettable=True,
    )


def jam_jar() -> Kind:
    """Of glass, with a golden lid."""
    parts = (rod(0.033, 0.085, "darkred"), *seen(rod(0.024, 0.004, "gold", (0, 0, 0.0425)), rod(0.0335, 0.03, "cream", (0, 0, -0.005))))
    return Kind(
        "jam_jar",
        "breakfast",
        "red",
        parts,
        0.06,
        outline="round",
        fragile=Fragility(),
        uses=(BREAKFAST, SWEET),
        occasions=(FOR_BREAKFAST, FOR_PICNIC),
        variants=(dyed("orange", "darkred"),),
        flat_top=True,
        flat_base=True,
    )


def bread_loaf() -> Kind:
    """With three cuts."""
    parts = (
        block((0.13, 0.06, 0.04), "tan", (0, 0, -0.01)),
        sausage(0.03, 0.07, "brown", (0, 0, 0.008), (0, QUARTER, 0)),
        *seen(*(block((0.008, 0.05, 0.004), "cream", (x, 0, 0.037)) for x in (-0.03, 0, 0.03))),
    )
    return Kind(
        "bread_loaf", "breakfast", "brown", parts, 0.06, uses=(BREAKFAST,), occasions=(FOR_BREAKFAST, FOR_PICNIC), variants=(SMALL,)
    )


def cereal_box() -> Kind:
    """The tallest of all."""
    face = block((0.07, 0.051, 0.09), "lemon", (0, 0, 0.01))
    parts = (block((0.10, 0.05, 0.16), "red"), *seen(face, block((0.06, 0.03, 0.002), "lemon", (0, 0, 0.08))))
    return Kind(
        "cereal_box",
        "breakfast",
        "red",
        parts,
        0.06,
        uses=(BREAKFAST, SWEET),
        occasions=(FOR_BREAKFAST,),
        variants=(dyed("blue", "red"),),
        flat_top=True,
        flat_base=True,
    )


def croissant() -> Kind:
    """Three sausages in an arc, with bands."""
    arms = (sausage(0.016, 0.030, "gold", (0.008, side * 0.034, -0.004), (side * -QUARTER, 0, side * -0.7)) for side in (1, -1))
    bands = seen(*(block((0.042, 0.004, 0.042), "brown", (-0.006, y, 0)) for y in (-0.02, 0, 0.02)))
    parts = (sausage(0.02, 0.035, "gold", (-0.006, 0, 0), (QUARTER, 0, 0)), *arms, *bands)
    return Kind("croissant", "breakfast", "gold", parts, 0.06, uses=(BREAKFAST,), occasions=(FOR_BREAKFAST,), held_out=True)


def toast() -> Kind:
    """With a pat of butter."""
    crumb, pat = block((0.074, 0.056, 0.0205), "tan"), block((0.026, 0.026, 0.006), "lemon", (0.004, 0, 0.012), (0, 0, 0.4))
    parts = (block((0.09, 0.07, 0.02), "brown"), *seen(crumb, pat))
    return Kind("toast", "breakfast", "brown", parts, 0.06, uses=(BREAKFAST,), occasions=(FOR_BREAKFAST,), held_out=True, flat_base=True)
