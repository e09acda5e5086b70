"""Where the parts run: in this process, or as Ray actors. Either way the driver sees the same four methods.

for job, episodes in placement.run(jobs, publication): ...
news = placement.mine(...)
"""

import logging
import os
import secrets
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

import ray
from ray.exceptions import RayActorError

from siren.core.errors import SessionError
from siren.loop.jobs import Job, MiningNews, Publication, Result, TrainingNews
from siren.loop.learner import Learner
from siren.loop.miner import Miner
from siren.loop.rollout import Rollout

# How often Ray repeats a job whose worker died before the job itself is blamed.
RETRIES = 3


class Placement(Protocol):
    """Rollouts, miner and learner, wherever they are."""

    def run(self, jobs: Iterable[Job], publication: Publication) -> Iterator[tuple[Job, Result]]:
        """Carry out the jobs; results come as they are ready."""
        ...

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        """Rules from everything on record."""
        ...

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        """Weights from everything on record."""
        ...

    def close(self) -> None:
        """Let everything go."""
        ...


class LocalPlacement:
    """Everything in this process, in order: the same session, slower and easy to step through."""

    def __init__(self, rollout: Rollout, miner: Miner, learner: Learner) -> None:
        self._rollout = rollout
        self._miner = miner
        self._learner = learner

    def run(self, jobs: Iterable[Job], publication: Publication) -> Iterator[tuple[Job, Result]]:
        for job in jobs:
            yield job, self._rollout.run(job, publication)

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        return self._miner.mine(session, turn, publication)

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        return self._learner.improve(session, turn, publication)

    def close(self) -> None:
        """Nothing to let go of."""


class RayPlacement:
    """Rollouts, miner and learner as actors of a Ray that this driver starts and stops.

    Ray restarts an actor that died and repeats its call: jobs are deterministic and recording is idempotent, so a repeat
    changes nothing. Ray's memory is never the record.
    """

    def __init__(self, workers: int, home: str, database: str, candidates: int, config: str) -> None:
        _start_ray(workers)
        options = {"num_cpus": 0, "max_restarts": -1, "max_task_retries": RETRIES}
        # Actor handles get their methods at run time, so they have no type of their own.
        self._rollouts: list[Any] = [ray.remote(Rollout).options(**options).remote(home, candidates) for _ in range(workers)]
        self._miner: Any = ray.remote(Miner).options(**options).remote(database)
        self._learner: Any = ray.remote(Learner).options(**options).remote(home, database, config)

    def run(self, jobs: Iterable[Job], publication: Publication) -> Iterator[tuple[Job, Result]]:
        waiting = iter(jobs)
        running = {}
        for worker in self._rollouts * 2:  # one job in hand and one in the queue, so that no worker waits for the driver
            job = next(waiting, None)
            if job is not None:
                running[worker.run.remote(job, publication)] = (worker, job)
        while running:
            (done,), _ = ray.wait(list(running), num_returns=1)
            worker, job = running.pop(done)
            following = next(waiting, None)
            if following is not None:
                running[worker.run.remote(following, publication)] = (worker, following)
            yield job, _fetch(done, f"task {job.seed}")

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        news: MiningNews = _fetch(self._miner.mine.remote(session, turn, publication), "mining")
        return news

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        news: TrainingNews = _fetch(self._learner.improve.remote(session, turn, publication), "training")
        return news

    def close(self) -> None:
        ray.shutdown()


def _start_ray(workers: int) -> None:
    """A Ray of our own, on this machine only, closed to everybody without this run's token."""
    os.environ["RAY_AUTH_MODE"] = "token"
    os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        ray.init(address="local", num_cpus=workers + 2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, OSError) as error:
        raise SessionError(f"Ray did not start: {error}. Run with --workers 0 to do everything in one process") from error


def _fetch(reference: Any, what: str) -> Any:
    try:
        return ray.get(reference)
    except RayActorError as error:
        raise SessionError(
            f"the worker died {RETRIES + 1} times during {what}: {error}. What was recorded is safe; use --resume"
        ) from error
