"""Random numbers as a brief: what a table is laid for, and which difficulties there are to be on it."""

from dataclasses import dataclass

import numpy as np

from siren.core.action import APERTURE
from siren.core.task import Family
from siren.world.catalogue import kind_of, things
from siren.world.instructions import FORMS
from siren.world.kinds import Kind

MATS = ("blue_mat", "red_mat")
BOX_FIT = 0.0525  # half the diagonal of what goes into the box with room for fingers
STACK_LENGTH = 0.101
STACK_HEIGHT = 0.125  # a bottle of 140 mm on a cube of 50 mm topples when the fingers leave it

# Shares of the difficulties, from the prototype in which every law came up often enough to be learned.
BESIDE, CLOSE, COVERED, LID, WET = 0.38, 0.75, 0.38, 0.5, 0.5


@dataclass(frozen=True)
class Brief:
    """What a table is laid for."""

    family: Family
    split: str
    target: str
    place: str | None  # where it goes: a mat, the box, a support
    form: int  # which phrasing
    by_use: bool
    use: str | None  # by this use and no other
    neighbour: float | None  # gap to a thing beside the target, metres
    covered: bool  # something stands on the target
    lid: bool
    wet: float  # probability that the target is wet, if it can be
    count: int  # things on the table


def draw_brief(
    family: Family, split: str, rng: np.random.Generator, target: str | None = None, place: str | None = None, use: str | None = None
) -> Brief:
    """A brief of that family. What is given stays; the rest is drawn. `use`: the target is spoken of by this use."""
    if target is None:
        pool = targets(family, held_out=split == "unseen")
        weights = np.array([2.0 if _delicate(kind) else 1.0 for kind in pool])
        target = pool[int(rng.choice(len(pool), p=weights / weights.sum()))].name
    kind = kind_of(target)
    close = rng.uniform(0.010, 0.022) if rng.random() < CLOSE else rng.uniform(0.045, 0.060)
    return Brief(
        family=family,
        split=split,
        target=target,
        place=place or _place(family, kind, rng),
        form=int(rng.integers(len(FORMS[family]))),
        by_use=split == "use" or use is not None,
        use=use,
        neighbour=float(close) if rng.random() < BESIDE else None,
        covered=bool(rng.random() < COVERED) and kind.flat_top,
        lid=bool(rng.random() < LID),
        wet=WET,
        count=int(rng.integers(4, 7)),
    )


def _delicate(kind: Kind) -> bool:
    """Whether the manner matters for this kind whatever stands around it. Such targets are drawn twice as often."""
    return kind.heavy or kind.slippery or kind.fragile is not None or max(kind.size[:2]) > APERTURE


def _place(family: Family, kind: Kind, rng: np.random.Generator) -> str | None:
    if family == "pick":
        return None
    if family == "place_in":
        return "box"
    pool = MATS if family == "place" else [name for name in supports() if _bears(kind_of(name), kind)]
    return str(pool[int(rng.integers(len(pool)))])


def targets(family: Family, *, held_out: bool | None = None) -> tuple[Kind, ...]:
    """Kinds that a task of that family may ask for."""
    return tuple(kind for kind in things(held_out=held_out) if suits(kind, family))


def supports() -> tuple[str, ...]:
    """Kinds that others are stacked on."""
    return tuple(kind.name for kind in things(held_out=False) if kind.carries)


def suits(kind: Kind, family: Family) -> bool:
    """Whether a thing of that kind can be asked for in that family."""
    if family == "place_in":
        return kind.radius <= BOX_FIT
    if family == "stack":
        return kind.flat_base and max(kind.size[:2]) <= STACK_LENGTH and kind.size[2] <= STACK_HEIGHT
    return True


def _bears(support: Kind, kind: Kind) -> bool:
    """Whether a thing stands safely on a support: it reaches over by half of the support at most."""
    across, along = sorted(kind.size[:2]), sorted(support.size[:2])
    return kind.name != support.name and across[0] <= 1.5 * along[0] and across[1] <= 1.8 * along[1]
