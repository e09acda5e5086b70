"""CPU seconds as phases of a baseline's training, and what came of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Listener = Callable[[float, int, float], None]  # share done (0 to 1), steps, loss


@dataclass(frozen=True)
class BaselineReport:
    """What one training did; losses of its last phase, in nats (means of a tenth of the steps at its beginning and end)."""

    path: Path
    steps: int
    seconds: float  # process CPU seconds
    loss_before: float
    loss_after: float


class Budget:
    """Spends CPU seconds on one phase after the other.

    budget = Budget(600.0, listener)
    budget.phase(0.2, lambda share: trainer.read(...))    # `share` of this phase that is done, 0 to 1
    budget.phase(0.8, lambda share: trainer.step(...))
    budget.report(out)
    """

    def __init__(self, seconds: float, listener: Listener | None = None) -> None:
        self._seconds = seconds
        self._listener = listener
        self._used, self._steps = 0.0, 0
        self._losses: list[float] = []

    def phase(self, part: float, step: Callable[[float], float]) -> None:
        """Call `step`, which returns its loss, until that part (0 to 1) of all seconds is used up."""
        budget, used = part * self._seconds, 0.0
        self._losses = []
        while used < budget:
            start = time.process_time()
            self._losses.append(step(used / budget))
            spent = time.process_time() - start
            used, self._used, self._steps = used + spent, self._used + spent, self._steps + 1
            if self._listener is not None:
                self._listener(min(1.0, self._used / self._seconds), self._steps, self._losses[-1])

    def report(self, path: Path) -> BaselineReport:
        """On the phases so far; losses are those of the last one."""
        tenth = max(1, len(self._losses) // 10)
        before, after = (float(np.mean(part)) for part in (self._losses[:tenth], self._losses[-tenth:]))
        return BaselineReport(path, self._steps, self._used, before, after)
