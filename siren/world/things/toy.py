"""Toys. Train, duck and golf ball are held out."""

from siren.world.kinds import FREELY, ROLLING, Kind
from siren.world.palette import LARGE, QUARTER, SMALL, ball, block, dyed, ellipsoid, rod, seen
from siren.world.things.phrases import FOR_BIRTHDAY, FOR_PLAY, FOR_SPORT, SPORT, TOY


def toys() -> tuple[Kind, ...]:
    """All kinds of toys."""
    return toy_block(), red_cube(), toy_car(), die(), soccer_ball(), tennis_ball(), toy_train(), rubber_duck(), golf_ball()


def toy_block() -> Kind:
    """With a white window."""
    return Kind(
        "toy_block",
        "toy",
        "violet",
        (block((0.05, 0.05, 0.05), "violet"), *seen(block((0.024, 0.024, 0.0505), "white"))),
        0.06,
        uses=(TOY,),
        occasions=(FOR_PLAY, FOR_BIRTHDAY),
        variants=(dyed("cyan", "violet"), dyed("orange", "violet"), SMALL),
        flat_top=True,
        flat_base=True,
        carries=True,
    )


def red_cube() -> Kind:
    """The plainest thing there is."""
    return Kind(
        "red_cube",
        "toy",
        "red",
        (block((0.05, 0.05, 0.05), "red"),),
        0.06,
        uses=(TOY,),
        occasions=(FOR_PLAY,),
        variants=(SMALL,),
        flat_top=True,
        flat_base=True,
        carries=True,
    )


def toy_car() -> Kind:
    """Too high on its wheels to be flat."""
    parts = (
        block((0.10, 0.05, 0.054), "cyan", (0, 0, 0.009)),
        *seen(block((0.05, 0.044, 0.0545), "white", (-0.005, 0, 0.0095))),
        *seen(*(rod(0.013, 0.012, "black", (x, y, -0.006), (QUARTER, 0, 0)) for x in (-0.03, 0.03) for y in (-0.026, 0.026))),
    )
    variants = (dyed("orange", "cyan"), dyed("green", "cyan"))
    return Kind("toy_car", "toy", "cyan", parts, 0.06, uses=(TOY,), occasions=(FOR_PLAY, FOR_BIRTHDAY), variants=variants)


def die() -> Kind:
    """Four dots on every side that is seen."""
    dots = seen(*(rod(0.0045, 0.0325, "black", (x, y, 0)) for x in (-0.008, 0.008) for y in (-0.008, 0.008)))
    parts = (block((0.032, 0.032, 0.032), "white"), *dots)
    return Kind("die", "toy", "white", parts, 0.04, uses=(TOY,), occasions=(FOR_PLAY,), variants=(LARGE,), flat_base=True)


def soccer_ball() -> Kind:
    """Soft: it rolls no farther than a fruit."""
    places = ((0, 0, 1.05), (1, 0.3, 0.3), (-1, 0.3, 0.3), (0.3, -1, 0.3), (-0.3, 1, 0.3))
    spots = seen(*(ball(0.016, "black", (0.0235 * x, 0.0235 * y, 0.0235 * z)) for x, y, z in places))
    return Kind(
        "soccer_ball",
        "toy",
        "white",
        (ball(0.035, "white"), *spots),
        0.06,
        rolling=ROLLING,
        outline="round",
        uses=(TOY, SPORT),
        occasions=(FOR_PLAY, FOR_SPORT),
        variants=(SMALL,),
    )


def tennis_ball() -> Kind:
    """Rolls freely."""
    bands = seen(*(rod(0.0335, 0.009, "white", turn=(QUARTER, 0, yaw)) for yaw in (0.0, QUARTER)))
    return Kind(
        "tennis_ball",
        "toy",
        "green",
        (ball(0.033, "lime"), *bands),
        0.06,
        rolling=FREELY,
        outline="round",
        uses=(TOY, SPORT),
        occasions=(FOR_PLAY, FOR_SPORT),
        variants=(SMALL,),
    )


def toy_train() -> Kind:
    """Cabin, boiler and frame."""
    parts = (
        block((0.11, 0.05, 0.05), "red"),
        block((0.034, 0.05, 0.04), "yellow", (-0.038, 0, 0.028)),
        rod(0.018, 0.066, "black", (0.02, 0, 0.02), (0, QUARTER, 0)),
    )
    occasions = (FOR_PLAY, FOR_BIRTHDAY)
    return Kind("toy_train", "toy", "red", parts, 0.06, uses=(TOY,), occasions=occasions, variants=(dyed("blue", "red"),), held_out=True)


def rubber_duck() -> Kind:
    """Its belly is flat, so that it does not nod."""
    parts = (
        ellipsoid((0.042, 0.031, 0.026), "yellow", (-0.004, 0, 0)),
        block((0.036, 0.034, 0.006), "yellow", (-0.004, 0, -0.0228)),
        ball(0.020, "yellow", (0.020, 0, 0.022)),
        *seen(block((0.024, 0.022, 0.008), "orange", (0.044, 0, 0.024)), ball(0.005, "black", (0.028, 0.011, 0.037))),
        *seen(ball(0.005, "black", (0.028, -0.011, 0.037)), ellipsoid((0.010, 0.009, 0.010), "white", (-0.040, 0, 0.010))),
    )
    return Kind("rubber_duck", "toy", "yellow", parts, 0.06, uses=(TOY,), occasions=(FOR_PLAY, FOR_BIRTHDAY), held_out=True)


def golf_ball() -> Kind:
    """With red bands, or it would pass for an egg. Rolls freely."""
    bands = seen(*(rod(0.0225, 0.010, "red", turn=(QUARTER, 0, yaw)) for yaw in (0.0, QUARTER)))
    return Kind(
        "golf_ball",
        "toy",
        "white",
        (ball(0.022, "white"), *bands),
        0.06,
        rolling=FREELY,
        outline="round",
        uses=(SPORT, TOY),
        occasions=(FOR_SPORT,),
        held_out=True,
    )
