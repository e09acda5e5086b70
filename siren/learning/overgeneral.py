"""A rule that is about to come into force, tried in scenes where it had something to say: does it leave a way to the goal?

    objection = ways_left(scenes, core_rules, knowledge)
    RuleMiner(objection=objection)

Every task can be done by somebody who knows the laws, so a rule that leaves nothing allowed forbids too much. It knows no laws itself.
"""

from collections.abc import Callable, Mapping, Sequence

from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.deadlock import culprits
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook

TRIED = 8  # scenes, the newest ones that the rule was seen in


def ways_left(scenes: Mapping[int, tuple[Scene, Goal]], core: Sequence[Rule], knowledge: Knowledge) -> Callable[[Rule, Sequence[int]], str]:
    """What to ask before a rule comes into force: why it must not, or "". scenes: by episode; they may grow."""

    def objection(rule: Rule, episodes: Sequence[int]) -> str:
        checker = ClingoChecker(Rulebook([*core, rule]), knowledge)
        tried: list[tuple[Scene, Goal]] = []
        for number in reversed(episodes):
            if number not in scenes or scenes[number] in tried or len(tried) == TRIED:
                continue
            tried.append(scenes[number])
            if culprits(checker, *scenes[number]):
                return f"forbids too much: in the scene of episode {number} it leaves no way to the goal"
        return ""

    return objection
