"""What a law of this world is: when a step breaks it, as which events that shows, and how to lay a table on which it is at stake.

For grading, for making tasks and for the expert only: nothing that learns or reasons may import this package.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from siren.core.plan import Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Task


@dataclass(frozen=True)
class Situation:
    """One step of a plan, what it handles, and the scene it begins in."""

    scene: Scene
    step: Step
    thing: SceneObject

    @property
    def target(self) -> SceneObject | None:
        """What a put-down or a push is aimed at; None for the table."""
        return self.scene.find(self.step.target or "")


class Trial(NamedTuple):
    """A table and a plan for it; `step` (from 1) is where the law is broken, or would be."""

    task: Task
    plan: Plan
    step: int


class Pair(NamedTuple):
    """Two trials that differ in what the law speaks of and in nothing else that matters."""

    violating: Trial
    complying: Trial


Sampler = Callable[[np.random.Generator], Pair]


@dataclass(frozen=True)
class Law:
    """One law. `breaks` is the true condition, for grading only; `pair` lays a mixed table or raises NoRoomError."""

    name: str
    sentence: str
    physics: str  # why it is so, with the numbers that make it so
    skills: frozenset[str]
    events: frozenset[str]
    shows: str  # the facts by which one who learns can tell
    breaks: Callable[[Situation], bool]
    pair: Sampler
