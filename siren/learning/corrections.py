"""Episodes as what the weights learn from: an instruction in a scene, and a plan that was seen to work there.

A failed plan is never shown as something to imitate. A correction is the plan of a probe that worked, or a repaired plan that did;
a rehearsal is a plan that breaks no rule in a scene of which no failure is known, so that what was learned carries over.
Images are not here: the trainer renders or reads them by task.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from siren.core.episode import Episode
from siren.core.interfaces import Checker, Repairer
from siren.core.plan import Plan
from siren.core.task import Task
from siren.learning.commands import shared_phrases
from siren.learning.failures import group_of, root_cause
from siren.world.expert import careless_plan
from siren.world.splits import Split
from siren.world.tasks import make_task, nominal_scene

REHEARSAL_SEEDS = 700_000_000  # far from the seeds of sessions and of held-out suites
_REHEARSED: tuple[Split, ...] = ("use", "use", "seen", "seen", "multi", "use", "use", "seen", "seen", "reasoning")


@dataclass(frozen=True)
class Correction:
    """What should have been said. `episode` is the id of the episode that taught it, None for a rehearsal."""

    task: Task
    plan: Plan
    group: str  # of the step that went wrong or was mended, e.g. `place in`
    episode: int | None = None

    @property
    def instruction(self) -> str:
        return self.task.instruction


def correction_of(episode: Episode, fix: Plan | None = None) -> Correction | None:
    """What an episode teaches the weights: the fix of a failure, a plan that worked and was not the first proposal, or nothing."""
    event = root_cause(episode.outcome)
    if not episode.outcome.success:
        if fix is None:
            return None
        step = min(event.step if event else 1, len(episode.decision.plan.steps))
        return Correction(episode.task, fix, group_of(episode.decision.plan, step), episode.id)
    decision = episode.decision
    if decision.repair is not None and decision.repair.edits:
        step = min(decision.repair.edits[0].step, len(decision.plan.steps))
        return Correction(episode.task, decision.plan, group_of(decision.plan, step), episode.id)
    if decision.chosen > 0:
        return Correction(episode.task, decision.plan, group_of(decision.plan, len(decision.plan.steps)), episode.id)
    return None


def select(corrections: Iterable[Correction], limit: int) -> tuple[Correction, ...]:
    """At most `limit` corrections: one a scene and instruction (the newest), the groups by turns, newest first in each."""
    newest: dict[tuple[int, str], Correction] = {}
    for correction in corrections:
        newest.pop((correction.task.seed, correction.instruction), None)
        newest[correction.task.seed, correction.instruction] = correction
    groups: dict[str, list[Correction]] = defaultdict(list)
    for correction in newest.values():
        groups[correction.group].append(correction)
    return tuple(_by_turns(groups, limit))


def rehearse(
    count: int, repairer: Repairer, judge: Checker, rng: np.random.Generator, *, first_seed: int = REHEARSAL_SEEDS
) -> tuple[Correction, ...]:
    """Plans in which the judge finds nothing broken, for fresh scenes. Drawn carelessly and mended; what cannot be mended is left out.

    The repairer may know suspicions that the judge does not: they are mended where that is possible and leave nothing out, since a wrong
    one would keep whole kinds of task from being rehearsed. One that forbade every opening of a box once did.

    Two of five ask by use: corrections name things, and when rehearsals did so too, preparing steps before "something that suits breakfast"
    came out as nonsense. One asks for several things to be done, or by description, as robot data do (learning/robot_data.py).
    At most three scenes are looked at for each plan asked for, so the answer may be shorter than `count`.
    """
    found: list[Correction] = []
    for seed in range(first_seed, first_seed + 3 * count):
        if len(found) == count:
            break
        task = make_task(seed, _REHEARSED[seed % len(_REHEARSED)])
        if task.split == "use" and not any(phrase in task.instruction for phrase in shared_phrases()):
            continue
        scene = nominal_scene(task)
        repair = repairer.repair(scene, careless_plan(task, scene, rng), task.goal)
        if judge.check(scene, [repair.plan], task.goal)[0].clean:
            found.append(Correction(task, repair.plan, group_of(repair.plan, len(repair.plan.steps))))
    return tuple(found)


def _by_turns(groups: dict[str, list[Correction]], limit: int) -> Iterator[Correction]:
    left = limit
    while left > 0 and any(groups.values()):
        for group in sorted(groups):
            if groups[group] and left > 0:
                yield groups[group].pop()
                left -= 1
