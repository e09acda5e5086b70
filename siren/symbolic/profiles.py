"""A thing as its profile: the words and the sizes that hold of it whatever a plan does. Worked out once for things that look alike.

rules/knowledge says by kind what a thing is, and its other files what follows from its looks. As long as each of those rules speaks of
one thing, things can be looked at one by one; else there are no profiles, and whole scenes are solved by clingo.
"""

import re
from collections.abc import Iterable

from siren.core.scene import SceneObject
from siren.symbolic import asp
from siren.symbolic.asp import Atom
from siren.symbolic.facts import thing_facts
from siren.symbolic.knowledge import Knowledge

Item = tuple[str, ...]

WORDS = frozenset({"attribute", "category", "use", "occasion", "kind", "colour", "mark"})
KEPT = 4096  # profiles held at a time


class Profile:
    """What is true of a thing: items such as ("attribute", "fragile"), ("attribute",) and its extents in mm. Compared by identity."""

    __slots__ = ("extents", "items")

    def __init__(self, items: frozenset[Item], extents: dict[str, int]) -> None:
        self.items = items
        self.extents = extents


UNSEEN = Profile(frozenset(), {})  # of the table, of nothing, and of what is not there


class Profiles:
    """Profiles by what is seen of a thing. Raises nothing: whether there can be profiles at all is said by `possible`."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._known: dict[tuple[object, ...], Profile] = {}

    @property
    def possible(self) -> bool:
        """Whether every rule about looks speaks of a single thing, in words that profiles have."""
        statements = plain_statements(self._knowledge.looks)
        rules = asp.read_rules(self._knowledge.looks)
        return statements is not None and len(statements) == len(rules) and all(map(_of_one_thing, rules))

    def of(self, thing: SceneObject) -> Profile:
        """The profile of a thing."""
        key = (thing.kind, thing.colour, thing.size, thing.marks)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            found = self._known[key] = self._solved(thing)
        return found

    def _solved(self, thing: SceneObject) -> Profile:
        atoms = [*thing_facts(thing), *(Atom(name, (thing.name, value)) for name, value in self._knowledge.about(thing.kind))]
        model = asp.solve(f"{self._knowledge.looks}\n{asp.fact_text(atoms)}", shown={*WORDS, "extent"}) or frozenset()
        return _profile(model)


def plain_statements(text: str) -> frozenset[str] | None:
    """The statements of a program without spaces and comments, or None when it has strings, block comments or directives."""
    if any(sign in text for sign in ('"', "%*", "#")):
        return None
    bare = re.sub(r"\s+", "", re.sub(r"%[^\n]*", "", text))
    return frozenset(filter(None, re.split(r"(?<!\.)\.(?!\.)", bare)))


def _profile(atoms: Iterable[Atom]) -> Profile:
    items: set[Item] = set()
    extents: dict[str, int] = {}
    for atom in atoms:
        if atom.name == "extent":
            extents[str(atom.args[1])] = int(str(atom.args[2]))
        elif len(atom.args) == 2:
            items |= {(atom.name,), (atom.name, str(atom.args[1]))}
    return Profile(frozenset(items), extents)


def _of_one_thing(rule: asp.ReadRule) -> bool:
    """`attribute(O,tall) :- extent(O,height,H), H >= 95.`: one thing, words and extents."""
    texts = [rule.head, *(condition.text for condition in rule.body if not condition.compares)]
    found = [re.fullmatch(r"(\w+)\(([A-Z]\w*),.*\)", text) for text in texts]
    head = rule.head.partition("(")[0]
    return (
        head in WORDS
        and all(match and match[1] in {*WORDS, "extent"} for match in found)
        and len({match[2] for match in found if match}) == 1
    )
