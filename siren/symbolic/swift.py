"""Rules and a plan as violations without solving: the compiled tier of the checker, and what it leaves to clingo.

Things and scenes that were seen before are looked up. With a rules/domain that is not the compiled one, all rules are left to clingo.
"""

from collections.abc import Iterable
from functools import lru_cache

from siren.core.episode import Violation
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.compiled import CompiledRules
from siren.symbolic.conditions import Conditions, conditions_of
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.profiles import Profile
from siren.symbolic.reading import read_plain
from siren.symbolic.trajectory import Follower

SCENES = 32  # scenes whose profiles are kept


class SwiftTier:
    """The compiled rules of a checker. `rest` are the rules that are not among them."""

    def __init__(self, knowledge: Knowledge, rules: Iterable[Rule]) -> None:
        self._follower = Follower(knowledge)
        self._scenes: dict[int, tuple[Scene, dict[str, Profile]]] = {}
        rest: list[Rule] = []
        compiled: list[Conditions] = []
        for rule in rules:
            conditions = _conditions(rule.id, rule.text) if self._follower.possible else None
            if conditions is None:
                rest.append(rule)
            else:
                compiled.append(conditions)
        self.rest = tuple(rest)
        self._rules = CompiledRules(compiled)

    def violations(self, scene: Scene, plan: Plan, goal: Goal | None = None) -> set[Violation]:
        """Every compiled rule that the plan breaks, where, with which things. `goal` says what is wanted near what."""
        profiles = self._profiles(scene)
        if not self._follower.possible or not self._rules.may_break(profiles.values()):
            return set()
        states = self._follower.states(scene, plan, profiles, goal)
        found = {broken for state in states for broken in self._rules.violations(state, profiles)}
        return {Violation(rule=rule, args=args, step=step) for rule, args, step in found}

    def _profiles(self, scene: Scene) -> dict[str, Profile]:
        known = self._scenes.get(id(scene))
        if known is not None and known[0] is scene:
            return known[1]
        if len(self._scenes) >= SCENES:
            self._scenes.clear()
        profiles = self._follower.profiles(scene) if self._follower.possible else {}
        self._scenes[id(scene)] = (scene, profiles)
        return profiles


@lru_cache(maxsize=1 << 14)
def _conditions(name: str, text: str) -> Conditions | None:
    plain = read_plain(text)
    return None if plain is None or plain.id != name else conditions_of(plain)
