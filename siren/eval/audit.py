"""Learned rules graded on fresh, random steps: which of the world's hidden laws do they flag, and what do they forbid needlessly?

This is the one place where the laws meet the rules, and it only counts. Nothing here flows back into learning.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from siren.core.episode import Episode
from siren.core.geometry import RELEASE_HEIGHT, Release
from siren.core.interfaces import Checker
from siren.core.plan import Plan, Step
from siren.core.scene import Scene
from siren.core.statistics import wilson
from siren.core.task import Task
from siren.core.values import Value
from siren.world.expert import careless_plan, expert_plan
from siren.world.laws.every import LAWS, broken_laws

# A law counts as recovered from this share of its failing steps on.
RECOVERED = 0.8


class Share(Value):
    """A count of something among trials, with its 95 % interval."""

    count: int
    trials: int

    @property
    def share(self) -> float:
        return self.count / self.trials if self.trials else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.count, self.trials)

    def __str__(self) -> str:
        if not self.trials:
            return "none"
        low, high = self.interval
        return f"{100 * self.share:.1f} % ({self.count} of {self.trials}; {100 * low:.0f} to {100 * high:.0f})"


class LawGrade(Value):
    """One hidden law: of the fresh steps that failed by it alone, how many do the learned rules flag?"""

    law: str
    flagged: Share

    @property
    def recovered(self) -> bool:
        return self.flagged.trials > 0 and self.flagged.share >= RECOVERED


class Audit(Value):
    """All laws, and the two figures that matter: failures flagged, successes flagged in vain."""

    laws: tuple[LawGrade, ...]
    failing: Share
    succeeding: Share

    @property
    def recovered(self) -> int:
        return sum(law.recovered for law in self.laws)

    @property
    def met(self) -> tuple[LawGrade, ...]:
        """Laws by which some fresh step failed, so that there is something to be graded on."""
        return tuple(law for law in self.laws if law.flagged.trials)


class Graded(NamedTuple):
    """One executed step: the laws it broke, whether it failed, and whether a learned rule flags it."""

    laws: tuple[str, ...]
    failed: bool
    flagged: bool


def put_at_random(task: Task, scene: Scene, rng: np.random.Generator) -> Plan:
    """A plan that takes things with care and puts them down carelessly, so that the laws of putting down are reached."""
    careful, careless = expert_plan(task, scene), careless_plan(task, scene, rng)
    prepared = len(careless.steps) > 2 or rng.random() < 0.5
    steps = careful.steps if prepared else tuple(step for step in careful.steps if step.object == task.goal.object)
    return Plan(steps=tuple(_careless_put(step, rng) if step.object == task.goal.object else step for step in steps))


def grade(episodes: Iterable[Episode], checker: Checker) -> Audit:
    """Judge every executed step of the audit's episodes. `checker` holds the learned rules."""
    steps = [step for episode in episodes for step in _graded(episode, checker)]
    broken = [step for step in steps if step.failed and step.laws]
    return Audit(
        laws=tuple(LawGrade(law=law, flagged=_share([step for step in broken if step.laws == (law,)])) for law in LAWS),
        failing=_share(broken),
        succeeding=_share([step for step in steps if not step.failed]),
    )


def flags_by_step(checker: Checker, episode: Episode) -> dict[int, tuple[str, ...]]:
    """Ids of the learned rules that the executed plan breaks, by step."""
    (verdict,) = checker.check(episode.scene, [episode.decision.plan], episode.task.goal)
    flags: dict[int, tuple[str, ...]] = {}
    for violation in verdict.violations:
        flags[violation.step] = (*flags.get(violation.step, ()), violation.rule)
    return flags


def _graded(episode: Episode, checker: Checker) -> Iterator[Graded]:
    """Steps up to the first that failed; what comes after it never happened."""
    flags = flags_by_step(checker, episode)
    plan, events = episode.decision.plan, episode.outcome.events
    last = events[0].step if events else len(plan.steps)
    for number in range(1, last + 1):
        failed = bool(events) and number == last
        yield Graded(broken_laws(episode.scene, plan, number), failed, bool(flags.get(number)))


def _share(steps: Sequence[Graded]) -> Share:
    return Share(count=sum(step.flagged for step in steps), trials=len(steps))


def _careless_put(step: Step, rng: np.random.Generator) -> Step:
    if step.skill not in ("place", "stack"):
        return step
    release: Release = "high" if rng.random() < 0.5 else "low"
    x, y, z = step.keyframe.position
    raised = round(z + RELEASE_HEIGHT[release] - RELEASE_HEIGHT["low"], 3)
    return step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (x, y, raised)})})
