"""Decisions on record as how much the policy still needs each rule: its shield dependency, before and under the newest weights.

    for found in dependencies(store.episodes(session), checker): ...
    rule = stand_by(rule, found)        # out of force, still looked at
    rule = call_back(rule, found)       # when first proposals break it again

A rule is absorbed when the policy's first proposals broke it once and no longer do. Proposals are judged by the rules of today, so that
a rule has a past before its birth. Whether a rule is put on stand-by is for people to say; it goes back into force by itself.
"""

from collections.abc import Iterable, Sequence

from pydantic import Field

from siren.core.episode import Episode
from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.core.statistics import wilson
from siren.core.values import Value
from siren.learning.lifecycle import moved
from siren.symbolic.checker import ClingoChecker


class Dependency(Value):
    """How often first proposals break one rule, under the newest weights and under all earlier ones."""

    rule: str
    checkpoint: str = Field(description="the newest weights")
    broken: int
    decisions: int
    earlier_broken: int
    earlier_decisions: int

    @property
    def absorbed(self) -> bool:
        """No first proposal breaks it any more, and that is no accident: the 95 % intervals before and now do not meet."""
        now, before = wilson(self.broken, self.decisions), wilson(self.earlier_broken, self.earlier_decisions)
        return self.broken == 0 and before[0] > now[1]

    def __str__(self) -> str:
        before = f"{self.earlier_broken} of {self.earlier_decisions} first proposals broke it before"
        return f"{self.rule}: {before}, {self.broken} of {self.decisions} under {self.checkpoint}"


def dependencies(episodes: Iterable[Episode], checker: ClingoChecker) -> tuple[Dependency, ...]:
    """For each learned rule of the checker how much it is needed, by id. The newest weights are those of the last decision."""
    decided = [episode for episode in episodes if episode.decision.candidates and episode.decision.candidates[0].plan is not None]
    if not decided:
        return ()
    newest = decided[-1].decision.checkpoint
    soft = sorted(rule.id for rule in checker.judging if not rule.hard)
    broken: dict[tuple[str, bool], int] = {}
    for episode in decided:
        plan, now = episode.decision.candidates[0].plan, episode.decision.checkpoint == newest
        assert plan is not None
        verdict = checker.check(episode.scene, [plan], episode.task.goal)[0]
        for rule in {violation.rule for violation in verdict.violations}:
            broken[rule, now] = broken.get((rule, now), 0) + 1
    current = sum(episode.decision.checkpoint == newest for episode in decided)
    return tuple(
        Dependency(
            rule=rule,
            checkpoint=newest,
            broken=broken.get((rule, True), 0),
            decisions=current,
            earlier_broken=broken.get((rule, False), 0),
            earlier_decisions=len(decided) - current,
        )
        for rule in soft
    )


def stand_by(rule: Rule, found: Dependency) -> Rule:
    """The rule out of force because the policy has absorbed it. RuleError when it has not, or when a person pinned it."""
    if rule.pinned or not rule.in_force or not found.absorbed:
        why = f"pinned by {rule.pinned}" if rule.pinned else f"not absorbed ({found})" if rule.in_force else f"{rule.status}, not in force"
        raise RuleError(f"expected a rule that the policy has absorbed, got one that is {why}; leave it as it is", source=rule.id)
    return moved(rule, "standby", f"absorbed: {found}")


def call_back(rules: Sequence[Rule], found: Iterable[Dependency]) -> tuple[Rule, ...]:
    """The rules, those on stand-by in force again when first proposals break them under the newest weights."""
    needed = {one.rule: one for one in found if one.broken}
    return tuple(
        moved(rule, "active", f"needed again: {needed[rule.id]}") if rule.status == "standby" and rule.id in needed else rule
        for rule in rules
    )
