"""A state as the items and numbers that rules ask for. Each is put together when it is first asked for."""

from collections.abc import Iterator

from siren.symbolic.conditions import Item, Place
from siren.symbolic.masks import Items
from siren.symbolic.profiles import UNSEEN, Profile
from siren.symbolic.trajectory import Pairs, State

ROLES = ("O", "D", "N")
UNTOUCHED: Items = frozenset({("clear",)})  # of a thing that the step does not speak of and nothing stands on


class Moment:
    """What can be asked of a step, of a thing, and of two things. `named` are the names that rules speak of."""

    def __init__(self, state: State, profiles: dict[str, Profile], named: frozenset[str]) -> None:
        self.state = state
        self.profiles = profiles
        self.names = {"O": state.thing, "D": state.target or "", "N": state.named}
        self._named = named
        self._items: dict[str, Items] = {}
        related = {name for pairs in (state.on, state.inside) for pair in pairs for name in pair}
        self._there = {*related, *state.holding, *state.unknown, *state.bearing}
        self._touched = {*self._there, *self.names.values(), *state.moved, *state.lidded, *(named & profiles.keys())}

    def about_step(self) -> Items:
        """Skill, manner, relation, mismatch, and the bearings of all neighbours."""
        state = self.state
        items: set[Item] = {("step", state.skill), ("step",), ("speed", state.speed), ("speed",), ("force", state.force), ("force",)}
        if state.relation is not None:
            items |= {("target", state.relation), ("target",)}
        if state.mismatch:
            items.add(("mismatch",))
        for bearing in state.bearing.values():
            items |= {("near",), ("near", bearing)}
        return frozenset(items)

    def about(self, name: str) -> Items:
        """What is true of a thing before this step, also towards the things that the step names."""
        if name not in self._touched and name in self.profiles:
            return UNTOUCHED
        found = self._items.get(name)
        if found is None:
            found = self._items[name] = frozenset(self._all_about(name))
        return found

    def between(self, first: str, second: str) -> Items:
        """What stands between two further things, as seen from the first."""
        state = self.state
        pairs = {
            ("on",): (first, second) in state.on,
            ("under",): (second, first) in state.on,
            ("in",): (first, second) in state.inside,
            ("filled",): (second, first) in state.inside,
            ("is",): first == second,
        }
        return frozenset(item for item, holds in pairs.items() if holds)

    def others(self, *, plain: bool) -> list[str]:
        """What a further variable could stand for; with `plain` also things that have nothing to do with the step."""
        touched = [name for name in self._touched if name in self._there or name in self.profiles]
        return [*touched, *(name for name in self.profiles if name not in self._touched)] if plain else touched

    def number(self, place: Place, names: dict[str, str]) -> int | None:
        """The number at a place, if there is one."""
        if place.kind == "measure":
            return self.state.measures.get(place.key)
        name = names[place.role]
        if place.kind == "extent":
            return self.profiles.get(name, UNSEEN).extents.get(place.key)
        return self.state.beside.get((place.key, name))

    def _all_about(self, name: str) -> Iterator[Item]:
        state = self.state
        fluents = (("holding", state.holding), ("moved", state.moved), ("lidded", state.lidded), ("unknown", state.unknown))
        yield from ((word,) for word, names in fluents if name in names)
        if name in state.bearing:
            yield from (("near",), ("near", state.bearing[name]))
        if name in self._named:
            yield ("name", name)
        yield from (("is", role) for role in ROLES if self.names[role] == name)
        yield from self._related(name, state.on, "on", "under")
        yield from self._related(name, state.inside, "in", "filled")
        if any(lower == name for _, lower in state.on):
            yield ("covered",)
        elif name in self.profiles:
            yield ("clear",)

    def _related(self, name: str, pairs: Pairs, says: str, of_lower: str) -> Iterator[Item]:
        """What pairs of (upper, lower) say of a thing, also towards the things that the step names."""
        for upper, lower in pairs:
            if upper == name:
                yield (says,)
                yield from ((says, role) for role in ROLES if self.names[role] == lower)
            if lower == name:
                yield (of_lower,)
                yield from ((of_lower, role) for role in ROLES if self.names[role] == upper)
