"""Things of a desk. Stapler and phone are held out."""

from siren.world.kinds import Kind
from siren.world.palette import SMALL, block, dyed, rod, seen
from siren.world.things.phrases import FOR_BIRTHDAY, FOR_DARK, FOR_DESK, FOR_REPAIRS, LIGHT, MENDS, OFFICE, TIME


def office() -> tuple[Kind, ...]:
    """All kinds of things of a desk."""
    return remote(), matchbox(), book(), tape_roll(), stapler(), phone()


def remote() -> Kind:
    """With six buttons."""
    buttons = (("red", 0.05, 0), ("white", 0.02, 0.01), ("white", 0.02, -0.01), ("white", -0.012, 0.01), ("white", -0.012, -0.01))
    knobs = seen(*(rod(0.007, 0.0235, colour, (x, y, 0)) for colour, x, y in (*buttons, ("green", -0.045, 0))))
    parts = (block((0.13, 0.046, 0.022), "black"), *knobs)
    return Kind("remote", "office", "black", parts, 0.06, uses=(OFFICE,), variants=(dyed("grey", "black"),), flat_base=True)


def matchbox() -> Kind:
    """With a yellow label."""
    parts = (block((0.05, 0.034, 0.022), "teal"), *seen(block((0.028, 0.02, 0.0225), "lemon")))
    occasions, variants = (FOR_DARK, FOR_BIRTHDAY), (dyed("red", "teal"),)
    return Kind("matchbox", "office", "teal", parts, 0.05, uses=(LIGHT,), occasions=occasions, variants=variants, flat_base=True)


def book() -> Kind:
    """Flat and wide, but narrow enough for the fingers."""
    pages, title = block((0.1405, 0.066, 0.022), "cream", (0.001, 0.004, 0)), block((0.05, 0.034, 0.0305), "gold")
    parts = (block((0.14, 0.072, 0.03), "navy"), *seen(pages, title))
    return Kind(
        "book",
        "office",
        "navy",
        parts,
        0.06,
        uses=(OFFICE,),
        occasions=(FOR_DESK,),
        variants=(dyed("green", "navy", new="darkgreen"), dyed("red", "navy", new="darkred")),
        flat_top=True,
        flat_base=True,
        carries=True,
    )


def tape_roll() -> Kind:
    """Narrower than a real one: one of 74 mm is lost between fingers that open to 80."""
    rings = seen(rod(0.022, 0.0305, "white"), rod(0.013, 0.031, "black"))
    return Kind(
        "tape_roll",
        "office",
        "teal",
        (rod(0.033, 0.03, "teal"), *rings),
        0.06,
        outline="round",
        uses=(MENDS, OFFICE),
        occasions=(FOR_REPAIRS, FOR_DESK),
        variants=(dyed("grey", "teal"), SMALL),
        flat_base=True,
    )


def stapler() -> Kind:
    """Its back is magenta."""
    parts = (block((0.12, 0.05, 0.048), "silver"), *seen(block((0.11, 0.044, 0.049), "magenta", (-0.003, 0, 0))))
    return Kind(
        "stapler",
        "office",
        "magenta",
        parts,
        0.06,
        uses=(OFFICE,),
        occasions=(FOR_DESK,),
        held_out=True,
        flat_top=True,
        flat_base=True,
    )


def phone() -> Kind:
    """Twice as thick as a real one, or the fingers would touch the table before they hold it."""
    icons = (("red", 0.03, 0.014), ("yellow", 0.03, -0.014), ("green", 0.008, 0.014), ("orange", 0.008, -0.014))
    squares = seen(*(block((0.014, 0.014, 0.021), colour, (x, y, 0)) for colour, x, y in icons))
    parts = (block((0.124, 0.064, 0.02), "black"), *seen(block((0.108, 0.052, 0.0205), "lightblue")), *squares)
    return Kind("phone", "office", "black", parts, 0.06, uses=(OFFICE, TIME), occasions=(FOR_DESK,), held_out=True, flat_base=True)
