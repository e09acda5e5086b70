"""Rules and a scene as the rules that together leave no way to the goal: one is over-general, several contradict each other.

    culprits(checker, scene, goal)      # ("r0007",): with it alone in force, beside the core rules, nothing is allowed

Each rule that the best plan from scratch still breaks is a suspect; suspects are left out one by one as long as there is still no way.
What is found was planned for again, with exactly those rules, so it holds within the planner's bounds.
"""

from collections.abc import Sequence

from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.planning import AspPlanner
from siren.symbolic.rulebook import Rulebook


def culprits(checker: ClingoChecker, scene: Scene, goal: Goal) -> tuple[str, ...]:
    """A smallest set of the checker's learned rules that leaves no clean plan; empty when there is one, or when core rules forbid all."""
    soft = [rule for rule in checker.judging if not rule.hard]
    if not _stuck(checker, soft, scene, goal):
        return ()
    left = soft
    for rule in soft:
        without = [other for other in left if other.id != rule.id]
        if _stuck(checker, without, scene, goal):
            left = without
    return tuple(rule.id for rule in left)


def _stuck(checker: ClingoChecker, soft: Sequence[Rule], scene: Scene, goal: Goal) -> bool:
    """Whether every plan to the goal breaks one of these rules, although the core rules would allow one."""
    if not soft:
        return False
    core = (rule for rule in checker.judging if rule.hard)
    judge = ClingoChecker(Rulebook([*core, *soft]), checker.knowledge)
    planned = AspPlanner(judge).plan(scene, goal)
    return planned is not None and not planned.residual.clean
