"""Parts of an agent as parts whose time is counted: what a worker's seconds go into, and how much memory it holds.

Seconds are wall seconds of the process that does the work.

watch = Stopwatch()
world = TimedWorld(build.world(), watch)
...
watch.lap()      # {"simulation": 0.31, "inference": 0.05} since the last lap
"""

import ctypes
import gc
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from siren.core.episode import Candidate, Outcome
from siren.core.interfaces import Perceiver, Proposer, World
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Task


class Stopwatch:
    """Seconds by name."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] += time.perf_counter() - begun

    def lap(self) -> dict[str, float]:
        """What was counted since the last lap."""
        seconds, self._seconds = dict(self._seconds), defaultdict(float)
        return seconds


def resident() -> float:
    """Megabytes of memory that this process holds now; where the system does not say so, the most that it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 2**20


def give_back() -> None:
    """Memory that is free but still this process's, back to the system, where its C library can (glibc's malloc_trim).

    Loading rules and weights leaves holes between what stays; without this a worker's memory creeps up from publication to publication.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform.startswith("linux") else None
    if trim is not None:
        trim(0)


class TimedWorld:
    """Physics and pictures count as simulation."""

    def __init__(self, world: World, watch: Stopwatch) -> None:
        self._world, self._watch = world, watch

    def reset(self, task: Task) -> Scene:
        with self._watch("simulation"):
            return self._world.reset(task)

    def look(self) -> np.ndarray:
        with self._watch("simulation"):
            return self._world.look()

    def execute(self, plan: Plan) -> Outcome:
        with self._watch("simulation"):
            return self._world.execute(plan)


class TimedProposer:
    """Proposing counts as inference."""

    def __init__(self, proposer: Proposer, watch: Stopwatch) -> None:
        self._proposer, self._watch = proposer, watch

    @property
    def checkpoint(self) -> str:
        return self._proposer.checkpoint

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        with self._watch("inference"):
            return self._proposer.propose(image, instruction, count, rng)


class TimedPerceiver:
    """Perceiving counts as inference."""

    def __init__(self, perceiver: Perceiver, watch: Stopwatch) -> None:
        self._perceiver, self._watch = perceiver, watch

    def perceive(self, image: np.ndarray, said: Plan | None = None) -> Scene:
        with self._watch("inference"):
            return self._perceiver.perceive(image, said)
