"""Rows of steps as boolean columns, one for each condition that a rule could be made of. Millimetres throughout.

Which predicates may appear is a short table; which values, and where to cut a number, is read off the rows: a cut lies between two
measured values where the share of failures changes, at the roundest number of the gap. Conditions on a further thing Y hold when one
and the same Y has all the properties, so they are made over (row, Y) pairs and then joined by row.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from siren.core.plan import PUTS, TABLE
from siren.learning import further
from siren.learning import literals as make
from siren.learning.cuts import cut_points
from siren.learning.failures import StepRow
from siren.learning.further import Further
from siren.learning.literals import Literal

BEARINGS = ("jaw", "diagonal", "aside")
MEASURES = ("span", "fit", "height", "offset", "depth", "tilt", "edge", "far", "room", "apart")
PROPERTIES = ("attribute", "category")
MANNERS = ("speed", "force")
Measure = tuple[str, str | None, str | None]  # predicate; O or D; dimension

CUTS = 6  # of one number
FURTHER_CUTS = 2  # and of each reading after the first


@dataclass(frozen=True)
class Neighbour:
    """A thing beside the one that is taken."""

    bearing: str
    gap: int
    over: int
    hand: int | None = None  # logs from elsewhere, and sessions of before, do not tell it


@dataclass(frozen=True)
class StepView:
    """What a row says in the terms of the table: conditions that hold, and numbers that a cut can be put through."""

    holds: frozenset[Literal]
    numbers: dict[Measure, int]
    neighbours: tuple[Neighbour, ...]
    further: tuple[Further, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Conditions and, row for row, whether they hold. values: bool (F, M)."""

    literals: tuple[Literal, ...]
    values: np.ndarray

    @property
    def costs(self) -> np.ndarray:
        return np.array([literal.cost for literal in self.literals], dtype=np.int64)

    @property
    def kinds(self) -> np.ndarray:
        """1 for conditions on a neighbour: a rule speaks of one neighbour at most."""
        return np.array([literal.text.startswith("near(") for literal in self.literals], dtype=np.int64)


def view(row: StepRow) -> StepView:
    """A row in the terms of the table. Conditions that depend on a cut or on what other rows have come later."""
    by_name: dict[str, list[tuple[object, ...]]] = defaultdict(list)
    for atom in row.atoms:
        by_name[atom.name].append(atom.args)
    thing = next((args[2] for args in by_name["step"]), None)
    target = next((args[2] for args in by_name["target"]), None)
    roles = {"O": thing} if target is None else {"O": thing, "D": target}
    holds = {make.manner(name, str(args[1])) for name in MANNERS for args in by_name[name]}
    numbers: dict[Measure, int] = {(name, None, None): int(str(args[1])) for name in MEASURES for args in by_name[name]}
    for role, who in roles.items():
        holds |= {make.thing_property(name, role, str(args[1])) for name in PROPERTIES for args in by_name[name] if args[0] == who}
        holds |= _carried(by_name, role, who)
        for args in by_name["extent"]:
            if args[0] == who:
                numbers["extent", role, str(args[1])] = int(str(args[2]))
    holds |= {make.standing(relation) for relation in ("on", "in") for args in by_name[relation] if args[0] == thing}
    holds |= {make.mismatch()} if by_name["mismatch"] else set()
    if target is not None:
        holds |= _placed(by_name, str(target))
    return StepView(frozenset(holds), numbers, _neighbours(by_name), tuple(further.things_of(by_name, thing, target)))


def build(views: Sequence[StepView], labels: np.ndarray, readings: Sequence[np.ndarray]) -> Columns:
    """All conditions over these rows. labels: bool (M,), failures; readings: each bool (M,), rows that some of the cuts are read off.

    The first reading is all that may teach; the others are what is left when some rules are taken for granted, so that the cut of one
    trouble is not blurred by another that looks the same.
    """
    found: dict[Literal, np.ndarray] = {}
    count = len(views)
    for index, seen in enumerate(views):
        for literal in seen.holds:
            found.setdefault(literal, np.zeros(count, dtype=bool))[index] = True
    found |= _negated(found, count)
    found |= _alone(views)
    found |= _thresholds(views, labels, readings)
    found |= _neighbour_columns(views, labels, readings)
    found |= _compared(views, labels, readings[0])
    found |= {
        one: column for one, column in further.columns_of([seen.further for seen in views], labels, readings[0]).items() if one not in found
    }
    ordered = sorted(found, key=lambda literal: (literal.cost, literal.text))
    values = np.array([found[literal] for literal in ordered]) if ordered else np.zeros((0, count), dtype=bool)
    return Columns(tuple(ordered), values)


def _carried(by_name: dict[str, list[tuple[object, ...]]], role: str, who: object) -> set[Literal]:
    """What stands on or in O or D."""
    holds: set[Literal] = set()
    for relation in ("on", "in"):
        for args in by_name[relation]:
            if args[1] != who:
                continue
            holds.add(make.carried(relation, role))
            holds |= {make.carried(relation, role, str(p[1])) for p in by_name["attribute"] if p[0] == args[0]}
    return holds


def _placed(by_name: dict[str, list[tuple[object, ...]]], target: str) -> set[Literal]:
    relation = str(by_name["target"][0][1])
    skill = by_name["step"][0][1]
    stacks = {make.stacked(holds=skill == "stack")} if skill in PUTS else set()
    return {make.put_in(relation), make.to_table(holds=target == TABLE)} | stacks


def _neighbours(by_name: dict[str, list[tuple[object, ...]]]) -> tuple[Neighbour, ...]:
    bearing = {args[1]: str(args[2]) for args in by_name["near"]}
    gap, over, hand = ({args[1]: int(str(args[2])) for args in by_name[name]} for name in ("gap", "over", "hand"))
    return tuple(Neighbour(bearing[other], gap[other], over[other], hand.get(other)) for other in bearing if other in gap and other in over)


def _negated(found: dict[Literal, np.ndarray], count: int) -> dict[Literal, np.ndarray]:
    """Not this manner, not this attribute, nothing on it: wherever the positive condition occurs at all."""
    out: dict[Literal, np.ndarray] = {}
    for name in MANNERS:
        for value in _values(found, name, "T"):
            out[make.manner(name, value, holds=False)] = ~found[make.manner(name, value)]
    for role in ("O", "D"):
        for value in _values(found, "attribute", role):
            out[make.thing_property("attribute", role, value, holds=False)] = ~found[make.thing_property("attribute", role, value)]
        for relation in ("on", "in"):
            positive = make.carried(relation, role)
            if positive in found:
                out[make.uncovered(relation, role)] = ~found[positive]
    return out


def _alone(views: Sequence[StepView]) -> dict[Literal, np.ndarray]:
    """Nothing beside the thing in that direction, or at all."""
    out: dict[Literal, np.ndarray] = {}
    if any(seen.neighbours for seen in views):
        for bearing in (None, *BEARINGS):
            out[make.alone(bearing)] = np.array([all(bearing not in (None, other.bearing) for other in seen.neighbours) for seen in views])
    return out


def _values(found: dict[Literal, np.ndarray], name: str, first: str) -> list[str]:
    start = f"{name}({first}, "
    return [literal.text[len(start) : -1] for literal in found if literal.text.startswith(start)]


def _thresholds(views: Sequence[StepView], labels: np.ndarray, readings: Sequence[np.ndarray]) -> dict[Literal, np.ndarray]:
    """At least and less than, for each cut of each number. A row without the number meets neither."""
    out: dict[Literal, np.ndarray] = {}
    for key in sorted({key for seen in views for key in seen.numbers}, key=str):
        known = np.array([key in seen.numbers for seen in views])
        values = np.array([seen.numbers.get(key, 0) for seen in views])
        limits = [CUTS, *[FURTHER_CUTS] * (len(readings) - 1)]
        cuts = [
            cut
            for read, limit in zip(readings, limits, strict=True)
            for cut in cut_points(values[known & read], labels[known & read], limit)
        ]
        for cut in dict.fromkeys(cuts):
            out[make.threshold(*key, True, cut)] = known & (values >= cut)
            out[make.threshold(*key, False, cut)] = known & (values < cut)
    return out


def _compared(views: Sequence[StepView], labels: np.ndarray, read: np.ndarray) -> dict[Literal, np.ndarray]:
    """The thing against where it goes: larger in one measure than the target is in one of its own."""
    sizes = {
        (role, name): np.array([seen.numbers.get(("extent", role, name), -1) for seen in views])
        for role in "OD"
        for name in make.DIMENSIONS
    }
    out: dict[Literal, np.ndarray] = {}
    for own, other in [(name, name) for name in make.DIMENSIONS] + [("length", "width")]:
        one, target = sizes["O", own], sizes["D", other]
        known = (one >= 0) & (target >= 0)
        if (known & read & labels).any():
            out[make.larger(own, other)] = known & (one > target)
            out[make.larger(own, other, holds=False)] = known & (one <= target)
    return out


def _neighbour_columns(views: Sequence[StepView], labels: np.ndarray, readings: Sequence[np.ndarray]) -> dict[Literal, np.ndarray]:
    pairs = [(index, other) for index, seen in enumerate(views) for other in seen.neighbours]
    if not pairs:
        return {}
    row = np.array([index for index, _ in pairs])
    bearing = np.array([other.bearing for _, other in pairs])
    gap, over = np.array([other.gap for _, other in pairs]), np.array([other.over for _, other in pairs])
    gaps, overs = list[int](), list[int]()
    for number, reading in enumerate(readings):
        each = FURTHER_CUTS if number == 0 else 1
        nearer_than = _pair_cuts(gap, labels[row], reading[row], bearing, each)
        gaps += nearer_than
        overs += _pair_cuts(over, labels[row], reading[row] & (gap < max(nearer_than, default=0)), bearing, each)
    out: dict[Literal, np.ndarray] = {}
    for seen, excluded in [(None, None), *((b, None) for b in BEARINGS), *((None, b) for b in BEARINGS)]:
        mask = bearing == seen if seen else bearing != excluded if excluded else np.ones(len(pairs), dtype=bool)
        for nearer in (None, *dict.fromkeys(gaps)):
            within = mask if nearer is None else mask & (gap < nearer)
            for higher in (None, *dict.fromkeys(overs)):
                column = np.zeros(len(views), dtype=bool)
                column[row[within if higher is None else within & (over >= higher)]] = True
                out[make.neighbour(seen, excluded, nearer, higher)] = column
    return out | _crowded(views, labels, readings)


def _crowded(views: Sequence[StepView], labels: np.ndarray, readings: Sequence[np.ndarray]) -> dict[Literal, np.ndarray]:
    """A neighbour that leaves the hand little room, or stands in its way."""
    nearest = [min((other.hand for other in seen.neighbours if other.hand is not None), default=None) for seen in views]
    beside = np.array([room is not None for room in nearest])
    least = np.array([np.iinfo(np.int64).max if room is None else room for room in nearest])
    limits = [CUTS, *[FURTHER_CUTS] * (len(readings) - 1)]
    each = (cut_points(least[beside & read], labels[beside & read], limit) for read, limit in zip(readings, limits, strict=True))
    return {make.crowded(cut): least < cut for cut in dict.fromkeys(cut for cuts in each for cut in cuts)}


def _pair_cuts(values: np.ndarray, labels: np.ndarray, read: np.ndarray, bearing: np.ndarray, each: int) -> list[int]:
    """The best cuts over all neighbours, and the best among those of one bearing; `each` of either."""
    cuts = cut_points(values[read], labels[read], each)
    for one in BEARINGS:
        chosen = read & (bearing == one)
        cuts += cut_points(values[chosen], labels[chosen], each)
    return list(dict.fromkeys(cuts))
