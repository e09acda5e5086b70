"""Things that clean. The sponge is held out."""

from siren.world.kinds import Kind
from siren.world.palette import block, dyed, ellipsoid, rod, seen
from siren.world.things.phrases import CLEANS, FOR_CLEANING


def cleaning() -> tuple[Kind, ...]:
    """All kinds of things that clean."""
    return soap(), scrub_brush(), spray_bottle(), sponge()


def soap() -> Kind:
    """Slippery even when dry: slow and firm it holds 16 of 16 times, fast or gentle never; at 0.2 it was lost twice in 16."""
    parts = (ellipsoid((0.046, 0.024, 0.016), "pink"), *seen(block((0.03, 0.014, 0.031), "white")))
    variants = (dyed("green", "pink", new="lime"), dyed("blue", "pink", new="lightblue"))
    return Kind(
        "soap", "cleaning", "pink", parts, 0.36, 0.26, outline="round", uses=(CLEANS,), occasions=(FOR_CLEANING,), variants=variants
    )


def scrub_brush() -> Kind:
    """White, its back is blue."""
    parts = (block((0.11, 0.054, 0.041), "white"), *seen(block((0.09, 0.034, 0.042), "blue")))
    variants = (dyed("red", "blue"),)
    return Kind(
        "scrub_brush", "cleaning", "blue", parts, 0.06, uses=(CLEANS,), occasions=(FOR_CLEANING,), variants=variants, flat_base=True
    )


def spray_bottle() -> Kind:
    """Tall; the fingers take its head."""
    parts = (
        block((0.066, 0.056, 0.10), "lime", (0, 0, -0.005)),
        rod(0.012, 0.02, "white", (0, 0, 0.05)),
        block((0.050, 0.026, 0.045), "blue", (0.004, 0, 0.0725)),
        *seen(block((0.067, 0.057, 0.04), "white", (0, 0, -0.01)), block((0.010, 0.012, 0.012), "red", (0.032, 0, 0.084))),
    )
    variants = (dyed("pink", "lime"),)
    return Kind(
        "spray_bottle", "cleaning", "green", parts, 0.06, uses=(CLEANS,), occasions=(FOR_CLEANING,), variants=variants, flat_base=True
    )


def sponge() -> Kind:
    """Yellow, its rough side is green."""
    parts = (block((0.09, 0.06, 0.034), "yellow"), *seen(block((0.074, 0.044, 0.035), "green")))
    return Kind(
        "sponge",
        "cleaning",
        "yellow",
        parts,
        0.05,
        uses=(CLEANS,),
        occasions=(FOR_CLEANING,),
        variants=(dyed("pink", "yellow"),),
        held_out=True,
        flat_top=True,
        flat_base=True,
    )
