"""A rule and the decisions on record as what it would have blocked: rightly, wrongly, or nobody knows.

Each plan that was run is judged by this one rule. A step that it refuses was rightly refused when the first trouble of that run began
there (and is of the rule's kind), wrongly when the step went well, and says nothing when the run had failed before or in another way.
The newest runs come first; time is bounded, so the answer says how many it looked at.
"""

import time
from collections.abc import Sequence
from typing import Literal, NamedTuple

from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.core.statistics import wilson
from siren.learning.failures import family_of, root_cause
from siren.memory.browse import EpisodeIndex
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook

EXAMPLES = 5
Judgement = Literal["right", "wrong", "open"]


class Blocked(NamedTuple):
    """One executed step that the rule would have refused."""

    episode: int
    step: int
    judgement: Judgement
    instruction: str


class Replay(NamedTuple):
    """What a rule would have done on the runs that were looked at."""

    rule: Rule
    blocked: tuple[Blocked, ...]
    runs: int
    on_record: int

    def of(self, judgement: Judgement) -> tuple[Blocked, ...]:
        """The steps that were refused rightly, wrongly, or with an open end."""
        return tuple(found for found in self.blocked if found.judgement == judgement)

    def examples(self, judgement: Judgement) -> tuple[Blocked, ...]:
        """Up to five of them."""
        return self.of(judgement)[:EXAMPLES]

    @property
    def precision(self) -> tuple[float, float]:
        """Share of the decided refusals that are right: Wilson's 95 % interval. (0, 1) when nothing is decided."""
        right, wrong = len(self.of("right")), len(self.of("wrong"))
        return wilson(right, right + wrong)


def replay(
    store: Store, index: EpisodeIndex, session: str, rules: Sequence[Rule], knowledge: Knowledge, *, runs: int = 300, seconds: float = 3.0
) -> tuple[Replay, ...]:
    """Judge the session's newest runs by each rule alone. `rules` have been validated. Stops after `seconds` of wall time."""
    numbers = [line.id for line in index.all() if line.session == session]
    judges = [ClingoChecker(Rulebook([rule.model_copy(update={"status": "active"})]), knowledge) for rule in rules]
    blocked: list[list[Blocked]] = [[] for _ in rules]
    looked, begun = 0, time.monotonic()
    for number in reversed(numbers[-runs:]):
        if time.monotonic() - begun > seconds:
            break
        episode = store.episode(number)
        for found, rule, judge in zip(blocked, rules, judges, strict=True):
            found += _blocked(episode, number, rule, judge)
        looked += 1
    return tuple(Replay(rule, tuple(found), looked, len(numbers)) for rule, found in zip(rules, blocked, strict=True))


def _blocked(episode: Episode, number: int, rule: Rule, judge: ClingoChecker) -> list[Blocked]:
    verdict = judge.check(episode.scene, [episode.decision.plan], episode.task.goal)[0]
    steps = sorted({violation.step for violation in verdict.violations})
    return [Blocked(number, step, _judged(episode, step, rule.kind), episode.task.instruction) for step in steps]


def _judged(episode: Episode, step: int, kind: str) -> Judgement:
    """`kind` is the family of trouble that the rule speaks of; empty: any."""
    root = root_cause(episode.outcome)
    if root is None or root.step > step:
        return "wrong"
    if root.step < step:
        return "open"
    family = family_of(root, episode.decision.plan.steps[step - 1].skill)
    return "right" if kind in ("", family, root.kind) else "open"
