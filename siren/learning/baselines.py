"""Steps as phases of a baseline's training, on from where it was stopped, and what came of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from siren.learning.standing import SAVED_EVERY, Standing
from siren.learning.team import ALONE, Team

STEPS = 8000  # of a full training of any of them
Listener = Callable[[float, int, float], None]  # share done (0 to 1), steps, loss


@dataclass(frozen=True)
class BaselineReport:
    """What one training did; losses of its last phase, in nats (means of a tenth of the steps at its beginning and end)."""

    path: Path
    steps: int
    resumed: int  # of which an earlier call had done
    seconds: float  # of this process' processor
    loss_before: float
    loss_after: float


class Resumable(Protocol):
    """A part of a training: a trainer, or where its rows come from."""

    @property
    def state(self) -> Any:
        """Tensors, numbers and tuples of them."""
        ...

    def resume(self, state: Any) -> object:
        """Go on where that state was taken."""
        ...


class Budget:
    """Spends steps on one phase after the other, and keeps where the training stands beside the folder that it is to become.

    budget = Budget(1000, out, "course", (trainer, mixture), team, listener)
    budget.phase(0.2, lambda share: trainer.read(...))    # `share` of this phase that is done, 0 to 1
    budget.phase(0.8, lambda share: trainer.step(...))
    report = budget.report()                              # then save the folder, and standing.forget(out)
    """

    def __init__(
        self, steps: int, out: Path, course: str, parts: Sequence[Resumable], team: Team = ALONE, listener: Listener | None = None
    ) -> None:
        """`course`: all that the weights depend on, as text. CheckpointError when another one was begun into `out`."""
        self._total, self._done, self._out = steps, 0, out
        self._parts, self._writes, self._listener = parts, team.rank == 0, listener
        self._standing = Standing.beside(out, f"{steps} steps of {course}", "done", "losses", "parts")
        self.resumed: int = self._standing.found.get("done", 0)
        self._start = time.process_time()
        self._losses: list[float] = []

    def phase(self, part: float, step: Callable[[float], float]) -> None:
        """Call `step`, which returns its loss, for that part (0 to 1) of all steps, once at least. What an earlier call did is left out."""
        steps, before = max(1, round(part * self._total)), self._done
        if self.resumed >= before + steps:
            self._done += steps
            return
        self._losses = []
        if self.resumed > before:
            self._resume()
        for number in range(self._done - before, steps):
            self._losses.append(step(number / steps))
            self._done += 1
            if self._listener is not None:
                self._listener(min(1.0, self._done / self._total), self._done, self._losses[-1])
            if self._writes and self._done % SAVED_EVERY == 0 and number + 1 < steps:  # at its end a phase may give its parts up
                self._standing.keep(done=self._done, losses=self._losses, parts=[_plain(part.state) for part in self._parts])

    def report(self) -> BaselineReport:
        """On the phases so far; losses are those of the last one."""
        tenth = max(1, len(self._losses) // 10)
        before, after = (float(np.mean(part)) for part in (self._losses[:tenth], self._losses[-tenth:]))
        return BaselineReport(self._out, self._done, self.resumed, time.process_time() - self._start, before, after)

    def _resume(self) -> None:
        found = self._standing.found
        self._done, self._losses = found["done"], found["losses"]
        for part, state in zip(self._parts, found["parts"], strict=True):
            part.resume(state)


def _plain(state: Any) -> Any:
    return tuple(state) if isinstance(state, tuple) else state
