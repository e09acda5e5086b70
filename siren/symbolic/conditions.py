"""A plain rule as tests on roles: what has to be true of a step's thing, of its target, and of up to two further things.

Which variable plays which part follows from where it stands, never from its name: O is what `step` binds, D what `target` binds, N what
`named` binds; Y and Z are the others. A rule with anything that has no test here is answered with None, and clingo judges it.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from siren.symbolic.reading import Comparison, PlainAtom, PlainRule, is_number, is_variable

Item = tuple[str, ...]
ORDER: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}

STEP = "T"  # the role of the step itself
FURTHER = ("Y", "Z")
_BINDS = {"step": "O", "target": "D", "named": "N"}
_WORDS = ("attribute", "category", "use", "occasion", "kind", "colour", "mark")  # (thing, word)
_FLUENTS = ("clear", "covered", "lidded", "holding", "moved")  # (thing, step)
_RELATIONS = {"on": ("on", "under"), "in": ("in", "filled")}  # (thing, thing, step): what it says of the first, and of the second
_MEASURES = ("height", "offset", "span", "fit", "yaw", "depth", "tilt", "edge", "far", "room", "apart")  # (step, number)
_MANNER = ("speed", "force")  # (step, word)
_BESIDE = ("gap", "over", "hand")  # (step, thing, number)
_OF_A_STEP = (*_BINDS, *_MEASURES, *_MANNER, *_BESIDE, "near", "mismatch", "unknown", "reach")


class Place(NamedTuple):
    """Where a number is found: a measure of the step, an extent of a role, gap or over of a role."""

    kind: str  # measure, extent or beside
    role: str
    key: str


class Has(NamedTuple):
    """An item is among those of a role, or is not."""

    item: Item
    sign: bool


class Bound(NamedTuple):
    """A number is there and, when an order is given, compares so. With a centre its distance from there is compared."""

    place: Place
    order: str = ""
    limit: int = 0
    centre: int | None = None

    def holds(self, value: int | None) -> bool:
        """Whether the number, if there is one, meets the bound."""
        if value is None:
            return False
        measured = value if self.centre is None else abs(value - self.centre)
        return not self.order or ORDER[self.order](measured, self.limit)


class Between(NamedTuple):
    """Two numbers compared with each other."""

    left: Place
    order: str
    right: Place


@dataclass
class Conditions:
    """A rule as tests. `items` by what they look at: T, a role, or (Y, Z); `args` are roles or places of numbers, for the head."""

    rule: str
    args: tuple[str | Place, ...] = ()
    further: int = 0
    items: set[tuple[str, Has]] = field(default_factory=set)
    bounds: set[Bound] = field(default_factory=set)
    between: set[Between] = field(default_factory=set)


class _Beyond(Exception):  # noqa: N818 - no error: it says that a rule is for clingo
    """The rule has something that there is no test for."""


def conditions_of(rule: PlainRule) -> Conditions | None:
    """The rule as tests, or None when it is for clingo."""
    try:
        return _Reader(rule).read()
    except _Beyond:
        return None


class _Reader:
    """Reads one rule: first who is who, then what is asked of whom."""

    def __init__(self, rule: PlainRule) -> None:
        self._rule = rule
        self._made = Conditions(rule.id)
        self._roles: dict[str, str] = {}
        self._numbers: dict[str, Place] = {}
        self._bearings: dict[str, str] = {}
        counted = [term for atom in rule.atoms for term in atom.args]
        counted += [*rule.args, *(term for found in rule.comparisons for term in (found.left, found.right))]
        self._once = {term for term in counted if is_variable(term) and counted.count(term) == 1}

    def read(self) -> Conditions:
        rule = self._rule
        if not any(atom.name in _OF_A_STEP and not atom.negated for atom in rule.atoms):
            raise _Beyond  # nothing ties T to the steps of the plan
        if any(atom.negated and not self._once.isdisjoint(atom.args) for atom in rule.atoms):
            raise _Beyond  # a variable that nothing binds: clingo says so
        for atom in rule.atoms:
            if atom.name in _BINDS and not atom.negated:
                self._bind(atom)
        for atom in sorted(rule.atoms, key=lambda atom: atom.negated):
            self._atom(atom)
        for comparison in rule.comparisons:
            self._comparison(comparison)
        self._made.args = tuple(self._head(term) for term in rule.args)
        return self._made

    def _bind(self, atom: PlainAtom) -> None:
        term = atom.args[-1]
        if len(atom.args) != (2 if atom.name == "named" else 3):
            raise _Beyond
        if is_variable(term) and term != self._rule.step:
            self._roles.setdefault(term, _BINDS[atom.name])

    def _atom(self, atom: PlainAtom) -> None:
        name, args = atom.name, atom.args
        if name in _BINDS:
            self._binding(atom)
        elif name in _WORDS and len(args) == 2:
            self._item(self._role(args[0], atom), (name, *self._word(args[1])), atom)
        elif name in _FLUENTS and len(args) == 2 and self._is_step(args[1]):
            self._item(self._role(args[0], atom), (name,), atom)
        elif name in _RELATIONS and len(args) == 3 and self._is_step(args[2]):
            self._relation(atom)
        elif name in _MANNER and len(args) == 2 and self._is_step(args[0]):
            self._item(STEP, (name, *self._word(args[1])), atom)
        elif name == "mismatch" and len(args) == 1 and self._is_step(args[0]):
            self._item(STEP, (name,), atom)
        elif name == "unknown" and len(args) == 2 and self._is_step(args[0]):
            self._item(self._role(args[1], atom), (name,), atom)
        elif name == "near" and len(args) == 3 and self._is_step(args[0]):
            self._near(atom)
        else:
            self._numeric(atom)

    def _binding(self, atom: PlainAtom) -> None:
        """step, target, named: a word, and which thing it is."""
        if atom.negated or not self._is_step(atom.args[0]):
            raise _Beyond
        role, term = _BINDS[atom.name], atom.args[-1]
        if atom.name != "named":
            self._item(STEP, (atom.name, *self._word(atom.args[1])), atom)
        if term == "_" or term in self._once:
            return
        if is_variable(term):
            if self._roles.get(term) != role:
                self._item(role, ("is", self._role(term, atom)), atom)
        elif is_number(term):
            raise _Beyond
        else:
            self._item(role, ("name", term), atom)

    def _relation(self, atom: PlainAtom) -> None:
        upper, lower = self._loose(atom.args[0]), self._loose(atom.args[1])
        says, of_lower = _RELATIONS[atom.name]
        if upper is None and lower is None:
            raise _Beyond
        if upper is None:
            self._item(self._role(atom.args[1], atom), (of_lower,), atom)
        elif lower is None:
            self._item(self._role(atom.args[0], atom), (says,), atom)
        else:
            self._related(self._role(upper, atom), self._role(lower, atom), says, of_lower, atom)

    def _related(self, upper: str, lower: str, says: str, of_lower: str, atom: PlainAtom) -> None:
        if upper in FURTHER and lower in FURTHER:
            if upper == lower:
                raise _Beyond
            self._item("YZ", (says if upper == "Y" else of_lower,), atom)
        elif upper in FURTHER:
            self._item(upper, (says, lower), atom)
        else:
            self._item(lower, (of_lower, upper), atom)

    def _near(self, atom: PlainAtom) -> None:
        bearing = atom.args[2]
        if self._loose(atom.args[1]) is None:
            self._item(STEP, ("near", *self._word(bearing)), atom)
            return
        role = self._role(atom.args[1], atom)
        if is_variable(bearing) and bearing not in self._once:
            if atom.negated or bearing in self._bearings or bearing in self._roles or bearing == self._rule.step:
                raise _Beyond
            self._bearings[bearing] = role
            self._item(role, ("near",), atom)
        else:
            self._item(role, ("near", *self._word(bearing)), atom)

    def _numeric(self, atom: PlainAtom) -> None:
        name, args = atom.name, atom.args
        if atom.negated:
            raise _Beyond
        if name in _MEASURES and len(args) == 2 and self._is_step(args[0]):
            self._number(args[1], Place("measure", STEP, name))
        elif name == "extent" and len(args) == 3 and not is_variable(args[1]) and args[1] != "_" and not is_number(args[1]):
            self._number(args[2], Place("extent", self._role(args[0], atom), args[1]))
        elif name in _BESIDE and len(args) == 3 and self._is_step(args[0]) and self._loose(args[1]) is not None:
            self._number(args[2], Place("beside", self._role(args[1], atom), name))
        elif name == "reach" and len(args) == 4 and self._is_step(args[0]):
            for axis in (1, 2, 3):
                self._number(args[axis], Place("measure", STEP, f"reach{axis}"))
        else:
            raise _Beyond

    def _number(self, term: str, place: Place) -> None:
        self._made.bounds.add(Bound(place))
        if is_number(term):
            self._made.bounds.add(Bound(place, "=", int(term)))
        elif term == "_" or term in self._once:
            return
        elif not is_variable(term) or term in self._roles or term == self._rule.step or term in self._bearings:
            raise _Beyond
        elif term in self._numbers:
            self._made.between.add(Between(self._numbers[term], "=", place))
        else:
            self._numbers[term] = place

    def _comparison(self, found: Comparison) -> None:
        left, order, right = found.left, found.order, found.right
        if not is_variable(left) and is_variable(right):
            left, order, right = right, _MIRRORED[order], left
        if left in self._numbers:
            self._compare_number(Comparison(left, order, right, found.centre))
        elif found.centre is not None or order not in ("=", "!="):
            raise _Beyond
        elif left in self._bearings and not is_variable(right) and right != "_":
            self._made.items.add((self._bearings[left], Has(("near", right), order == "=")))
        elif left in self._roles:
            self._compare_thing(self._roles[left], right, order == "=")
        else:
            raise _Beyond

    def _compare_number(self, found: Comparison) -> None:
        place = self._numbers[found.left]
        if is_number(found.right):
            self._made.bounds.add(Bound(place, found.order, int(found.right), found.centre))
        elif found.right in self._numbers and found.centre is None:
            self._made.between.add(Between(place, found.order, self._numbers[found.right]))
        else:
            raise _Beyond

    def _compare_thing(self, role: str, term: str, sign: bool) -> None:
        if term in self._roles:
            other = self._roles[term]
            if role == other:
                raise _Beyond
            if role in FURTHER and other in FURTHER:
                self._made.items.add(("YZ", Has(("is",), sign)))
            elif role in FURTHER:
                self._made.items.add((role, Has(("is", other), sign)))
            else:
                self._made.items.add((other, Has(("is", role), sign)))
        elif is_variable(term) or is_number(term) or term == "_":
            raise _Beyond
        else:
            self._made.items.add((role, Has(("name", term), sign)))

    def _role(self, term: str, atom: PlainAtom) -> str:
        """Who a term is. A variable that nobody else binds is a further thing, if this condition is one that has to hold."""
        if term in self._roles:
            return self._roles[term]
        if not is_variable(term) or term == self._rule.step or atom.negated or term in self._numbers or term in self._bearings:
            raise _Beyond
        if self._made.further == len(FURTHER):
            raise _Beyond
        self._roles[term] = FURTHER[self._made.further]
        self._made.further += 1
        return self._roles[term]

    def _loose(self, term: str) -> str | None:
        """A term, or None when it may be anything."""
        return None if term == "_" or (term in self._once) else term

    def _word(self, term: str) -> tuple[str, ...]:
        """A word as the rest of an item; anything will do when it is left open."""
        if term == "_" or term in self._once:
            return ()
        if is_variable(term) or is_number(term):
            raise _Beyond
        return (term,)

    def _is_step(self, term: str) -> bool:
        return term == self._rule.step

    def _item(self, role: str, item: Item, atom: PlainAtom) -> None:
        self._made.items.add((role, Has(item, not atom.negated)))

    def _head(self, term: str) -> str | Place:
        if term in self._roles:
            return self._roles[term]
        if term in self._numbers:
            return self._numbers[term]
        raise _Beyond
