"""A moment of doubt or failure as candidates in a better order, cut to what is still open, and one more that worked before.

Nothing is fetched unless the policy wavers between things, rules are against every candidate, or an attempt has just failed. What came of
it is judged by the rules like any other candidate. core/recollection.py says what the levels are.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from siren.core.episode import Candidate, Episode
from siren.core.grounding import on_the_table
from siren.core.interfaces import Moment, Remembered
from siren.core.manner import in_manner_of, skills_of
from siren.core.plan import Plan, Step, write_plan
from siren.core.progress import goal_text, holding_parts, open_steps
from siren.core.recollection import LEVELS, Level, Neighbour, Recalled, Trigger
from siren.memory.evidence import evidence, reached_before
from siren.memory.past import Past
from siren.memory.rows import root_event

UNSURE = 0.5  # nats; measured in docs/retrieval.md
NEIGHBOURS = 8
SAME_PLACE = 0.01  # metres; with the same turn within SAME_YAW one grasp
SAME_YAW = 12.0  # degrees


@dataclass(frozen=True)
class _Entry:
    """A candidate on its way: its rank before, and whether it does again what just failed."""

    rank: int
    candidate: Candidate
    repeats: bool = False
    evidence: float = 0.0
    strays: bool = False  # it goes for another thing than the greedy one, and nothing on record speaks for that


_Found = tuple[list[_Entry], dict[str, object]]  # candidates, and fields of `Recalled`


class Memory:
    """Implements core.interfaces.Recall."""

    def __init__(self, level: Level, past: Past | None = None, unsure: float = UNSURE) -> None:
        """`past` is needed for l3 only. `unsure`: nats of doubt from which l3 is asked."""
        if level == "l3" and past is None:
            raise ValueError("expected past episodes for level l3, got none; hand in siren.memory.past.Past")
        self._depth = LEVELS.index(level)
        self._level = level
        self._past = past
        self._unsure = unsure

    def recall(self, moment: Moment) -> Remembered | None:
        """None where there is no need to ask, or nothing to go by."""
        trigger = self._trigger(moment)
        if trigger is None:
            return None
        told = Recalled(level=self._level, trigger=trigger, doubt=moment.candidates[0].doubt)
        entries = [_Entry(rank, candidate) for rank, candidate in enumerate(moment.candidates)]
        for level, ask in self._asked(moment):
            start = time.perf_counter()
            entries, found = ask(entries)
            spent = {**told.milliseconds, level: round(1000 * (time.perf_counter() - start), 3)}
            told = told.model_copy(update={**found, "milliseconds": spent})
        entries.sort(key=lambda entry: (entry.candidate.plan is None, entry.repeats, entry.strays, -entry.evidence))
        repeats = tuple(number for number, entry in enumerate(entries) if entry.repeats)
        told = told.model_copy(update={"order": tuple(entry.rank for entry in entries), "repeats": repeats})
        return Remembered(tuple(entry.candidate for entry in entries), told)

    def _asked(self, moment: Moment) -> Iterator[tuple[Level, Callable[[list[_Entry]], _Found]]]:
        """The levels that have something to say now, each as what it makes of the candidates."""
        last, past = moment.last, self._past
        if last is not None:
            yield "l1", lambda entries: _last_actions(entries, last)
        if last is not None and self._depth >= 1:
            yield "l2", lambda entries: _progress(entries, moment, last)
        if past is not None and self._depth >= 2:
            yield "l3", lambda entries: _similar(entries, moment, past)

    def _trigger(self, moment: Moment) -> Trigger | None:
        if moment.last is not None:
            return "failed"
        if self._depth < 2:
            return None
        verdicts = [candidate.verdict for candidate in moment.candidates if candidate.verdict is not None]
        if not any(verdict.clean for verdict in verdicts):
            return "refused"
        doubt = moment.candidates[0].doubt
        return "unsure" if doubt is not None and doubt > self._unsure else None


def _last_actions(entries: Sequence[_Entry], last: Episode) -> _Found:
    """Which candidates would do once more, in the same manner, what has just failed."""
    root = root_event(last)
    steps = last.decision.plan.steps
    failed = steps[root.step - 1] if root is not None and root.step <= len(steps) else None
    return [replace(entry, repeats=failed is not None and _does(entry.candidate.plan, failed)) for entry in entries], {}


def _does(plan: Plan | None, failed: Step) -> bool:
    return plan is not None and any(_same(step, failed) for step in plan.steps)


def _same(step: Step, failed: Step) -> bool:
    one, other = step.keyframe, failed.keyframe
    if (step.skill, step.object, step.target, one.speed, one.force) != (
        failed.skill,
        failed.object,
        failed.target,
        other.speed,
        other.force,
    ):
        return False
    near = all(abs(a - b) <= SAME_PLACE for a, b in zip(one.position, other.position, strict=True))
    return near and abs((one.yaw - other.yaw + 90.0) % 180.0 - 90.0) <= SAME_YAW


def _progress(entries: Sequence[_Entry], moment: Moment, last: Episode) -> _Found:
    """What holds already is not proposed again."""
    done = holding_parts(moment.task.goal, last.scene, moment.scene)
    if not done:
        return list(entries), {}
    cut, dropped = [], list[str]()
    for entry in entries:
        plan = entry.candidate.plan
        if plan is None:
            cut.append(entry)
            continue
        named = on_the_table(moment.scene, plan)
        left = open_steps(named, done)
        cut.append(replace(entry, candidate=_with_plan(entry.candidate, left)))
        if entry.rank == 0:
            dropped = [step.symbolic_text() for step in named.steps if step not in left.steps]
    return cut, {"holds": tuple(map(goal_text, done)), "left_out": tuple(dropped)}


def _with_plan(candidate: Candidate, plan: Plan) -> Candidate:
    return candidate.model_copy(update={"plan": plan, "text": write_plan(plan), "verdict": None})


def _similar(entries: Sequence[_Entry], moment: Moment, past: Past) -> _Found:
    """Weigh each candidate by what came of the like in similar episodes, and add the manner of one that worked."""
    direction = past.embed(moment.image, moment.task.instruction)
    found = [(past.episode(number), cosine) for number, cosine in past.likeness.nearest(direction, NEIGHBOURS)]
    told: dict[str, object] = {"neighbours": tuple(_neighbour(episode, cosine) for episode, cosine in found)}
    added, source = _from_memory(entries, moment, found)
    if added is not None:
        added = _last_actions([added], moment.last)[0][0] if moment.last is not None else added
        entries, told = [*entries, added], {**told, "source": source}
    greedy = entries[0].candidate.plan
    meant = reached_before(moment.task.instruction, [episode for episode, _ in found])
    weighed = [
        replace(
            entry,
            evidence=evidence(moment.scene, entry.candidate.plan, found) if entry.candidate.plan else 0.0,
            strays=_aim(entry.candidate.plan) != _aim(greedy) and _aim(entry.candidate.plan) not in meant,
        )
        for entry in entries
    ]
    return weighed, told


def _from_memory(entries: Sequence[_Entry], moment: Moment, found: Sequence[tuple[Episode, float]]) -> tuple[_Entry | None, int | None]:
    """The greedy proposal in the manner of the most similar success with the same skills; None where that changes nothing."""
    candidate = entries[0].candidate
    if candidate.plan is None:
        return None, None
    plan = on_the_table(moment.scene, candidate.plan)
    worked = [episode for episode, _ in found if episode.outcome.success and skills_of(episode.decision.plan) == skills_of(plan)]
    worked.sort(key=lambda episode: -sum(a.object == b.object for a, b in zip(plan.steps, episode.decision.plan.steps, strict=True)))
    if not worked:
        return None, None
    changed = in_manner_of(moment.scene, plan, worked[0].scene, worked[0].decision.plan)
    if changed in [entry.candidate.plan for entry in entries]:
        return None, None
    return _Entry(-1, _with_plan(candidate, changed)), worked[0].id


def _aim(plan: Plan | None) -> str:
    return plan.steps[-1].symbolic_text() if plan is not None and plan.steps else ""


def _neighbour(episode: Episode, cosine: float) -> Neighbour:
    assert episode.id is not None
    outcome, task = episode.outcome, episode.task
    return Neighbour(episode=episode.id, likeness=round(cosine, 4), success=outcome.success, instruction=task.instruction)
