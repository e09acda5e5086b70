"""Kinds as parts in tasks: which can be asked for in which family, and which can carry, hold or cover which."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from siren.core.action import APERTURE
from siren.core.task import Family
from siren.world.catalogue import catalogue, kind_of, things
from siren.world.kinds import Kind

MATS = ("blue_mat", "red_mat")
BOX_FIT = 0.0525  # half the diagonal of what goes into the box with room for fingers
PAIR_LONGEST, PAIR_HEIGHT = 0.058, 0.085  # two of these go into one box, metres
STACK_LENGTH = 0.101
STACK_HEIGHT = 0.125  # a bottle of 140 mm on a cube of 50 mm topples when the fingers leave it
PUSH_HEIGHT = 1.3  # times its least width; a candle of 1.6 topples now and then, a can of 1.9 always
TIP_HEIGHT = 1.5  # times its greatest width; a jar of 1.3 slides, a milk carton of 1.56 falls
COVER_SHARE = 0.62  # of its top that a thing on top may hide, so that it can still be seen
TOPS = ("die", "matchbox", "candle", "red_cube", "toy_block", "yoghurt")


def suits(kind: Kind, family: Family) -> bool:
    """Whether a thing of that kind can be asked for in that family."""
    return kind.role == "container" if family == "open" else kind.role == "thing" and _SUITS.get(family, _always)(kind)


@cache
def targets(family: Family, *, held_out: bool | None = None) -> tuple[Kind, ...]:
    """Kinds that a task of that family may ask for."""
    if family == "open":
        return (kind_of("box"),)
    return tuple(kind for kind in things(held_out=held_out) if suits(kind, family))


@cache
def supports() -> tuple[str, ...]:
    """Kinds that others are stacked on."""
    return tuple(kind.name for kind in things(held_out=False) if kind.carries)


@cache
def mats() -> tuple[str, ...]:
    """Every mat, with and without a symbol."""
    return tuple(kind.name for kind in catalogue().values() if kind.role == "mat")


def bears(support: Kind, kind: Kind) -> bool:
    """Whether a thing stands safely on a support: it reaches over by half of the support at most."""
    across, along = sorted(kind.size[:2]), sorted(support.size[:2])
    return kind.name != support.name and across[0] <= 1.5 * along[0] and across[1] <= 1.8 * along[1]


def covers(kind: Kind, top: Kind) -> bool:
    """Whether a thing can stand on the kind so that the kind is still seen."""
    return kind.flat_top and kind.name != top.name and _area(top) <= COVER_SHARE * _area(kind) and min(top.size[:2]) <= min(kind.size[:2])


def tops(kind: Kind) -> tuple[Kind, ...]:
    """What can stand on the kind."""
    return tuple(top for name in TOPS if covers(kind, top := kind_of(name)))


def fits_pair(kind: Kind) -> bool:
    """Whether two such things go into one box, beside each other."""
    return max(kind.size[:2]) <= PAIR_LONGEST and kind.size[2] <= PAIR_HEIGHT


def _area(kind: Kind) -> float:
    return kind.size[0] * kind.size[1] * (math.pi / 4 if kind.outline == "round" else 1.0)


def _always(kind: Kind) -> bool:
    return True


def _fits_box(kind: Kind) -> bool:
    return kind.radius <= BOX_FIT


def _stacks(kind: Kind) -> bool:
    return kind.flat_base and max(kind.size[:2]) <= STACK_LENGTH and kind.size[2] <= STACK_HEIGHT


def _slides(kind: Kind) -> bool:
    return kind.flat_base and kind.size[2] <= PUSH_HEIGHT * min(kind.size[:2])


def _topples(kind: Kind) -> bool:
    return kind.flat_base and kind.size[2] >= TIP_HEIGHT * max(kind.size[:2]) and max(kind.size[:2]) < APERTURE


def _can_be_covered(kind: Kind) -> bool:
    return bool(tops(kind))


_SUITS: Mapping[Family, Callable[[Kind], bool]] = MappingProxyType(
    {"place_in": _fits_box, "stack": _stacks, "push": _slides, "tip": _topples, "clear": _can_be_covered}
)
