"""What is never learned from: texts with a phrase of the deny-list, and plans that break a rule of rules/core.

    guard = Guard(core_checker(Path("rules")))
    kept = [sample for sample in samples if guard.allows(sample.instruction, sample.plan)]
    guard.dropped                                   # {"c_too_low": 3, "denied: poison": 1}

Whoever wrote the samples is not asked: rendered, recorded and foreign data pass the same guard. A sample has no scene, so rules about
what is there (kind `grounding`) are left out, and things are taken to stand where the plan reaches for them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from siren.core.errors import DataError, PlanSyntaxError
from siren.core.interfaces import Checker
from siren.core.plan import PUTS, TABLES, Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.learning.samples import Row, Text
from siren.learning.web_texts import POINT
from siren.policy.action_text import read_words
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook

# Words for doing harm; names of things are not here, because a knife is also for bread.
DENIED = (
    "attack",
    "bomb",
    "burn down",
    "gun",
    "harm",
    "hurt",
    "injure",
    "kill",
    "poison",
    "punch",
    "set fire",
    "stab",
    "strangle",
    "weapon",
)
COMMAND = "robot :"
_SIDE = 0.05  # metres: of every thing in a scene that stands in for the real one
NO_PLAN = "no plan"


class Guard:
    """Lets samples pass or counts why not."""

    def __init__(self, checker: Checker | None, denied: Sequence[str] = DENIED) -> None:
        """`checker` judges plans; None: only texts are looked at."""
        self._checker = checker
        self._phrases = [(phrase, re.compile(rf"\b{re.escape(phrase)}\b")) for phrase in denied]
        self.dropped: Counter[str] = Counter()

    def allows(self, text: str, plan: Plan | None = None) -> bool:
        """Whether a sample may be learned from; if not, the first reason is counted."""
        reason = self._denied(text) or (self._broken(plan) if plan is not None else "")
        if reason:
            self.dropped[reason] += 1
        return not reason

    def row(self, row: Row) -> Row:
        """The row with those of its texts that may be learned from."""
        return replace(row, texts=tuple(text for text in row.texts if self._allows_text(text)))

    def _allows_text(self, text: Text) -> bool:
        if not text.prompt.startswith(COMMAND) or not text.ends or text.answer.startswith(POINT):
            return self.allows(f"{text.prompt} {text.answer}")
        try:
            plan = read_words(text.answer)
        except PlanSyntaxError:
            self.dropped[NO_PLAN] += 1
            return False
        return self.allows(text.prompt, plan)

    def _denied(self, text: str) -> str:
        said = text.lower()
        return next((f"denied: {phrase}" for phrase, pattern in self._phrases if pattern.search(said)), "")

    def _broken(self, plan: Plan) -> str:
        if self._checker is None:
            return ""
        goal = Goal(relation="held", object=plan.steps[-1].object)
        violations = self._checker.check(_stand_in(plan), [plan], goal)[0].violations
        return violations[0].rule if violations else ""


def core_checker(rules: Path) -> ClingoChecker:
    """A judge by the rules of `rules`/core that need no scene. RuleError for rule files that cannot be read."""
    core = (rule for rule in Rulebook.load(rules).rules.values() if rule.origin == "core" and rule.kind != "grounding")
    return ClingoChecker(Rulebook(core), Knowledge.load(rules))


def read_denied(path: Path) -> tuple[str, ...]:
    """The deny-list, and the phrases of a file, one a line. DataError when it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: expected phrases that are never to be learned, one a line, got {error}") from error
    return (*DENIED, *(line.strip().lower() for line in lines if line.strip()))


def told(dropped: Counter[str]) -> str:
    """One clause for people: `4 dropped (c_too_low 3, denied: poison 1)`."""
    parts = ", ".join(f"{reason} {count}" for reason, count in sorted(dropped.items()))
    return f"{dropped.total()} dropped ({parts})" if dropped else "none dropped"


def _stand_in(plan: Plan) -> Scene:
    """Every thing that the plan names, small, where it is first reached for; what is put down after a box was opened lay on that box."""
    places = {name: place for name, place in reversed(list(_reached(plan))) if name not in TABLES}
    boxes = {put.object: opened.object for opened, put in pairwise(plan.steps) if opened.skill == "open" and put.skill in PUTS}
    return Scene(objects=tuple(_thing(name, place, boxes.get(name)) for name, place in places.items()), perception="plan")


def _thing(name: str, place: tuple[float, float], box: str | None) -> SceneObject:
    low = 0.0 if box is None else _SIDE
    size = (_SIDE, _SIDE, _SIDE)
    lid = {} if box is None else {"support": box, "handle": (0.02, 0.02, 0.02)}
    return SceneObject.model_validate(
        {"name": name, "kind": name, "position": (*place, low + _SIDE / 2), "yaw": 0.0, "size": size, "colour": "grey", **lid}
    )


def _reached(plan: Plan) -> Iterable[tuple[str, tuple[float, float]]]:
    for before, step in zip((None, *plan.steps[:-1]), plan.steps, strict=True):
        if before is not None and before.skill == "open" and step.skill in PUTS:
            yield step.object, before.keyframe.position[:2]
        yield step.object, step.keyframe.position[:2]
        if step.target is not None:
            yield step.target, step.keyframe.position[:2]
