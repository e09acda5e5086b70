"""A learning problem as clauses: the best connected conditions are grown over bindings, then the same search picks the rules.

A fragment is a conjunction in which every new variable hangs together with the head. It is grown condition by condition from the
bindings that still hold, the best few of each length going on; what separates the examples becomes a column, and `induce` looks for the
set of conjunctions of columns that codes the labels in the fewest bits. At most three further variables; no recursion, no constants.
"""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siren.learning.induce import Search, induce
from siren.learning.problem import Body, Problem

FURTHER = 3
LENGTH = 5  # conditions of one fragment
BEAM, KEPT = 60, 40  # fragments of a length that grow further, and that become columns
BINDINGS = 200_000
SEARCH = Search(max_literals=3, max_cost=12, max_rules=8, eps=0.03, min_support=2)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Atom(NamedTuple):
    """A predicate over variables by their number; the head has the first ones."""

    name: str
    args: tuple[int, ...]


@dataclass(frozen=True)
class Clause:
    """One rule that was found, with its counts on the examples that taught it."""

    head: str
    arity: int
    body: tuple[Atom, ...]
    positives: int
    negatives: int

    @property
    def asp(self) -> str:
        """The clause as ASP."""
        return f"{self._told(self.head, range(self.arity))} :- {', '.join(self._told(atom.name, atom.args) for atom in self.body)}."

    @property
    def prolog(self) -> str:
        """The clause as Prolog."""
        return f"{self._told(self.head, range(self.arity))}:- {','.join(self._told(atom.name, atom.args) for atom in self.body)}."

    def _told(self, name: str, args: Sequence[int]) -> str:
        return f"{name}({','.join(LETTERS[arg] for arg in args)})"


@dataclass(frozen=True)
class Learned:
    """The rules, and how many of the examples they get right. `test_accuracy` is None without examples held out."""

    clauses: tuple[Clause, ...]
    train_accuracy: float
    test_accuracy: float | None
    seconds: float
    reason: str

    @property
    def size(self) -> int:
        """Atoms of all clauses, heads included."""
        return sum(1 + len(clause.body) for clause in self.clauses)


class _Fragment(NamedTuple):
    """Conditions, the types of their variables, and the bindings under which they hold: int (B, 1 + variables), first the example."""

    atoms: frozenset[Atom]
    types: tuple[str, ...]
    bindings: np.ndarray
    score: float


def learn(problem: Problem, rng: np.random.Generator, holdout: float = 0.0) -> Learned:
    """Rules that hold for the positive examples and for no negative one, as far as that can be said. holdout: share in [0, 1)."""
    begun = time.process_time()
    examples = [*problem.positives, *problem.negatives]
    labels = np.arange(len(examples)) < len(problem.positives)
    teaching = _teaching(labels, holdout, rng)
    world = _World(problem, examples, labels, teaching)
    columns, bodies = _columns(world)
    costs = np.array([len(body) for body in bodies], dtype=np.int64)
    found = induce(columns[:, teaching], costs, labels[teaching], SEARCH)
    said = np.zeros(len(examples), dtype=bool)
    clauses = []
    for chosen in found.bodies:
        body = _plainer(world, _apart([bodies[index] for index in chosen], len(problem.types)), teaching)
        holds = world.holds(body)
        assert holds is not None, "what was found hangs together"
        said |= holds
        counts = int((holds & labels & teaching).sum()), int((holds & ~labels & teaching).sum())
        clauses.append(Clause(problem.head, len(problem.types), body, *counts))
    right = said == labels
    return Learned(
        clauses=tuple(clauses),
        train_accuracy=float(right[teaching].mean()),
        test_accuracy=float(right[~teaching].mean()) if (~teaching).any() else None,
        seconds=time.process_time() - begun,
        reason=found.reason,
    )


def _teaching(labels: np.ndarray, holdout: float, rng: np.random.Generator) -> np.ndarray:
    """Which examples teach: of both kinds the same share is held out."""
    teaching = np.ones(len(labels), dtype=bool)
    for sign in (True, False):
        members = np.nonzero(labels == sign)[0]
        teaching[rng.permutation(members)[: round(holdout * len(members))]] = False
    return teaching


def _columns(world: "_World") -> tuple[np.ndarray, list[tuple[Atom, ...]]]:
    """The best fragments of each length as columns over the examples. bool (F, M)"""
    beam = [world.start()]
    kept: dict[bytes, _Fragment] = {}
    for _ in range(LENGTH):
        grown = {fragment.atoms: fragment for parent in beam for fragment in world.grown(parent)}
        ranked = sorted(grown.values(), key=lambda fragment: (-fragment.score, sorted(fragment.atoms)))
        beam = ranked[:BEAM]
        for fragment in ranked[:KEPT]:
            kept.setdefault(world.column(fragment.bindings).tobytes(), fragment)
    columns = [world.column(fragment.bindings) for fragment in kept.values()]
    return (np.array(columns) if columns else np.zeros((0, world.examples), dtype=bool)), [
        tuple(sorted(fragment.atoms, key=lambda atom: (max(atom.args), len(atom.args) == 1, atom))) for fragment in kept.values()
    ]


class _World:
    """Facts and examples as numbers."""

    def __init__(self, problem: Problem, examples: Sequence[tuple[str, ...]], labels: np.ndarray, teaching: np.ndarray) -> None:
        self._numbers: dict[str, int] = {}
        self._labels, self._teaching = labels, teaching
        self.arity = len(problem.types)
        self._types = problem.types
        self._examples = np.array([[self._number(word) for word in example] for example in examples], dtype=np.int64)
        self._relations = [_Relation(body, [tuple(map(self._number, row)) for row in body.rows]) for body in problem.bodies if body.rows]
        self._named = {(relation.body.name, len(relation.body.types)): relation for relation in self._relations}

    @property
    def examples(self) -> int:
        """How many there are."""
        return len(self._examples)

    def holds(self, body: Sequence[Atom]) -> np.ndarray | None:
        """For which examples a body holds, bool (M,); None when a condition does not hang together with the head."""
        bindings, left = self.start().bindings, list(body)
        place = {variable: variable for variable in range(self.arity)}
        while left:
            ready = [atom for atom in left if sum(arg not in place for arg in atom.args) < len(atom.args)]
            if not ready:
                return None
            atom = min(ready, key=lambda atom: sum(arg not in place for arg in atom.args))
            left.remove(atom)
            args = tuple(place.setdefault(arg, len(place)) for arg in atom.args)
            bindings = self._named[atom.name, len(args)].joined(bindings, args)
        return self.column(bindings)

    def start(self) -> _Fragment:
        """Every example, bound to itself."""
        numbers = np.arange(len(self._examples))[:, None]
        return _Fragment(frozenset(), self._types, np.hstack([numbers, self._examples]), 0.0)

    def column(self, bindings: np.ndarray) -> np.ndarray:
        """For which examples there is a binding. bool (M,)"""
        column = np.zeros(len(self._examples), dtype=bool)
        column[bindings[:, 0]] = True
        return column

    def grown(self, fragment: _Fragment) -> Iterator[_Fragment]:
        """The fragment with one condition more, over the variables that it has or with one new variable."""
        for relation in self._relations:
            for args in relation.places(fragment.types, new=len(fragment.types) - self.arity < FURTHER):
                atom = Atom(relation.body.name, args)
                if atom in fragment.atoms:
                    continue
                bindings = relation.joined(fragment.bindings, args)
                if 0 < len(bindings) <= BINDINGS:
                    types = (
                        fragment.types if max(args) < len(fragment.types) else (*fragment.types, relation.body.types[args.index(max(args))])
                    )
                    yield _Fragment(fragment.atoms | {atom}, types, bindings, self._told(bindings))

    def _told(self, bindings: np.ndarray) -> float:
        """What having a binding says for an example, in bits; below zero when it speaks against it."""
        held = self.column(bindings)[self._teaching]
        labels = self._labels[self._teaching]
        both = np.array([[(held & labels).sum(), (held & ~labels).sum()], [(~held & labels).sum(), (~held & ~labels).sum()]], dtype=float)
        expected = both.sum(axis=1, keepdims=True) @ both.sum(axis=0, keepdims=True) / len(labels)
        inside = both > 0
        told = float((both[inside] * np.log2(both[inside] / expected[inside])).sum())
        return told if both[0, 0] >= expected[0, 0] else -told

    def _number(self, word: str) -> int:
        return self._numbers.setdefault(word, len(self._numbers))


class _Relation:
    """One predicate's facts, to be looked up from either side."""

    def __init__(self, body: Body, rows: Sequence[tuple[int, ...]]) -> None:
        self.body = body
        self._rows = set(rows)
        self._from: list[dict[int, list[int]]] = [defaultdict(list), defaultdict(list)]
        for row in rows if len(body.types) == 2 else ():
            self._from[0][row[0]].append(row[1])
            self._from[1][row[1]].append(row[0])

    def places(self, types: tuple[str, ...], *, new: bool) -> Iterator[tuple[int, ...]]:
        """Variables that the arguments could be: bound ones of the right type, and at most one new one that is no input."""
        fits = [[index for index, kind in enumerate(types) if not kind or not wanted or kind == wanted] for wanted in self.body.types]
        if len(fits) == 1:
            yield from ((index,) for index in fits[0])
            return
        yield from ((one, other) for one in fits[0] for other in fits[1] if one != other)
        if new:
            if not self.body.inputs[1]:
                yield from ((one, len(types)) for one in fits[0])
            if not self.body.inputs[0]:
                yield from ((len(types), other) for other in fits[1])

    def joined(self, bindings: np.ndarray, args: tuple[int, ...]) -> np.ndarray:
        """The bindings under which the condition holds too, with a column more when it has a new variable."""
        known = bindings.shape[1] - 1
        if max(args) < known:
            held = [tuple(row) in self._rows for row in bindings[:, [arg + 1 for arg in args]].tolist()]
            return np.asarray(bindings[np.array(held, dtype=bool)])
        side = 0 if args[1] == known else 1
        others = [self._from[side].get(value, ()) for value in bindings[:, args[side] + 1].tolist()]
        repeated = np.repeat(bindings, [len(found) for found in others], axis=0)
        added = np.array([value for found in others for value in found], dtype=np.int64)
        return np.hstack([repeated, added[:, None]])


def _plainer(world: "_World", body: tuple[Atom, ...], teaching: np.ndarray) -> tuple[Atom, ...]:
    """The body without conditions that make no difference to the examples that teach: first all of a variable, then one by one."""
    full = world.holds(body)
    assert full is not None
    last = max(arg for atom in body for arg in atom.args)
    dropped = [{atom for atom in body if variable in atom.args} for variable in range(last, world.arity - 1, -1)]
    for gone in [*dropped, *({atom} for atom in reversed(body))]:
        rest = tuple(atom for atom in body if atom not in gone)
        held = world.holds(rest) if rest else None
        if held is not None and (held[teaching] == full[teaching]).all():
            body = rest
    return _apart([body], world.arity)


def _apart(bodies: Sequence[tuple[Atom, ...]], arity: int) -> tuple[Atom, ...]:
    """Several fragments as one body: each keeps further variables of its own."""
    found: list[Atom] = []
    free = arity
    for body in bodies:
        renamed = {index: index for index in range(arity)}
        for atom in body:
            for arg in atom.args:
                if arg not in renamed:
                    renamed[arg], free = free, free + 1
            found.append(Atom(atom.name, tuple(renamed[arg] for arg in atom.args)))
    return tuple(dict.fromkeys(found))
