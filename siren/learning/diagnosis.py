"""A failed plan as the argument that made it fail, confirmed by trying: the same start again, each time with one thing set right.

    found = diagnose(plan, outcome, lambda plan: amendments(scene, plan, goal), run)
    found.step, found.fields        # 1, ("force",)

The first event says when it showed; what was wrong may have come in steps before. So single changes are carried out step by step, from
where it showed backwards, until a step is found at which a change alone lets the plan succeed. All changes of that step are tried, so
that it is known which of its arguments mattered. The world gives the same episode for the same plan, so a change that helps is why.
When none helps alone, speed and force of a step are changed together: a thing can be held too loosely and torn up as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from siren.core.episode import Edit, Event, Outcome
from siren.core.plan import Plan
from siren.learning.failures import progress, root_cause
from siren.learning.probes import Attempt

BUDGET = 60  # runs of one diagnosis
_MEANT = ("object", "target")  # what the plan is about: seen by comparing it with what was asked for
_ANYWHERE = ("order", *_MEANT)  # may be set right after the step at which it showed

Amendment = tuple[Edit, Plan]
Amend = Callable[[Plan], Sequence[Amendment]]
Run = Callable[[Plan], Outcome | None]  # None: the world refused the plan


@dataclass(frozen=True)
class Diagnosis:
    """Why a plan failed: `fields` of `step`. `mended` are the trials that succeeded, `further` those that came further than the plan."""

    event: Event
    step: int
    fields: tuple[str, ...]  # what mattered; none when nothing that was tried helped
    mended: tuple[Attempt, ...]
    further: tuple[Attempt, ...]
    runs: int

    @property
    def confirmed(self) -> bool:
        """Whether setting that right made the plan succeed."""
        return bool(self.mended)


@dataclass
class _Tries:
    """Runs so far, within a budget."""

    run: Run
    before: tuple[int, int]  # how far the plan came
    left: int
    further: list[Attempt] = field(default_factory=list)

    def mends(self, edits: tuple[Edit, ...], plan: Plan) -> Attempt | None:
        """The trial, if the plan succeeds now."""
        if self.left == 0:
            return None
        self.left -= 1
        outcome = self.run(plan)
        if outcome is None:
            return None
        trial = Attempt(edits, plan, outcome)
        if not outcome.success and progress(outcome) > self.before and edits[0].field not in _ANYWHERE:
            self.further.append(trial)
        return trial if outcome.success else None


def diagnose(plan: Plan, outcome: Outcome, amend: Amend, run: Run, budget: int = BUDGET) -> Diagnosis:
    """Why the plan failed, from at most `budget` runs. `amend` lists the plans that have one thing set right.

    Raises ValueError for an outcome without any event.
    """
    event = root_cause(outcome)
    if event is None:
        raise ValueError("expected an outcome in which something went wrong, got one without an event; diagnose failures only")
    tries = _Tries(run, progress(outcome), budget)
    options = _in_order(amend(plan), event.step)
    mended = _singly(options, tries) or _together(options, amend, tries)
    step, fields = _meant(event, options, tries.further)
    if mended:
        step, fields = mended[0].edits[0].step, tuple(dict.fromkeys(edit.field for trial in mended for edit in trial.edits))
    return Diagnosis(event, step, fields, tuple(mended), tuple(tries.further), budget - tries.left)


def _in_order(amendments: Sequence[Amendment], failed: int) -> list[Amendment]:
    """From the step that failed backwards; what comes later cannot have mattered, but for what the plan is about and its order."""
    usable = [one for one in amendments if one[0].step <= failed or one[0].field in _ANYWHERE]
    return sorted(usable, key=lambda one: (one[0].step > failed, abs(failed - one[0].step)))


def _singly(options: Sequence[Amendment], tries: _Tries) -> list[Attempt]:
    """All single changes that mend, at the first step that has any."""
    for _, at_step in groupby(options, key=lambda amendment: amendment[0].step):
        mended: dict[Edit, Attempt] = {}
        for edit, changed in at_step:
            trial = None if edit in mended else tries.mends((edit,), changed)  # several ways may lead to the very change that helped
            if trial is not None:
                mended[edit] = trial
        if mended:
            return list(mended.values())
    return []


def _together(options: Sequence[Amendment], amend: Amend, tries: _Tries) -> list[Attempt]:
    """Changes of speed and force that mend together, at the failed step or before."""
    for first, changed in (one for one in options if one[0].field == "speed"):
        pairs = _forces(amend(changed), first.step)
        found = [trial for second, plan in pairs if (trial := tries.mends((first, second), plan)) is not None]
        if found:
            return found
    return []


def _forces(amendments: Sequence[Amendment], step: int) -> Iterator[Amendment]:
    return (one for one in amendments if one[0].field == "force" and one[0].step == step)


def _meant(event: Event, options: Sequence[Amendment], further: Sequence[Attempt]) -> tuple[int, tuple[str, ...]]:
    """Without a change that mends: what the plan is about where the goal was merely missed, else what came further, else only when.

    That a place cannot be reached the arm itself says.
    """
    if event.kind == "unreachable":
        return event.step, ("aim",)
    about = [edit for edit, _ in options if edit.field in _MEANT] if event.kind == "goal_missed" else []
    helped = about or [edit for trial in further for edit in trial.edits]
    step = helped[0].step if helped else event.step
    return step, tuple(dict.fromkeys(edit.field for edit in helped if edit.step == step))
