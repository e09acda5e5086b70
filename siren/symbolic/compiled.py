"""Rules as bit masks over tables of tests, and the states of a plan as the rules that they break.

    compiled = CompiledRules(conditions)
    compiled.violations(state, profiles)

What a test looks at (the manner of a step, what a thing is, how near a neighbour stands) has few values, so a state is a dozen masks
and-ed. Rules that speak of one or two further things are asked once for each of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from siren.symbolic.conditions import FURTHER, ORDER, STEP, Between, Conditions, Place
from siren.symbolic.masks import ItemTable, ProfileTable, Scale
from siren.symbolic.moment import ROLES, UNTOUCHED, Moment
from siren.symbolic.profiles import UNSEEN, WORDS, Profile
from siren.symbolic.trajectory import State

Broken = tuple[str, tuple[str, ...], int]  # rule, what it binds, step


class CompiledRules:
    """All rules that can be compiled, together."""

    def __init__(self, rules: Iterable[Conditions]) -> None:
        listed = list(rules)
        self._blocks = [_Block([rule for rule in listed if rule.further == count]) for count in range(len(FURTHER) + 1)]
        self._named = frozenset(test.item[1] for rule in listed for _, test in rule.items if test.item[0] == "name")

    def may_break(self, profiles: Iterable[Profile]) -> bool:
        """Whether any rule could be broken by a step on one of these things: a look at what they are, before plans are followed."""
        things = (*profiles, UNSEEN)
        return any(block.rules and any(block.of_thing(thing) for thing in things) for block in self._blocks)

    def violations(self, state: State, profiles: dict[str, Profile]) -> set[Broken]:
        """Every rule that the step breaks, with its bindings."""
        moment = Moment(state, profiles, self._named)
        found: set[Broken] = set()
        for rules, mask, names in self._rows(moment):
            while mask:
                low = mask & -mask
                mask ^= low
                rule = rules[low.bit_length() - 1]
                args = tuple([names[arg] if isinstance(arg, str) else str(moment.number(arg, names)) for arg in rule.args])
                found.add((rule.rule, args, state.number))
        return found

    def _rows(self, moment: Moment) -> Iterator[tuple[Sequence[Conditions], int, dict[str, str]]]:
        """Rules satisfied, by the things that play the parts."""
        none, one, two = self._blocks
        if none.rules and (mask := none.of_step(moment)):
            yield none.rules, none.compared(moment, mask, moment.names), moment.names
        if one.rules and (mask := one.of_step(moment)):
            for name in moment.others(plain=bool(mask & one.plain("Y"))):
                if row := mask & one.of_role(moment, "Y", name):
                    names = {**moment.names, "Y": name}
                    yield one.rules, one.compared(moment, row, names), names
        if two.rules and (mask := two.of_step(moment)):
            yield from self._pairs(moment, two, mask)

    def _pairs(self, moment: Moment, block: "_Block", mask: int) -> Iterator[tuple[Sequence[Conditions], int, dict[str, str]]]:
        seconds = [(name, mask & block.of_role(moment, "Z", name)) for name in moment.others(plain=bool(mask & block.plain("Z")))]
        table = block.items.get("YZ")
        for first in moment.others(plain=bool(mask & block.plain("Y"))):
            reach = mask & block.of_role(moment, "Y", first)
            for second, also in seconds if reach else ():
                both = reach & also
                if both and table:
                    both &= table.of(moment.between(first, second))
                if both:
                    names = {**moment.names, "Y": first, "Z": second}
                    yield block.rules, block.compared(moment, both, names), names


class _Block:
    """Rules with the same number of further things."""

    def __init__(self, rules: Sequence[Conditions]) -> None:
        self.rules = rules
        self.full = (1 << len(rules)) - 1
        self.items: dict[str, ItemTable] = {}
        self.profiles: dict[str, ProfileTable] = {}
        self.scales: dict[Place, Scale] = {}
        self.between: dict[Between, int] = defaultdict(int)
        for number, rule in enumerate(rules):
            self._add(rule, 1 << number)
        self._measures = [(place, scale) for place, scale in self.scales.items() if place.kind == "measure"]
        self._beside: dict[str, list[tuple[Place, Scale]]] = defaultdict(list)
        for place, scale in self.scales.items():
            if place.kind == "beside":
                self._beside[place.role].append((place, scale))
        self._asked = {*self.items, *self.profiles, *self._beside}

    def _add(self, rule: Conditions, bit: int) -> None:
        for role, test in rule.items:
            if test.item[0] in WORDS:
                self.profiles.setdefault(role, ProfileTable(self.full)).add(test, bit)
            else:
                self.items.setdefault(role, ItemTable(self.full)).add(test, bit)
        for bound in rule.bounds:
            if bound.place.kind == "extent":
                self.profiles.setdefault(bound.place.role, ProfileTable(self.full)).add(bound, bit)
            else:
                self.scales.setdefault(bound.place, Scale(self.full)).add(bound, bit)
        for pair in rule.between:
            self.between[pair] |= bit

    def of_step(self, moment: Moment) -> int:
        """Rules whose conditions on the step and on the things that it names are met."""
        table = self.items.get(STEP)
        mask = table.of(moment.about_step()) if table else self.full
        for role in ROLES:
            if mask and role in self._asked:
                mask &= self.of_role(moment, role, moment.names[role])
        for place, scale in self._measures:
            if not mask:
                break
            mask &= scale.of(moment.state.measures.get(place.key))
        return mask

    def of_role(self, moment: Moment, role: str, name: str) -> int:
        """Rules whose conditions on a role are met by its thing."""
        mask = self.full
        table = self.items.get(role)
        if table:
            mask = table.of(moment.about(name))
        profiles = self.profiles.get(role)
        if mask and profiles:
            mask &= profiles.of(moment.profiles.get(name, UNSEEN))
        for place, scale in self._beside.get(role, ()) if mask else ():
            mask &= scale.of(moment.number(place, {role: name}))
        return mask

    def of_thing(self, profile: Profile) -> int:
        """Rules that a step on a thing of that profile may break."""
        table = self.profiles.get("O")
        return table.of(profile) if table else self.full

    def plain(self, role: str) -> int:
        """Rules that a thing may break which has nothing to do with the step."""
        table = self.items.get(role)
        return table.of(UNTOUCHED) if table else self.full

    def compared(self, moment: Moment, mask: int, names: dict[str, str]) -> int:
        """Of the rules in the mask those whose comparisons between two numbers hold."""
        if mask and self.between:
            for (left, order, right), asking in self.between.items():
                if mask & asking:
                    one, other = moment.number(left, names), moment.number(right, names)
                    if one is None or other is None or not ORDER[order](one, other):
                        mask &= ~asking
        return mask
