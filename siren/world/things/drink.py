"""Drinks. Water bottle and soda can are held out."""

from siren.world.kinds import Fragility, Kind
from siren.world.palette import block, dyed, lathe, rod, seen
from siren.world.things.phrases import (
    BREAKFAST,
    DINNER,
    DRINK,
    FOR_BAKING,
    FOR_BIRTHDAY,
    FOR_BREAKFAST,
    FOR_DINNER,
    FOR_PICNIC,
    POURS,
    SWEET,
)


def drinks() -> tuple[Kind, ...]:
    """All kinds of drinks."""
    return cola_can(), juice_box(), milk_carton(), wine_bottle(), water_bottle(), soda_can()


def cola_can() -> Kind:
    """Red, with a lid of metal."""
    lid = (rod(0.019, 0.004, "silver", (0, 0, 0.06)), rod(0.006, 0.004, "grey", (0.008, 0, 0.062)))
    parts = (rod(0.031, 0.12, "red"), *seen(rod(0.0315, 0.02, "white"), *lid))
    return Kind(
        "cola_can",
        "drink",
        "red",
        parts,
        0.06,
        outline="round",
        uses=(DRINK, SWEET),
        occasions=(FOR_PICNIC, FOR_BIRTHDAY),
        variants=(dyed("black", "red"),),
        flat_top=True,
        flat_base=True,
        wettable=True,
    )


def juice_box() -> Kind:
    """With a straw."""
    band, stripe = block((0.061, 0.041, 0.03), "green"), block((0.061, 0.016, 0.002), "green", (0, 0, 0.05))
    parts = (block((0.06, 0.04, 0.10), "orange"), *seen(band, stripe, rod(0.005, 0.03, "white", (0.018, 0.008, 0.06))))
    return Kind(
        "juice_box",
        "drink",
        "orange",
        parts,
        0.06,
        uses=(DRINK, SWEET),
        occasions=(FOR_BREAKFAST, FOR_PICNIC),
        variants=(dyed("purple", "orange"),),
        flat_top=True,
        flat_base=True,
        wettable=True,
    )


def milk_carton() -> Kind:
    """Full, so heavy."""
    band, stripe = block((0.065, 0.065, 0.03), "blue", (0, 0, -0.01)), block((0.066, 0.016, 0.004), "blue", (0, 0, 0.05))
    parts = (block((0.064, 0.064, 0.10), "white"), *seen(band, stripe, rod(0.010, 0.008, "red", (0.018, 0.02, 0.052))))
    return Kind(
        "milk_carton",
        "drink",
        "white",
        parts,
        1.3,
        0.6,
        uses=(DRINK, BREAKFAST),
        occasions=(FOR_BREAKFAST, FOR_BAKING),
        variants=(dyed("yellow", "blue"),),
        flat_top=True,
        flat_base=True,
    )


def wine_bottle() -> Kind:
    """The neck is a separate cylinder: on one hull with the body it would be a slope, and slip."""
    shoulder = lathe(((1.0, 0.0), (0.42, 1.0)), (0.032, 0.032, 0.02), "darkgreen", (0, 0, 0.05))
    parts = (
        rod(0.032, 0.10, "darkgreen"),
        rod(0.014, 0.065, "gold", (0, 0, 0.0825)),
        *seen(rod(0.0325, 0.04, "cream", (0, 0, -0.01)), shoulder),
    )
    return Kind(
        "wine_bottle",
        "drink",
        "green",
        parts,
        0.06,
        outline="round",
        fragile=Fragility(),
        uses=(DINNER, POURS),
        occasions=(FOR_DINNER,),
        variants=(dyed("blue", "darkgreen", new="navy"),),
        flat_base=True,
    )


def water_bottle() -> Kind:
    """Of plastic, with a blue cap."""
    parts = (
        rod(0.032, 0.10, "lightblue"),
        rod(0.015, 0.04, "blue", (0, 0, 0.07)),
        *seen(rod(0.0325, 0.03, "white"), rod(0.026, 0.012, "lightblue", (0, 0, 0.052))),
    )
    return Kind(
        "water_bottle",
        "drink",
        "blue",
        parts,
        0.06,
        outline="round",
        uses=(DRINK, POURS),
        occasions=(FOR_PICNIC,),
        held_out=True,
        flat_base=True,
    )


def soda_can() -> Kind:
    """Told from the cola can by its yellow lid: from above little more is seen than that."""
    lid = (rod(0.023, 0.004, "yellow", (0, 0, 0.06)), block((0.022, 0.010, 0.004), "black", (0.004, 0, 0.062)))
    parts = (rod(0.031, 0.12, "violet"), *seen(rod(0.0315, 0.03, "yellow"), *lid))
    return Kind(
        "soda_can",
        "drink",
        "violet",
        parts,
        0.06,
        outline="round",
        uses=(DRINK, SWEET),
        occasions=(FOR_PICNIC, FOR_BIRTHDAY),
        held_out=True,
        flat_top=True,
        flat_base=True,
        wettable=True,
    )
