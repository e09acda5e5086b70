"""A rule and the decisions on record as what it would have blocked: rightly, wrongly, or nobody knows.

    before, after = replay(store, session, (rule, edited), knowledge)
    after.precision, after.examples("wrong")

Each plan that was run is judged by the rules alone, each rule for itself. A step that one refuses was rightly refused when the first
trouble of that run began there (and is of the rule's kind), wrongly when the step went well, and says nothing when the run had failed
before or in another way. The newest runs come first; where time is bounded, the answer says how many it looked at.
"""

import re
import time
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.core.statistics import wilson
from siren.core.values import Value
from siren.learning.failures import family_of, root_cause
from siren.memory.browse import newest_episodes
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook

EXAMPLES = 5
RUNS = 10_000
Judgement = Literal["right", "wrong", "open"]


class Blocked(Value):
    """One executed step that the rule would have refused."""

    episode: int
    step: int
    judgement: Judgement
    instruction: str


class Replay(Value):
    """What a rule would have done on the runs that were looked at."""

    rule: Rule
    blocked: tuple[Blocked, ...]
    runs: int = Field(description="how many were judged, the newest first")
    on_record: int

    def of(self, judgement: Judgement) -> tuple[Blocked, ...]:
        """The steps that were refused rightly, wrongly, or with an open end."""
        return tuple(found for found in self.blocked if found.judgement == judgement)

    def examples(self, judgement: Judgement) -> tuple[Blocked, ...]:
        """Up to five of them, the newest first."""
        return self.of(judgement)[:EXAMPLES]

    @property
    def precision(self) -> tuple[float, float]:
        """Share of the decided refusals that are right: Wilson's 95 % interval. (0, 1) when nothing is decided."""
        right, wrong = len(self.of("right")), len(self.of("wrong"))
        return wilson(right, right + wrong)


def replay(
    store: Store, session: str, rules: Sequence[Rule], knowledge: Knowledge, *, runs: int = RUNS, seconds: float = float("inf")
) -> tuple[Replay, ...]:
    """Judge the session's newest runs by each rule alone. `rules` have been validated. Stops after `seconds` of wall time."""
    named = {f"replayed_{place}": place for place in range(len(rules))}
    judge = ClingoChecker(Rulebook(_renamed(rule, name) for name, rule in zip(named, rules, strict=True)), knowledge)
    blocked: list[list[Blocked]] = [[] for _ in rules]
    looked, begun = 0, time.monotonic()
    for episode in newest_episodes(store, session, runs):
        for step, name in _refused(episode, judge):
            place = named[name]
            judgement = judged(episode, step, rules[place].kind)
            blocked[place].append(Blocked(episode=episode.id or 0, step=step, judgement=judgement, instruction=episode.task.instruction))
        looked += 1
        if time.monotonic() - begun > seconds:
            break
    total = store.count_episodes(session)
    return tuple(Replay(rule=rule, blocked=tuple(found), runs=looked, on_record=total) for rule, found in zip(rules, blocked, strict=True))


def judged(episode: Episode, step: int, kind: str) -> Judgement:
    """Whether refusing that step would have been right. `kind` is the family of trouble that the rule speaks of; empty: any."""
    root = root_cause(episode.outcome)
    if root is None or root.step > step:
        return "wrong"
    if root.step < step:
        return "open"
    family = family_of(root, episode.decision.plan.steps[step - 1].skill)
    return "right" if kind in ("", family, root.kind) else "open"


def _refused(episode: Episode, judge: ClingoChecker) -> list[tuple[int, str]]:
    verdict = judge.check(episode.scene, [episode.decision.plan], episode.task.goal)[0]
    return sorted({(violation.step, violation.rule) for violation in verdict.violations})


def _renamed(rule: Rule, name: str) -> Rule:
    """The rule in force under another name, so that two wordings of one rule can judge side by side."""
    text = re.sub(rf"violated\(\s*{re.escape(rule.id)}\b", f"violated({name}", rule.text, count=1)
    return rule.model_copy(update={"id": name, "text": text, "status": "active", "banned": ""})
