"""Rules side by side: which say the same, which says all that another says and more, and which leave no manner between them.

    subsumes(general, special)     every plan that breaks `special` breaks `general` as well
    relations(rules)               all pairs, told in a sentence

Conditions are mapped onto conditions (theta-subsumption), cuts are compared as intervals, and a step has one speed and one force. What
is found holds; rules that are no plain conjunctions (`reading`) are passed over, so not everything that holds is found.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, count
from typing import Literal

from siren.core.action import FORCES, SPEEDS
from siren.core.rule import Rule
from siren.core.values import Value
from siren.symbolic.conditions import ORDER
from siren.symbolic.reading import Comparison, PlainAtom, PlainRule, is_number, is_variable, read_plain

ANY = "_"
WORDS: Mapping[str, frozenset[str]] = {"speed": frozenset(SPEEDS), "force": frozenset(FORCES)}  # what a step has exactly one of
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
Kind = Literal["equivalent", "subsumes", "contradicts"]
Mapped = dict[str, str]


class Relation(Value):
    """Two rules and what one is to the other: the first says the same, says more, or leaves no manner together with the second."""

    kind: Kind
    first: str
    second: str
    sentence: str


def subsumes(general: str, special: str) -> bool:
    """Whether every step that breaks the second rule (given as text) breaks the first as well."""
    wide, narrow = read_plain(general), read_plain(special)
    return wide is not None and narrow is not None and _maps(_single_use(wide), _told_apart(narrow))


def equivalent(one: str, other: str) -> bool:
    """Whether two rules, given as text, forbid the same: of those that are not plain only if they are worded alike."""
    if one.partition(":-")[2].split() == other.partition(":-")[2].split():
        return True
    return subsumes(one, other) and subsumes(other, one)


def relations(rules: Sequence[Rule]) -> tuple[Relation, ...]:
    """Every pair that says the same, of which one says all that the other says, or that leaves no manner between them."""
    found: list[Relation] = []
    for first, second in combinations(sorted(rules, key=lambda rule: rule.id), 2):
        over, under = subsumes(first.text, second.text), subsumes(second.text, first.text)
        if over and under:
            told = f"{first.id} and {second.id} say the same; one of them can go"
            found.append(Relation(kind="equivalent", first=first.id, second=second.id, sentence=told))
        elif over or under:
            wide, narrow = (first, second) if over else (second, first)
            told = f"{wide.id} forbids all that {narrow.id} forbids, and more; as long as it is in force, {narrow.id} adds nothing"
            found.append(Relation(kind="subsumes", first=wide.id, second=narrow.id, sentence=told))
        found += _contradictions(first, second)
    return tuple(found)


def _contradictions(first: Rule, second: Rule) -> Iterator[Relation]:
    """Where one rule forbids some speeds (or forces) and the other all the rest, and neither asks for anything else of the manner."""
    rules = [read_plain(rule.text) for rule in (first, second)]
    for name, words in WORDS.items():
        forbidden = [_forbidden(rule, name) for rule in rules if rule is not None]
        if len(forbidden) == 2 and all(forbidden) and forbidden[0] | forbidden[1] == words and _same_skill(rules):
            told = f"{first.id} and {second.id} leave no {name} for what meets the other conditions of both"
            yield Relation(kind="contradicts", first=first.id, second=second.id, sentence=told)


def _forbidden(rule: PlainRule, name: str) -> frozenset[str]:
    """The words of that manner that the rule forbids, when it is about no other manner."""
    about = [atom for atom in rule.atoms if atom.name in WORDS or atom.name in ("span", "fit", "yaw", "height", "near", "gap", "hand")]
    if not about or any(atom.name != name or is_variable(atom.args[1]) for atom in about):
        return frozenset()
    left = WORDS[name]
    for atom in about:
        left = left - {atom.args[1]} if atom.negated else left & {atom.args[1]}
    return left


def _same_skill(rules: Sequence[PlainRule | None]) -> bool:
    skills = [{atom.args[1] for atom in rule.atoms if atom.name == "step" and not atom.negated} for rule in rules if rule is not None]
    return skills[0] == skills[1]


def _single_use(rule: PlainRule) -> PlainRule:
    """Variables that stand in one place only as anonymous ones, where that says the same."""
    compared = [term for comparison in rule.comparisons for term in (comparison.left, comparison.right)]
    uses = Counter([term for atom in rule.atoms for term in atom.args] + compared)
    atoms = tuple(
        atom if atom.negated else atom._replace(args=tuple(ANY if is_variable(term) and uses[term] == 1 else term for term in atom.args))
        for atom in rule.atoms
    )
    return rule._replace(atoms=atoms)


def _told_apart(rule: PlainRule) -> PlainRule:
    """Anonymous variables of conditions that must hold, each with a name of its own."""
    number = count(1)
    atoms = tuple(
        atom if atom.negated else atom._replace(args=tuple(f"Any{next(number)}" if term == ANY else term for term in atom.args))
        for atom in rule.atoms
    )
    return rule._replace(atoms=atoms)


def _maps(wide: PlainRule, narrow: PlainRule) -> bool:
    """Whether the variables of one rule can be put in the place of the other's such that all its conditions follow from the other's."""
    needed = sorted(wide.atoms, key=lambda atom: (atom.negated, -len(atom.args)))
    return _place(needed, 0, {wide.step: narrow.step}, wide, narrow)


def _place(needed: Sequence[PlainAtom], index: int, mapped: Mapped, wide: PlainRule, narrow: PlainRule) -> bool:
    if index == len(needed):
        return all(_follows(comparison, mapped, narrow) for comparison in wide.comparisons)
    atom = needed[index]
    if atom.negated and _excluded(atom, mapped, narrow):
        return _place(needed, index + 1, mapped, wide, narrow)
    options = (other for other in narrow.atoms if other.name == atom.name and other.negated == atom.negated)
    grown = (_unified(atom, other, mapped) for other in options)
    return any(more is not None and _place(needed, index + 1, more, wide, narrow) for more in grown)


def _unified(atom: PlainAtom, other: PlainAtom, mapped: Mapped) -> Mapped | None:
    grown = dict(mapped)
    for term, value in zip(atom.args, other.args, strict=False):
        if term == ANY:
            if atom.negated and value != ANY:
                return None
        elif is_variable(term):
            if grown.setdefault(term, value) != value:
                return None
        elif term != value:
            return None
    return grown


def _excluded(atom: PlainAtom, mapped: Mapped, narrow: PlainRule) -> bool:
    """Whether `not speed(T, slow)` follows from a speed that the step has."""
    if atom.name not in WORDS or is_variable(atom.args[1]) or atom.args[1] == ANY:
        return False
    return any(
        other.name == atom.name and not other.negated and other.args[0] == mapped.get(atom.args[0], atom.args[0])
        and not is_variable(other.args[1]) and other.args[1] != atom.args[1]
        for other in narrow.atoms
    )  # fmt: skip


def _follows(comparison: Comparison, mapped: Mapped, narrow: PlainRule) -> bool:
    """Whether a comparison follows from those of the other rule."""
    left, right = (mapped.get(term, term) for term in (comparison.left, comparison.right))
    wanted = comparison._replace(left=left, right=right)
    turned = wanted._replace(left=right, order=_MIRRORED[wanted.order], right=left)
    for other in narrow.comparisons:
        if other in (wanted, turned):
            return True
        numbers = wanted.centre is None and other.centre is None and other.left == left and is_number(right) and is_number(other.right)
        if numbers and _within(other.order, int(other.right), wanted.order, int(right)):
            return True
    return False


def _within(order: str, limit: int, wanted: str, bound: int) -> bool:
    """Whether every whole number that is `order` than limit is `wanted` than bound."""
    if order == "=":
        return ORDER[wanted](limit, bound)
    low = {">": limit + 1, ">=": limit}.get(order)
    high = {"<": limit - 1, "<=": limit}.get(order)
    if low is not None:
        return wanted in (">", ">=", "!=") and (low > bound or (wanted == ">=" and low == bound))
    if high is not None:
        return wanted in ("<", "<=", "!=") and (high < bound or (wanted == "<=" and high == bound))
    return False
