"""Rule files and rules that somebody wants in as validated rules, or as a refusal: form first, then one grounding with limits.

check_rule(folder, rule)           beside the rules of that folder; raises RuleError that says where and what to do
check_files(folder, paths)         the rules of files
"""

from collections.abc import Sequence
from pathlib import Path

from siren.core.geometry import pick_step
from siren.core.plan import MAX_STEPS, Plan
from siren.core.rule import Rule
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic.asp import fact_text
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook, read_rules
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary


def check_files(folder: Path, paths: Sequence[Path]) -> tuple[Rule, ...]:
    """Rules of files that may be loaded beside those of `folder`: validated, and ground once in a child process with limits."""
    validator = Validator(Vocabulary.load(folder))
    rules = tuple(rule for path in paths for rule in read_rules(path, accept=validator))
    knowledge = Knowledge.load(folder)
    for rule in rules:
        validator.trial([rule], f"{knowledge.program}\n{_trial_facts(knowledge)}", rule.id)
    return rules


def check_rule(folder: Path, rule: Rule) -> None:
    """Whether one rule may be loaded beside those of `folder`: validated, and ground once in a child process. Raises RuleError."""
    validator = Validator(Vocabulary.load(folder))
    validator(rule, rule.id, 1)
    knowledge = Knowledge.load(folder)
    validator.trial([rule], f"{knowledge.program}\n{_trial_facts(knowledge)}", rule.id)


def _trial_facts(knowledge: Knowledge) -> str:
    """A full table and a long plan, so that a rule that explodes does so here."""
    sizes = (0.05, 0.08, 0.05)
    things = [(name, 0.36 + 0.07 * (number % 5), -0.24 + 0.07 * (number // 5)) for number, name in enumerate(sorted(knowledge.kinds)[:30])]
    scene = Scene(
        objects=tuple(SceneObject(name=name, kind=name, position=(x, y, 0.025), yaw=0, size=sizes, colour="red") for name, x, y in things)
    )
    plan = Plan(steps=tuple(pick_step(thing, 0, "normal", "firm") for thing in scene.objects)[:MAX_STEPS])
    goal = Goal(relation="held", object=scene.objects[0].name)
    return fact_text(ClingoChecker(Rulebook(()), knowledge).facts(scene, [plan], goal))
