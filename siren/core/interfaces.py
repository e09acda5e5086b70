"""The parts of the agent, each as the one loop needs it.

    scene = world.reset(task)                     # or, seen rather than known: perceiver.perceive(world.look())
    candidates = proposer.propose(world.look(), task.instruction, count=4, rng=rng)
    verdicts = checker.check(scene, [candidate.plan for candidate in candidates], task.goal)
    repair = repairer.repair(scene, candidates[0].plan, task.goal)
    outcome = world.execute(repair.plan)

No part knows where it runs; none knows another.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from siren.core.episode import Candidate, Episode, Outcome, Planned, Repair, Verdict
from siren.core.plan import Plan
from siren.core.recollection import Recalled
from siren.core.scene import Scene
from siren.core.task import Goal, Task


class World(Protocol):
    """A table, things on it, and an arm."""

    def reset(self, task: Task) -> Scene:
        """Build the task's layout from nothing and let it settle."""
        ...

    def look(self) -> np.ndarray:
        """What the overhead camera sees. uint8, (96, 96, 3), RGB; up is +x, left is +y."""
        ...

    def execute(self, plan: Plan) -> Outcome:
        """Run the plan once, from the state after `reset`. Raises PlanRefusedError before anything moves."""
        ...


class Proposer(Protocol):
    """The neural half: an image and an instruction become ranked plans."""

    @property
    def checkpoint(self) -> str:
        """Name of the weights."""
        ...

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        """`count` plans, best first. image: uint8, (96, 96, 3), RGB."""
        ...


class Perceiver(Protocol):
    """The neural half once more: what stands where, as seen in an image."""

    def perceive(self, image: np.ndarray, said: Plan | None = None) -> Scene:
        """The scene that the rules are to speak of. image: uint8, (96, 96, 3), RGB; `said`: what was proposed for the same image."""
        ...


class Checker(Protocol):
    """The symbolic half: which rules does each plan break, where, with which objects."""

    @property
    def rulebook(self) -> str:
        """Hash of the rules in force."""
        ...

    def check(self, scene: Scene, plans: Sequence[Plan], goal: Goal) -> tuple[Verdict, ...]:
        """One verdict a plan, in the same order."""
        ...


class Repairer(Protocol):
    """The least change of a plan that breaks nothing."""

    def repair(self, scene: Scene, plan: Plan, goal: Goal) -> Repair:
        """Always answers; what cannot be mended is named in `residual`."""
        ...


class Planner(Protocol):
    """The slow path: a plan without the policy."""

    def plan(self, scene: Scene, goal: Goal) -> Planned | None:
        """The plan to the goal that breaks least, or None when there is none within its bounds."""
        ...


class Moment(NamedTuple):
    """What an agent knows when it asks its memory."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    scene: Scene
    task: Task
    candidates: tuple[Candidate, ...]  # with the verdicts on them
    last: Episode | None = None  # the attempt that has just failed, where one has


class Remembered(NamedTuple):
    """The candidates as memory would have them, not yet judged, and what it went by."""

    candidates: tuple[Candidate, ...]
    recalled: Recalled


class Recall(Protocol):
    """Memory: what came before, where that helps."""

    def recall(self, moment: Moment) -> Remembered | None:
        """None where there is no need to ask, or nothing to say."""
        ...
