"""Dishes. Cup and pepper mill are held out."""

from siren.world.kinds import Fragility, Kind
from siren.world.palette import ball, dyed, lathe, rod, seen
from siren.world.shape import Part
from siren.world.things.phrases import DINNER, FOR_BREAKFAST, FOR_DINNER, FOR_PICNIC, POURS


def dishes() -> tuple[Kind, ...]:
    """All kinds of dishes."""
    return glass(), plate(), cup(), pepper_mill()


def glass() -> Kind:
    """Breaks."""
    parts = (rod(0.03, 0.10, "silver"), *seen(rod(0.020, 0.004, "navy", (0, 0, 0.0495))))
    return Kind(
        "glass",
        "dish",
        "silver",
        parts,
        0.06,
        outline="round",
        fragile=Fragility(),
        uses=(POURS, DINNER),
        occasions=(FOR_DINNER,),
        variants=(dyed("green", "silver", new="lime"),),
        flat_top=True,
        flat_base=True,
    )


def plate() -> Kind:
    """Oval, so that there is a side which fits between the fingers. Breaks."""
    parts = (_oval(1.0, 0.022, "white"), *seen(_oval(0.86, 0.0224, "cyan"), _oval(0.62, 0.0228, "white")))
    return Kind(
        "plate",
        "dish",
        "white",
        parts,
        0.06,
        outline="round",
        fragile=Fragility(),
        uses=(DINNER,),
        occasions=(FOR_DINNER, FOR_PICNIC, FOR_BREAKFAST),
        variants=(dyed("pink", "white"),),
        flat_top=True,
        flat_base=True,
        carries=True,
    )


def cup() -> Kind:
    """Full of tea. Breaks."""
    parts = (rod(0.034, 0.06, "lightblue"), *seen(rod(0.026, 0.004, "brown", (0, 0, 0.0295))))
    return Kind(
        "cup",
        "dish",
        "blue",
        parts,
        0.06,
        outline="round",
        fragile=Fragility(),
        uses=(POURS,),
        occasions=(FOR_BREAKFAST,),
        held_out=True,
        flat_base=True,
    )


def pepper_mill() -> Kind:
    """Tall, with a knob of metal on top."""
    parts = (
        rod(0.026, 0.07, "darkbrown", (0, 0, -0.03)),
        rod(0.014, 0.05, "brown", (0, 0, 0.03)),
        rod(0.018, 0.03, "brown", (0, 0, 0.07)),
        *seen(rod(0.0265, 0.012, "gold", (0, 0, -0.045)), ball(0.017, "silver", (0, 0, 0.078))),
    )
    return Kind(
        "pepper_mill",
        "dish",
        "brown",
        parts,
        0.06,
        outline="round",
        uses=(DINNER,),
        occasions=(FOR_DINNER,),
        held_out=True,
        flat_base=True,
    )


def _oval(share: float, height: float, colour: str) -> Part:
    """An oval of that share of the plate, with a rim that leans outwards."""
    return lathe(((0.85, -0.5), (1.0, 0.5)), (0.075 * share, 0.036 * share, height), colour)
