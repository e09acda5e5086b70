"""Tools, toys and other things of a house. Metres and kilograms."""

from siren.world.food import ROLLING
from siren.world.kinds import Fragility, Kind
from siren.world.palette import QUARTER, ball, block, ellipsoid, rod, seen

TOOL, TOY, CLEANS, LIGHT, OFFICE = "is a tool", "is a toy", "cleans the house", "gives light", "belongs in an office"
DISH, BUILD = "holds a drink", "builds a wall"


def households() -> tuple[Kind, ...]:
    """All things of a house."""
    return tools() + toys() + desk() + kitchen() + materials()


def tools() -> tuple[Kind, ...]:
    """Tools; the paint brush is held out."""
    screwdriver = (
        block((0.044, 0.028, 0.026), "yellow", (-0.015, 0, 0)),
        block((0.03, 0.009, 0.009), "silver", (0.022, 0, 0)),
        *seen(block((0.008, 0.029, 0.027), "black", (-0.027, 0, 0)), block((0.008, 0.029, 0.027), "black", (-0.009, 0, 0))),
    )
    torch = (
        block((0.11, 0.046, 0.036), "black"),
        *seen(block((0.012, 0.047, 0.037), "lemon", (0.05, 0, 0)), block((0.03, 0.014, 0.01), "red", (-0.01, 0, 0.016))),
    )
    brush = (
        block((0.075, 0.024, 0.022), "orange", (-0.045, 0, 0)),
        block((0.03, 0.056, 0.026), "silver", (0.0, 0, 0)),
        block((0.05, 0.056, 0.022), "darkbrown", (0.04, 0, 0)),
    )
    return (
        Kind("screwdriver", "tool", "yellow", screwdriver, 0.06, uses=(TOOL,)),
        Kind("flashlight", "tool", "black", torch, 0.06, uses=(TOOL, LIGHT), flat_top=True, flat_base=True),
        Kind("paint_brush", "tool", "orange", brush, 0.06, uses=(TOOL,), held_out=True),
    )


def toys() -> tuple[Kind, ...]:
    """Toys; the train is held out."""
    uses = (TOY,)
    car = (
        block((0.10, 0.05, 0.054), "cyan", (0, 0, 0.009)),
        *seen(block((0.05, 0.044, 0.0545), "white", (-0.005, 0, 0.0095))),
        *seen(*(rod(0.013, 0.012, "black", (x, y, -0.006), (QUARTER, 0, 0)) for x in (-0.03, 0.03) for y in (-0.026, 0.026))),
    )
    spots = seen(
        *(
            ball(0.016, "black", (0.0235 * x, 0.0235 * y, 0.0235 * z))
            for x, y, z in ((0, 0, 1.05), (1, 0.3, 0.3), (-1, 0.3, 0.3), (0.3, -1, 0.3), (-0.3, 1, 0.3))
        )
    )
    dots = seen(*(rod(0.0045, 0.0325, "black", (x, y, 0)) for x in (-0.008, 0.008) for y in (-0.008, 0.008)))
    train = (
        block((0.11, 0.05, 0.05), "red"),
        block((0.034, 0.05, 0.04), "yellow", (-0.038, 0, 0.028)),
        rod(0.018, 0.066, "black", (0.02, 0, 0.02), (0, QUARTER, 0)),
    )
    return (
        Kind(
            "toy_block",
            "toy",
            "violet",
            (block((0.05, 0.05, 0.05), "violet"), *seen(block((0.024, 0.024, 0.0505), "white"))),
            0.06,
            uses=uses,
            flat_top=True,
            flat_base=True,
            carries=True,
        ),
        Kind("red_cube", "toy", "red", (block((0.05, 0.05, 0.05), "red"),), 0.06, uses=uses, flat_top=True, flat_base=True, carries=True),
        Kind("toy_car", "toy", "cyan", car, 0.06, uses=uses),
        Kind("die", "toy", "white", (block((0.032, 0.032, 0.032), "white"), *dots), 0.04, uses=uses, flat_base=True),
        Kind("soccer_ball", "toy", "white", (ball(0.035, "white"), *spots), 0.06, rolling=ROLLING, outline="round", uses=uses),
        Kind("toy_train", "toy", "red", train, 0.06, uses=uses, held_out=True),
    )


def desk() -> tuple[Kind, ...]:
    """Office and cleaning things; stapler and sponge are held out."""
    remote = (
        block((0.13, 0.046, 0.022), "black"),
        *seen(
            *(
                rod(0.007, 0.0235, colour, (x, y, 0))
                for colour, x, y in (
                    ("red", 0.05, 0),
                    ("white", 0.02, 0.01),
                    ("white", 0.02, -0.01),
                    ("white", -0.012, 0.01),
                    ("white", -0.012, -0.01),
                    ("green", -0.045, 0),
                )
            )
        ),
    )
    stapler = (
        block((0.12, 0.05, 0.048), "silver"),
        *seen(block((0.11, 0.044, 0.049), "magenta", (-0.003, 0, 0))),
    )
    matchbox = (block((0.05, 0.034, 0.022), "teal"), *seen(block((0.028, 0.02, 0.0225), "lemon")))
    soap = (ellipsoid((0.046, 0.024, 0.016), "pink"), *seen(block((0.03, 0.014, 0.031), "white")))
    scrubber = (
        block((0.11, 0.054, 0.041), "white"),
        *seen(block((0.09, 0.034, 0.042), "blue")),
    )
    sponge = (
        block((0.09, 0.06, 0.034), "yellow"),
        *seen(block((0.074, 0.044, 0.035), "green")),
    )
    return (
        Kind("remote", "office", "black", remote, 0.06, uses=(OFFICE,), flat_base=True),
        Kind("matchbox", "office", "teal", matchbox, 0.05, uses=(LIGHT,), flat_base=True),
        Kind("stapler", "office", "magenta", stapler, 0.06, uses=(OFFICE,), held_out=True, flat_top=True, flat_base=True),
        Kind("soap", "cleaning", "pink", soap, 0.36, 0.2, outline="round", uses=(CLEANS,)),
        Kind("scrub_brush", "cleaning", "blue", scrubber, 0.06, uses=(CLEANS,), flat_base=True),
        Kind("sponge", "cleaning", "yellow", sponge, 0.05, uses=(CLEANS,), held_out=True, flat_top=True, flat_base=True),
    )


def kitchen() -> tuple[Kind, ...]:
    """Dishes and home things; cup and alarm clock are held out."""
    glass = (rod(0.03, 0.10, "silver"), *seen(rod(0.020, 0.004, "navy", (0, 0, 0.0495))))
    cup = (rod(0.034, 0.06, "lightblue"), *seen(rod(0.026, 0.004, "brown", (0, 0, 0.0295))))
    candle = (rod(0.025, 0.08, "green"), *seen(rod(0.011, 0.004, "orange", (0, 0, 0.04)), rod(0.003, 0.012, "black", (0, 0, 0.045))))
    clock = (
        rod(0.034, 0.034, "red"),
        *seen(
            rod(0.027, 0.0345, "white"),
            block((0.026, 0.009, 0.044), "black", (0.009, 0, 0)),
            block((0.009, 0.026, 0.044), "black", (0, 0.009, 0)),
        ),
    )
    return (
        Kind("glass", "dish", "silver", glass, 0.06, outline="round", fragile=Fragility(), uses=(DISH,), flat_top=True, flat_base=True),
        Kind("cup", "dish", "blue", cup, 0.06, outline="round", fragile=Fragility(), uses=(DISH,), held_out=True, flat_base=True),
        Kind("candle", "home", "green", candle, 0.06, outline="round", uses=(LIGHT,), flat_base=True, wettable=True),
        Kind("alarm_clock", "home", "red", clock, 0.06, outline="round", uses=("tells the time",), held_out=True, flat_base=True),
    )


def materials() -> tuple[Kind, ...]:
    """Solid, heavy pieces."""
    gold = (block((0.10, 0.05, 0.036), "gold"), *seen(block((0.08, 0.032, 0.0365), "yellow")))
    brick = (block((0.10, 0.06, 0.04), "brick"), *seen(*(rod(0.009, 0.0405, "darkbrown", (x, 0, 0)) for x in (-0.03, 0, 0.03))))
    rock = (ellipsoid((0.05, 0.034, 0.03), "grey"), *seen(ellipsoid((0.02, 0.02, 0.012), "silver", (0.016, 0.008, 0.02))))
    return (
        Kind("gold_bar", "material", "gold", gold, 1.1, 0.6, flat_top=True, flat_base=True, carries=True, uses=("is worth a fortune",)),
        Kind("brick", "material", "brown", brick, 1.0, 0.6, flat_top=True, flat_base=True, carries=True, uses=(BUILD,)),
        Kind("rock", "material", "grey", rock, 0.9, 0.6, rolling=ROLLING, outline="round", uses=(BUILD,)),
    )
