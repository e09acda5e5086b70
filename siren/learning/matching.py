"""A rule's body and the atoms of one step as yes or no: how the learner looks at rules it did not write today.

It reads conjunctions of atoms, negated atoms and comparisons, as learned rules have them. A rule that a person has edited beyond
that is not judged here (`Body.read` answers None): it keeps its status and its counts.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from siren.symbolic.asp import Atom, Term

Binding = dict[str, Term]

_ATOM = re.compile(r"(not\s+)?([a-z][A-Za-z0-9_]*)\s*\(([^()]*)\)")
_COMPARISON = re.compile(r"(-?\w+)\s*(<=|>=|!=|=|<|>)\s*(-?\w+)")
_TERM = re.compile(r"-?\d+|_|[A-Za-z_]\w*")
_ORDER: dict[str, Callable[[int, int], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class _Condition:
    """One literal: an atom (`sign` says whether it has to hold) or a comparison of two terms."""

    name: str
    terms: tuple[str, ...]
    sign: bool = True
    comparison: bool = False


@dataclass(frozen=True)
class Body:
    """The conditions of a rule: atoms first, then comparisons, then what must not hold."""

    conditions: tuple[_Condition, ...]

    @staticmethod
    def read(rule_text: str) -> "Body | None":
        """The body of a rule, or None when it has something that is not read here."""
        body = rule_text.partition(":-")[2].strip().removesuffix(".")
        found = [_condition(part.strip()) for part in _split(body)]
        read = [condition for condition in found if condition is not None]
        if not read or len(read) < len(found):
            return None
        return Body(tuple(sorted(read, key=lambda condition: (condition.comparison, not condition.sign))))

    def holds(self, atoms: Mapping[str, list[tuple[Term, ...]]]) -> bool:
        """Whether some binding of the variables meets every condition. atoms: arguments by predicate name."""
        return self._meets(0, {}, atoms)

    def _meets(self, index: int, binding: Binding, atoms: Mapping[str, list[tuple[Term, ...]]]) -> bool:
        if index == len(self.conditions):
            return True
        condition = self.conditions[index]
        if condition.comparison:
            return _compared(condition, binding) and self._meets(index + 1, binding, atoms)
        if not condition.sign:
            absent = next(_matches(condition, binding, atoms), None) is None
            return absent and self._meets(index + 1, binding, atoms)
        return any(self._meets(index + 1, grown, atoms) for grown in _matches(condition, binding, atoms))


def by_name(atoms: frozenset[Atom]) -> dict[str, list[tuple[Term, ...]]]:
    """Atoms as `Body.holds` wants them."""
    index: dict[str, list[tuple[Term, ...]]] = {}
    for atom in atoms:
        index.setdefault(atom.name, []).append(atom.args)
    return index


def _split(body: str) -> list[str]:
    """At the commas that stand outside of brackets."""
    return re.split(r",\s*(?![^()]*\))", body)


def _condition(text: str) -> _Condition | None:
    atom = _ATOM.fullmatch(text)
    if atom:
        terms = tuple(term.strip() for term in atom[3].split(","))
        return _Condition(atom[2], terms, atom[1] is None) if all(map(_TERM.fullmatch, terms)) else None
    comparison = _COMPARISON.fullmatch(text)
    return _Condition(comparison[2], (comparison[1], comparison[3]), comparison=True) if comparison else None


def _matches(condition: _Condition, binding: Binding, atoms: Mapping[str, list[tuple[Term, ...]]]) -> Iterator[Binding]:
    for args in atoms.get(condition.name, ()):
        grown = _unified(condition.terms, args, binding)
        if grown is not None:
            yield grown


def _unified(terms: tuple[str, ...], args: tuple[Term, ...], binding: Binding) -> Binding | None:
    if len(terms) != len(args):
        return None
    grown = dict(binding)
    for term, value in zip(terms, args, strict=True):
        if term == "_":
            continue
        if _is_variable(term):
            if grown.setdefault(term, value) != value:
                return None
        elif _constant(term) != value:
            return None
    return grown


def _compared(condition: _Condition, binding: Binding) -> bool:
    left, right = (binding.get(term) if _is_variable(term) else _constant(term) for term in condition.terms)
    if condition.name in ("=", "!="):
        return (left == right) is (condition.name == "=")
    return isinstance(left, int) and isinstance(right, int) and _ORDER[condition.name](left, right)


def _is_variable(term: str) -> bool:
    return term.lstrip("_")[:1].isupper()


def _constant(term: str) -> Term:
    return int(term) if re.fullmatch(r"-?\d+", term) else term
