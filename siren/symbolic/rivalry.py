"""Two rules as how they stand to each other: one says no more than the other, or together they leave a step no manner at all.

    rivals(rule, others)

A rule is subsumed by another that is broken whenever it is: the other has fewer or weaker conditions. Two rules conflict when neither
forbids a step outright but both together forbid every speed and force for a thing that meets the conditions of both.
Plain rules only (see `reading`); of others nothing is said. It reads what rules say, not what happened.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Literal, NamedTuple

from pydantic import Field

from siren.core.action import FORCES, SPEEDS
from siren.core.rule import Rule
from siren.core.values import Value
from siren.symbolic.reading import Comparison, PlainAtom, PlainRule, is_number, is_variable, read_plain

Manner = frozenset[tuple[str, str]]
ALL: Manner = frozenset(product(SPEEDS, FORCES))
Bindings = dict[str, str]
FAR = 1 << 31  # beyond every number that a rule may hold
WORST = 4_096  # ways of matching that are tried; twelve conditions of one predicate could be matched in millions


class Rival(Value):
    """One other rule, and what it is to the one that was asked about."""

    rule: str
    relation: Literal["same", "subsumes", "subsumed", "conflict"] = Field(
        description="subsumes: the rule asked about forbids all that this one forbids; subsumed: the other way round"
    )
    saying: str


class _Sides(NamedTuple):
    """A rule without its manner, and the manners that it forbids."""

    rest: PlainRule
    forbids: Manner


def rivals(rule: Rule, others: Iterable[Rule]) -> tuple[Rival, ...]:
    """Every one of `others` that says the same as the rule, more, less, or the opposite. Rules of the same id are passed over."""
    plain = read_plain(rule.text)
    found = ((other, read_plain(other.text)) for other in others if other.id != rule.id) if plain else ()
    told = ((other, _relation(plain, read)) for other, read in found if plain and read)
    return tuple(Rival(rule=other.id, relation=relation, saying=other.saying) for other, relation in told if relation)


def _relation(rule: PlainRule, other: PlainRule) -> Literal["same", "subsumes", "subsumed", "conflict"] | None:
    more, less = covers(rule, other), covers(other, rule)
    if more and less:
        return "same"
    if more or less:
        return "subsumes" if more else "subsumed"
    return "conflict" if _conflict(_sides(rule), _sides(other)) else None


def covers(general: PlainRule, special: PlainRule) -> bool:
    """Whether each condition of `general`, its variables put in somehow, is among those of `special` or follows from one."""
    budget = [WORST]
    return any(
        all(_follows(comparison, special, bindings) for comparison in general.comparisons)
        for bindings in _matches(general.atoms, special.atoms, {general.step: special.step}, budget)
    )


def _matches(left: Sequence[PlainAtom], right: Sequence[PlainAtom], bindings: Bindings, budget: list[int]) -> Iterator[Bindings]:
    """Ways to put terms of `right` in the place of the variables of `left`, so that each of its atoms is found there."""
    if not left:
        yield bindings
        return
    for atom in right:
        budget[0] -= 1
        if budget[0] < 0:
            return
        if (atom.name, atom.negated, len(atom.args)) == (left[0].name, left[0].negated, len(left[0].args)):
            put_in = _put_in(left[0].args, atom.args, bindings)
            if put_in is not None:
                yield from _matches(left[1:], right, put_in, budget)


def _put_in(terms: Sequence[str], others: Sequence[str], bindings: Bindings) -> Bindings | None:
    found = dict(bindings)
    for term, other in zip(terms, others, strict=True):
        if term == "_":
            continue
        if (found.setdefault(term, other) if is_variable(term) else term) != other:
            return None
    return found


def _follows(comparison: Comparison, special: PlainRule, bindings: Bindings) -> bool:
    """Whether a comparison is one of the special rule's, or weaker than one of them."""
    wanted = comparison._replace(
        left=bindings.get(comparison.left, comparison.left), right=bindings.get(comparison.right, comparison.right)
    )
    return any(_implies(given, wanted) for given in special.comparisons)


def _implies(given: Comparison, wanted: Comparison) -> bool:
    if given == wanted:
        return True
    same = (given.left, given.centre) == (wanted.left, wanted.centre)
    if not same or not (is_number(given.right) and is_number(wanted.right)):
        return False
    had, asked = int(given.right), int(wanted.right)
    low, high = ("<", "<="), (">", ">=")
    if given.order in low and wanted.order in low:
        return had + (given.order == "<=") <= asked + (wanted.order == "<=")
    if given.order in high and wanted.order in high:
        return had - (given.order == ">=") >= asked - (wanted.order == ">=")
    return False


def _sides(rule: PlainRule) -> _Sides:
    manner = [atom for atom in rule.atoms if atom.name in ("speed", "force") and not is_variable(atom.args[-1])]
    rest = rule._replace(atoms=tuple(atom for atom in rule.atoms if atom not in manner))
    forbids = (combination for combination in ALL if all((atom.args[-1] in combination) is not atom.negated for atom in manner))
    return _Sides(rest, frozenset(forbids))


def _conflict(first: _Sides, second: _Sides) -> bool:
    """Each leaves a manner, both together leave none, and nothing keeps one step from meeting the conditions of both."""
    if ALL in (first.forbids, second.forbids) or first.forbids | second.forbids != ALL:
        return False
    one, other = ({_by_part(atom, side.rest): atom.negated for atom in side.rest.atoms} for side in (first, second))
    skills = [{key[2] for key in parts if key[0] == "step"} for parts in (one, other)]
    if "_" not in skills[0] | skills[1] and skills[0] != skills[1]:
        return False
    return all(one[key] == other[key] for key in one.keys() & other.keys()) and _overlap(_bounds(first.rest), _bounds(second.rest))


def _by_part(atom: PlainAtom, rule: PlainRule) -> tuple[str, ...]:
    """A condition with the step's own variables named by the part that they play, so that those of two rules can be compared."""
    parts = {rule.step: "T"}
    parts |= {other.args[2]: {"step": "O", "target": "D"}[other.name] for other in rule.atoms if other.name in ("step", "target")}
    return (atom.name, *(parts.get(term, term) for term in atom.args))


def _bounds(rule: PlainRule) -> dict[tuple[str, ...], tuple[int, int]]:
    """The least and the greatest value of each number that the rule compares with a constant."""
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for left, order, right, centre in rule.comparisons:
        holder = next((atom for atom in rule.atoms if atom.args[-1] == left), None)
        if holder is None or centre is not None or not is_number(right) or order == "!=":
            continue
        key, limit = _by_part(holder, rule)[:-1], int(right)
        low, high = found.get(key, (-FAR, FAR))
        above = limit + (order == ">") if order in (">", ">=", "=") else -FAR
        below = limit - (order == "<") if order in ("<", "<=", "=") else FAR
        found[key] = (max(low, above), min(high, below))
    return found


def _overlap(one: dict[tuple[str, ...], tuple[int, int]], other: dict[tuple[str, ...], tuple[int, int]]) -> bool:
    return all(max(one[key][0], other[key][0]) <= min(one[key][1], other[key][1]) for key in one.keys() & other.keys())
