"""Steps as phases of a baseline's training, and what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

STEPS = 8000  # of a full training of any of them
Listener = Callable[[float, int, float], None]  # share done (0 to 1), steps, loss


@dataclass(frozen=True)
class BaselineReport:
    """What one training did; losses of its last phase, in nats (means of a tenth of the steps at its beginning and end)."""

    path: Path
    steps: int
    seconds: float  # of this process' processor
    loss_before: float
    loss_after: float


class Budget:
    """Spends steps on one phase after the other.

    budget = Budget(1000, listener)
    budget.phase(0.2, lambda share: trainer.read(...))    # `share` of this phase that is done, 0 to 1
    budget.phase(0.8, lambda share: trainer.step(...))
    budget.report(out)
    """

    def __init__(self, steps: int, listener: Listener | None = None) -> None:
        self._total, self._done = steps, 0
        self._listener = listener
        self._start = time.process_time()
        self._losses: list[float] = []

    def phase(self, part: float, step: Callable[[float], float]) -> None:
        """Call `step`, which returns its loss, for that part (0 to 1) of all steps, once at least."""
        steps = max(1, round(part * self._total))
        self._losses = []
        for number in range(steps):
            self._losses.append(step(number / steps))
            self._done += 1
            if self._listener is not None:
                self._listener(min(1.0, self._done / self._total), self._done, self._losses[-1])

    def report(self, path: Path) -> BaselineReport:
        """On the phases so far; losses are those of the last one."""
        tenth = max(1, len(self._losses) // 10)
        before, after = (float(np.mean(part)) for part in (self._losses[:tenth], self._losses[-tenth:]))
        return BaselineReport(path, self._done, time.process_time() - self._start, before, after)
