"""The parts of an agent as small stand-ins that check what they are given: for tests of whatever holds them together.

They keep a diary of what they were asked, so that a test can tell the story back. No physics, no weights, no rules.
"""

from collections.abc import Callable, Sequence

import numpy as np

from siren.core.episode import Candidate, Outcome, Repair, Verdict, Violation
from siren.core.plan import Plan, require_executable
from siren.core.scene import Scene
from siren.core.task import Goal, Task

FINE = Outcome(success=True, goal_reached=True, events=(), ticks=1, state_hash="0" * 64)


class PaperWorld:
    """A world of one scene in which every executable plan succeeds. `ran` keeps the plans."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.ran: list[Plan] = []

    def reset(self, task: Task) -> Scene:
        return self._scene

    def look(self) -> np.ndarray:
        return np.zeros((96, 96, 3), np.uint8)

    def execute(self, plan: Plan) -> Outcome:
        require_executable(plan, self._scene.names())
        self.ran.append(plan)
        return FINE


class ScriptedProposer:
    """Proposes what it was told to, best first, whatever it sees."""

    checkpoint = "scripted"

    def __init__(self, plans: Sequence[Plan | None]) -> None:
        self._plans = plans

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        assert image.dtype == np.uint8
        assert image.shape == (96, 96, 3)
        chosen = list(self._plans)[:count]
        return tuple(Candidate(text=str(plan or "?"), score=-float(rank), plan=plan) for rank, plan in enumerate(chosen))


class PlainChecker:
    """One rule, as a function from plan to the numbers of the steps that break it."""

    rulebook = "plain"

    def __init__(self, breaks: Callable[[Plan], Sequence[int]], *, hard: bool = False) -> None:
        self._breaks = breaks
        self._hard = hard

    def check(self, scene: Scene, plans: Sequence[Plan], goal: Goal) -> tuple[Verdict, ...]:
        return tuple(self._verdict(plan) for plan in plans)

    def _verdict(self, plan: Plan) -> Verdict:
        found = tuple(Violation(rule="plain", args=(plan.steps[step - 1].object,), step=step) for step in self._breaks(plan))
        return Verdict(violations=found, hard=self._hard and bool(found), weight=float(len(found)))


class PlainRepairer:
    """Mends a plan by a function, and says which edits that took."""

    def __init__(self, mend: Callable[[Plan], Repair]) -> None:
        self._mend = mend

    def repair(self, scene: Scene, plan: Plan, goal: Goal) -> Repair:
        return self._mend(plan)
