"""Further things of a step (beside it, on it, under it, and what stands on those) as columns: several conditions on one and the same thing.

Coverage is counted over (row, thing) pairs and then joined by row. There are thousands of such conditions, so only those enter the
search that tell more about the failures than the plain tie does: the best few single properties, pairs of properties, and chains.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siren.learning import literals as make
from siren.learning.cuts import cut_points
from siren.learning.literals import Literal

Words = frozenset[tuple[str, str]]  # ("attribute", "heavy"), ("category", "toy")
ByName = Mapping[str, list[tuple[object, ...]]]

SINGLES, PAIRS, CHAINS = 16, 16, 8  # columns that enter the search at most, of each form
CUTS = 2  # of each extent
FIRST = 40  # best properties that pairs are made of
SECOND = 5.0  # bits that a second property has to tell: what it takes to say which of FIRST it is


@dataclass(frozen=True)
class Further:
    """One thing that has to do with a step: how, what it is, how large, and what stands on it or carries it."""

    tie: str  # see literals.TIES
    words: Words
    extents: tuple[tuple[str, int], ...]
    chained: tuple[tuple[str, Words], ...]  # (on or under, what that third thing is)


class _Property(NamedTuple):
    """One condition on a further thing. `column` is over pairs."""

    told: make.Told
    column: np.ndarray


class _Pairs(NamedTuple):
    """All further things of one tie, and the rows that they belong to."""

    tie: str
    row: np.ndarray  # int (P,)
    things: tuple[Further, ...]


def things_of(by_name: ByName, thing: object, target: object) -> Iterator[Further]:
    """The further things of a step's atoms. `target` is None for steps that have none."""
    above: dict[object, list[object]] = {}
    below: dict[object, list[object]] = {}
    for upper, lower, *_ in by_name["on"]:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    tied = [("near", args[1]) for args in by_name["near"]]
    for relation in ("on", "in"):
        for upper, lower, *_ in by_name[relation]:
            tied += [(f"{relation}_{role}", upper) for role, who in (("O", thing), ("D", target)) if lower == who]
            tied += [(f"under_{relation}", lower)] if upper == thing else []
    words: dict[object, set[tuple[str, str]]] = {}
    for name in ("attribute", "category"):
        for args in by_name[name]:
            words.setdefault(args[0], set()).add((name, str(args[1])))
    for tie, who in tied:
        extents = tuple((str(args[1]), int(str(args[2]))) for args in by_name["extent"] if args[0] == who)
        chained = [("on", third) for third in above.get(who, ()) if third != thing]
        if tie == "near" or tie.startswith("under"):
            chained += [("under", third) for third in below.get(who, ()) if third != thing]
        yield Further(tie, frozenset(words.get(who, ())), extents, tuple((how, frozenset(words.get(third, ()))) for how, third in chained))


def columns_of(rows: Sequence[tuple[Further, ...]], labels: np.ndarray, read: np.ndarray) -> dict[Literal, np.ndarray]:
    """Conditions on further things that tell something. labels, read: bool (M,); only rows to be read teach what is worth keeping."""
    singles: list[tuple[float, Literal, np.ndarray]] = []
    doubles: list[tuple[float, Literal, np.ndarray]] = []
    chains: list[tuple[float, Literal, np.ndarray]] = []
    for pairs in _by_tie(rows):
        plain = _told(_joined(pairs, np.ones(len(pairs.row), dtype=bool), len(rows)), labels, read)
        single = sorted(_scored(pairs, _properties(pairs, labels, read), labels, read), key=lambda item: -item[0])
        if pairs.tie == "near" or pairs.tie.startswith("under"):  # of what stands on a thing one property is among the plain conditions
            singles += [item for item in _as_literals(pairs, [(p,) for _, p in single], labels, read) if item[0] > plain + 1]
        best = [found for _, found in single[:FIRST]]
        both = [(one, other) for index, one in enumerate(best) for other in best[index + 1 :]]
        parents = {id(found): score for score, found in single}
        told = _as_literals(pairs, both, labels, read)
        doubles += [
            item for item, pair in zip(told, both, strict=True) if item[0] > SECOND + max(plain, *(parents[id(one)] for one in pair))
        ]
        chains += [item for item in _chains(pairs, labels, read) if item[0] > plain + 1]
    kept: dict[Literal, np.ndarray] = {}
    for found, limit in ((singles, SINGLES), (doubles, PAIRS), (chains, CHAINS)):
        for _, literal, column in sorted(found, key=lambda item: (-item[0], item[1].text))[:limit]:
            kept.setdefault(literal, column)
    return kept


def _by_tie(rows: Sequence[tuple[Further, ...]]) -> Iterator[_Pairs]:
    found: dict[str, list[tuple[int, Further]]] = {}
    for index, things in enumerate(rows):
        for thing in things:
            found.setdefault(thing.tie, []).append((index, thing))
    for tie, pairs in sorted(found.items()):
        yield _Pairs(tie, np.array([index for index, _ in pairs]), tuple(thing for _, thing in pairs))


def _properties(pairs: _Pairs, labels: np.ndarray, read: np.ndarray) -> Iterator[_Property]:
    for name, value in sorted({word for thing in pairs.things for word in thing.words}):
        column = np.array([(name, value) in thing.words for thing in pairs.things])
        if column.all():
            continue
        yield _Property(make.Told(f"{name}({{y}}, {value})", make.is_what(name, value)), column)
        if name == "attribute":
            yield _Property(make.Told(f"not {name}({{y}}, {value})", make.is_what(name, value, holds=False)), ~column)
    for dimension in ("length", "width", "height"):
        values = np.array([dict(thing.extents).get(dimension, -1) for thing in pairs.things])
        known = values >= 0
        for cut in cut_points(values[known & read[pairs.row]], labels[pairs.row][known & read[pairs.row]], CUTS):
            for at_least in (True, False):
                holds = known & ((values >= cut) if at_least else (values < cut))
                yield _Property(make.further_extent(dimension, at_least, cut), holds)


def _scored(pairs: _Pairs, found: Iterator[_Property], labels: np.ndarray, read: np.ndarray) -> Iterator[tuple[float, _Property]]:
    for one in found:
        yield _told(_joined(pairs, one.column, len(labels)), labels, read), one


def _as_literals(
    pairs: _Pairs, found: Sequence[tuple[_Property, ...]], labels: np.ndarray, read: np.ndarray
) -> list[tuple[float, Literal, np.ndarray]]:
    told = []
    for properties in found:
        column = _joined(pairs, np.logical_and.reduce([one.column for one in properties]), len(labels))
        literal = make.further(pairs.tie, [one.told for one in properties])
        told.append((_told(column, labels, read), literal, column))
    return told


def _chains(pairs: _Pairs, labels: np.ndarray, read: np.ndarray) -> Iterator[tuple[float, Literal, np.ndarray]]:
    """A third thing on or under the further one, of any kind or with one attribute."""
    for how in ("on", "under"):
        kinds = sorted(
            {value for thing in pairs.things for way, words in thing.chained if way == how for name, value in words if name == "attribute"}
        )
        for value in (None, *kinds):
            held = [
                any(way == how and (value is None or ("attribute", value) in words) for way, words in thing.chained)
                for thing in pairs.things
            ]
            column = _joined(pairs, np.array(held), len(labels))
            if column.any():
                yield _told(column, labels, read), make.chain(pairs.tie, how, value), column


def _joined(pairs: _Pairs, held: np.ndarray, count: int) -> np.ndarray:
    """Pairs as rows: a row has it when one of its things has it. bool (M,)."""
    column = np.zeros(count, dtype=bool)
    column[pairs.row[held]] = True
    return column


def _told(column: np.ndarray, labels: np.ndarray, read: np.ndarray) -> float:
    """What a condition says about the failures, in bits: the mutual information, times the number of rows."""
    held, failed = column[read], labels[read]
    total = len(held)
    both = np.array([[(held & failed).sum(), (held & ~failed).sum()], [(~held & failed).sum(), (~held & ~failed).sum()]], dtype=float)
    if total == 0:
        return 0.0
    expected = both.sum(axis=1, keepdims=True) @ both.sum(axis=0, keepdims=True) / total
    inside = both > 0
    return float((both[inside] * np.log2(both[inside] / expected[inside])).sum())
