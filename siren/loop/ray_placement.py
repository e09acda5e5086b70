"""The parts of a session as Ray actors: rollouts, miner and learner in processes of their own.

Import this file only after `siren.loop.start.close_to_strangers`: Ray reads its token while it is being imported.
"""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

import ray
from ray.exceptions import RayActorError

from siren.config import SessionConfig
from siren.core.errors import SessionError
from siren.loop.jobs import Delivery, Job, MiningNews, Publication, TrainingNews
from siren.loop.miner import Miner
from siren.loop.placement import Teacher
from siren.loop.rollout import Rollout

# How often Ray repeats a job whose worker died before the job itself is blamed.
RETRIES = 3


class RayPlacement:
    """Rollouts, miner and learner as actors of a Ray that this driver starts and stops.

    Ray restarts an actor that died and repeats its call: jobs are deterministic and recording is idempotent, so a repeat
    changes nothing. Ray's memory is never the record.
    """

    def __init__(self, config: SessionConfig, home: str, database: str, teacher: type[Teacher]) -> None:
        _start_ray(config.workers)
        options = {"num_cpus": 0, "max_restarts": -1, "max_task_retries": RETRIES}
        # Actor handles get their methods at run time, so they have no type of their own.
        self._rollouts: list[Any] = [ray.remote(Rollout).options(**options).remote(home, config.candidates) for _ in range(config.workers)]
        self._miner: Any = ray.remote(Miner).options(**options).remote(database)
        self._learner: Any = ray.remote(teacher).options(**options).remote(home, database, config.model_dump_json())

    def run(self, jobs: Iterable[Job], publication: Publication) -> Iterator[tuple[Job, Delivery]]:
        waiting = iter(jobs)
        running = {}
        for worker in self._rollouts * 2:  # one job in hand and one in the queue, so that no worker waits for the driver
            job = next(waiting, None)
            if job is not None:
                running[worker.deliver.remote(job, publication)] = (worker, job)
        while running:
            (done,), _ = ray.wait(list(running), num_returns=1)
            worker, job = running.pop(done)
            following = next(waiting, None)
            if following is not None:
                running[worker.deliver.remote(following, publication)] = (worker, following)
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
    """A Ray of our own on this machine; the token that closes it to everybody else was set before Ray was imported."""
    try:
        ray.init(address="local", num_cpus=workers + 2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:  # noqa: BLE001  on a machine that is too busy Ray gives up after 30 s with a bare Exception
        reason = str(error).splitlines()[0]
        raise SessionError(
            f"Ray did not start: {reason} Try again when the machine is less busy, or run with --workers 0 to do everything in one process"
        ) from error


def _fetch(reference: Any, what: str) -> Any:
    try:
        return ray.get(reference)
    except RayActorError as error:
        raise SessionError(
            f"the worker died {RETRIES + 1} times during {what}: {error}. What was recorded is safe; use --resume"
        ) from error
