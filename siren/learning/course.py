"""What a training from scratch consists of: phases, how many steps each has, and how fast it learns in them.

    eye      pictures and region labels alone
    words    web and robot texts, 90 : 10, then 50 : 50, then 10 : 90; localisation comes from the web rows' places
    balance  50 : 50 with region labels on web rows only: ending on 10 % web alone costs the words of unseen kinds

Everything is counted in steps, never in seconds, so that a seed gives the same weights again.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from siren.learning.mixture import CURRICULUM
from siren.learning.trainer import Rates
from siren.policy.model import ModelConfig

GATED = 0.4  # of the words; things are found suddenly, in every training measured before 30 %


class Phase(NamedTuple):
    """Steps of one kind; `scale` multiplies the rates, by the share of the phase that is done (0 to 1)."""

    name: str
    steps: int
    rates: Rates
    scale: Callable[[float], float]


class Moment(NamedTuple):
    """Where one step stands."""

    phase: Phase
    done: int  # steps of this phase before it

    @property
    def share(self) -> float:
        """Of the phase that is done, 0 to 1."""
        return self.done / self.phase.steps


@dataclass(frozen=True)
class PretrainConfig:
    """How much of what; scenes are rendered once and kept in `cache`. Of which course the weights that ship are, their model card says."""

    cache: Path
    eye_steps: int = 1600
    words_steps: int = 4800
    balance_steps: int = 1000
    robot_scenes: int = 14_000
    web_scenes: int = 22_000
    web_part: float = 1.0  # of the web pool that is used, its first scenes
    rows: int = 32  # of a step, over all processes
    seed: int = 0  # of the scenes, of the start and of the order
    order: int = 0  # another start and another order on the same scenes
    workers: int = 2  # processes that render and train
    model: ModelConfig = ModelConfig()
    shares: tuple[float, ...] = CURRICULUM  # of web rows, by equally long parts of the words; a single one is a fixed ratio throughout
    gate: float = 0.5  # share of things that must be found when GATED of the words are done, or the training begins anew; 0: no gate
    rules: Path | None = None  # folder whose core no plan may break; None: only texts are guarded

    @staticmethod
    def quick(cache: Path, seed: int = 0) -> "PretrainConfig":
        """About 20 seconds in all: enough to see the losses fall, not to act."""
        small = ModelConfig(width=64, text_layers=2, feed_forward=128, stem=16)
        course = PretrainConfig(cache, eye_steps=30, words_steps=40, balance_steps=10, seed=seed, workers=1, model=small, gate=0.0)
        return replace(course, robot_scenes=60, web_scenes=60, rows=12)

    def scaled(self, factor: float) -> "PretrainConfig":
        """The same course with that many times the steps, at least one of each phase."""
        eye, words, balance = (max(1, round(steps * factor)) for steps in (self.eye_steps, self.words_steps, self.balance_steps))
        return replace(self, eye_steps=eye, words_steps=words, balance_steps=balance)

    def said(self) -> str:
        """All that the weights depend on, as text; not where things lie."""
        return repr(replace(self, cache=Path(), rules=None))

    def phases(self) -> tuple[Phase, ...]:
        """In order."""
        return (
            Phase("eye", self.eye_steps, Rates(), eye_scale),
            Phase("words", self.words_steps, Rates(), words_scale),
            Phase("balance", self.balance_steps, Rates(matrices=0.006, rest=1e-3), words_scale),
        )

    @property
    def gated(self) -> int:
        """The step before which localisation must have appeared."""
        return self.eye_steps + round(GATED * self.words_steps) if self.gate else 0

    def moments(self, first: int, last: int | None = None) -> list[Moment]:
        """The steps from one number up to another, or to the end."""
        return [Moment(phase, done) for phase in self.phases() for done in range(phase.steps)][first:last]


def eye_scale(share: float) -> float:
    """Warm-up over 5 %, then a cosine down to 5 %."""
    return min(1.0, share / 0.05 + 0.01) * (0.475 * (1 + math.cos(math.pi * min(1.0, share))) + 0.05)


def words_scale(share: float) -> float:
    """Warm-up over 6 %, then a cosine down to 3 %."""
    return min(1.0, share / 0.06 + 0.01) * (0.485 * (1 + math.cos(math.pi * min(1.0, share))) + 0.03)
