"""Things of a home. Alarm clock, vase and dumbbell are held out."""

import math

from siren.world.kinds import Fragility, Kind
from siren.world.palette import ball, block, dyed, lathe, rod, seen
from siren.world.things.phrases import DINNER, FOR_BIRTHDAY, FOR_DARK, FOR_DINNER, FOR_SPORT, LIGHT, PROP, SPORT, TIME


def home() -> tuple[Kind, ...]:
    """All kinds of things of a home."""
    return candle(), alarm_clock(), vase(), dumbbell()


def candle() -> Kind:
    """With a flame that is always lit."""
    flame = seen(rod(0.011, 0.004, "orange", (0, 0, 0.04)), rod(0.003, 0.012, "black", (0, 0, 0.045)))
    return Kind(
        "candle",
        "home",
        "green",
        (rod(0.025, 0.08, "green"), *flame),
        0.06,
        outline="round",
        uses=(LIGHT, DINNER),
        occasions=(FOR_BIRTHDAY, FOR_DARK, FOR_DINNER),
        variants=(dyed("white", "green"), dyed("blue", "green")),
        flat_base=True,
        wettable=True,
    )


def alarm_clock() -> Kind:
    """Three o'clock."""
    hands = block((0.026, 0.009, 0.044), "black", (0.009, 0, 0)), block((0.009, 0.026, 0.044), "black", (0, 0.009, 0))
    parts = (rod(0.034, 0.034, "red"), *seen(rod(0.027, 0.0345, "white"), *hands))
    return Kind(
        "alarm_clock",
        "home",
        "red",
        parts,
        0.06,
        outline="round",
        uses=(TIME,),
        variants=(dyed("blue", "red"),),
        held_out=True,
        flat_base=True,
    )


def vase() -> Kind:
    """Tall, with flowers that are only seen. Breaks."""
    petals = zip(("red", "yellow", "white", "magenta", "yellow"), (0.0, 1.26, 2.51, 3.77, 5.03), strict=True)
    flowers = seen(*(ball(0.010, colour, (0.017 * math.cos(a), 0.017 * math.sin(a), 0.078)) for colour, a in petals))
    parts = (
        lathe(((0.75, -1.0), (1.0, 0.1), (0.55, 1.0)), (0.031, 0.031, 0.045), "blue", (0, 0, -0.025)),
        rod(0.017, 0.05, "blue", (0, 0, 0.045)),
        *seen(rod(0.022, 0.004, "green", (0, 0, 0.070)), *flowers),
    )
    return Kind(
        "vase",
        "home",
        "blue",
        parts,
        0.06,
        outline="round",
        fragile=Fragility(),
        uses=(DINNER,),
        occasions=(FOR_DINNER, FOR_BIRTHDAY),
        held_out=True,
        flat_base=True,
    )


def dumbbell() -> Kind:
    """Long and heavy. Its grip is square and as high as its middle, or it turns between the fingers."""
    parts = (
        block((0.13, 0.034, 0.034), "silver"),
        *(block((0.045, 0.058, 0.054), "black", (side * 0.085, 0, 0)) for side in (-1, 1)),
        *seen(*(block((0.012, 0.060, 0.056), "red", (side * 0.085, 0, 0)) for side in (-1, 1))),
    )
    return Kind("dumbbell", "home", "black", parts, 1.0, 0.6, uses=(SPORT, PROP), occasions=(FOR_SPORT,), held_out=True)
