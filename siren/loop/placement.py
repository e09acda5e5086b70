"""Where the parts run. Here: in this process; `ray_placement` has the other way. The driver sees the same methods.

for job, delivery in placement.run(jobs, publication): ...
news = placement.mine(...)
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from siren.loop.jobs import Delivery, Job, MiningNews, Publication, TrainingNews
from siren.loop.miner import Miner
from siren.loop.rollout import Rollout

Worked = TypeVar("Worked")


class Placement(Protocol):
    """Rollouts, miner and learner, wherever they are."""

    def run(self, jobs: Iterable[Job], publication: Publication) -> Iterator[tuple[Job, Delivery]]:
        """Carry out the jobs; results come as they are ready."""
        ...

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        """Rules from everything on record."""
        ...

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        """Weights from everything on record."""
        ...

    def aside(self, work: Callable[[], Worked]) -> Callable[[], Worked]:
        """Begin work that `run` need not wait for, and return what waits for its answer. It may mine and improve, but not run."""
        ...

    def close(self) -> None:
        """Let everything go."""
        ...


class Teacher(Protocol):
    """Makes new weights of what is on record: by corrections (loop/learner.py) or by rewards (loop/reinforcer.py)."""

    def __init__(self, home: str, database: str, config: str) -> None: ...

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        """Asked twice for the same round it gives the first answer again."""
        ...


class LocalPlacement:
    """Everything in this process, in order: the same session, slower and easy to step through."""

    def __init__(self, rollout: Rollout, miner: Miner, learner: Teacher) -> None:
        self._rollout = rollout
        self._miner = miner
        self._learner = learner

    def run(self, jobs: Iterable[Job], publication: Publication) -> Iterator[tuple[Job, Delivery]]:
        for job in jobs:
            yield job, self._rollout.deliver(job, publication)

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        return self._miner.mine(session, turn, publication)

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        return self._learner.improve(session, turn, publication)

    def aside(self, work: Callable[[], Worked]) -> Callable[[], Worked]:
        """There is one process, so the work is done when its answer is asked for."""
        return work

    def close(self) -> None:
        """Nothing to let go of."""
