"""The parts of a session as Ray actors: rollouts, miner and learner in processes of their own.

Import this file only after `siren.loop.start.close_to_strangers`: Ray reads its token while it is being imported.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import ray
from ray.exceptions import ActorUnavailableError, RayActorError, RayTaskError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from siren.config import SessionConfig
from siren.core.errors import SessionError, SirenError
from siren.loop.jobs import Delivery, Job, MiningNews, Publication, TrainingNews
from siren.loop.miner import Miner
from siren.loop.placement import Teacher, Worked
from siren.loop.rollout import Rollout
from siren.loop.shared_policy import Answer, RemoteProposer, SharedPolicy

# How often Ray repeats a job whose worker died before the job itself is blamed.
RETRIES = 3
MOVES, MOVE_SECONDS = 30, 2.0  # how often, and after how long, an actor is asked again that is moving to another node


class RayPlacement:
    """Rollouts, miner and learner as actors: of a Ray that this driver starts and stops, or of one that it joins.

    Rollouts take a core each, wherever there is one; miner and learner stay on the driver's machine, beside the record; the shared policy
    goes where a GPU is. Ray restarts an actor that died and repeats its call: jobs are deterministic and recording is idempotent, so a
    repeat changes nothing. Ray's memory is never the record.
    """

    def __init__(self, config: SessionConfig, home: str, database: str, teacher: type[Teacher]) -> None:
        _start_ray(config.workers, config.address)
        _require_gpus(config.gpus)
        options = {"max_restarts": -1, "max_task_retries": RETRIES}
        spread = {**options, "num_cpus": 1, "scheduling_strategy": "SPREAD"}
        # Actor handles get their methods at run time, so they have no type of their own.
        self._policy: Any = ray.remote(SharedPolicy).options(**options, num_cpus=0, num_gpus=config.gpus).remote() if config.gpus else None
        served = Served(self._policy) if self._policy is not None else None
        self._rollouts: list[Any] = [
            ray.remote(Rollout).options(**spread).remote(home, config.candidates, served) for _ in range(config.workers)
        ]
        here = {**options, "num_cpus": 0, "scheduling_strategy": NodeAffinitySchedulingStrategy(_this_node(), soft=False)}
        self._begin_miner = partial(ray.remote(Miner).options(**here).remote, database)
        self._begin_learner = partial(ray.remote(teacher).options(**here).remote, home, database, config.model_dump_json())

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
            delivery = _fetch(done, f"task {job.seed}", partial(worker.deliver.remote, job, publication))
            _ = self._miner, self._learner  # from now on, so that they are ready when they are needed
            yield job, delivery

    @cached_property
    def _miner(self) -> Any:
        """Begun after the first task: what it loads would cost two cores seconds until then."""
        return self._begin_miner()

    @cached_property
    def _learner(self) -> Any:
        """The same."""
        return self._begin_learner()

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        ask = partial(self._miner.mine.remote, session, turn, publication)
        news: MiningNews = _fetch(ask(), "mining", ask)
        return news

    def improve(self, session: str, turn: int, publication: Publication) -> TrainingNews:
        ask = partial(self._learner.improve.remote, session, turn, publication)
        news: TrainingNews = _fetch(ask(), "training", ask)
        return news

    def aside(self, work: Callable[[], Worked]) -> Callable[[], Worked]:
        """A thread waits for the actors; it ends with the process, whatever it waits for."""
        _ = self._miner, self._learner  # begun here, so that two threads do not begin them twice
        waiting: Future[Worked] = Future()
        threading.Thread(target=_settle, args=(waiting, work), name="lesson", daemon=True).start()
        return waiting.result

    def close(self) -> None:
        """A Ray that was joined lives on; what this session had there goes with its driver."""
        ray.shutdown()


def _settle(waiting: Future[Worked], work: Callable[[], Worked]) -> None:
    try:
        waiting.set_result(work())
    except BaseException as error:  # noqa: BLE001  whatever it was, it is raised where the answer is asked for
        waiting.set_exception(error)


class Served:
    """The shared policy as a worker sees it: `Served(handle)(weights)` is a proposer."""

    def __init__(self, policy: Any) -> None:
        self._policy = policy

    def __call__(self, weights: Path) -> RemoteProposer:
        return RemoteProposer(partial(_ask, self._policy), weights)


def _ask(policy: Any, *question: Any) -> Answer:
    again = partial(policy.propose.remote, *question)
    answer: Answer = _fetch(again(), "a proposal", again)
    return answer


def _start_ray(workers: int, address: str) -> None:
    """A Ray of our own on this machine, closed to everybody else by a token that was set before Ray was imported; or one that is there."""
    try:
        if address == "local":
            ray.init(address="local", num_cpus=workers + 2, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
        else:
            ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except Exception as error:  # noqa: BLE001  on a machine that is too busy Ray gives up after 30 s with a bare Exception
        reason = str(error).strip().splitlines()[0]
        if address == "local":
            advice = "Try again when the machine is less busy, or run with --workers 0 to do everything in one process"
            raise SessionError(f"Ray did not start: {reason} {advice}") from error
        advice = "Start one with ray start --head, and name its token by RAY_AUTH_TOKEN"
        raise SessionError(f"no Ray could be joined at {address}: {reason} {advice}") from error


def _require_gpus(wanted: float) -> None:
    there = ray.cluster_resources().get("GPU", 0.0)  # type: ignore[no-untyped-call]
    if wanted > there:
        ray.shutdown()
        raise SessionError(f"expected {wanted:g} GPUs for the shared policy, got {there:g}; run with --gpus 0, or join a Ray that has them")


def _this_node() -> str:
    node: str = ray.get_runtime_context().get_node_id()
    return node


def _fetch(reference: Any, what: str, again: Callable[[], Any]) -> Any:
    """The answer; `again` asks once more, which is done while the actor is moving because its node died: Ray does not repeat such calls."""
    for _ in range(MOVES):
        try:
            return ray.get(reference)
        except RayTaskError as error:  # its own words are the worker's whole traceback
            if isinstance(error.cause, SirenError):
                raise error.cause from error
            raise
        except ActorUnavailableError:
            time.sleep(MOVE_SECONDS)
            reference = again()
        except RayActorError as error:
            raise SessionError(
                f"the worker died {RETRIES + 1} times during {what}: {error}. What was recorded is safe; use --resume"
            ) from error
    raise SessionError(
        f"no worker could be reached for {what} within {MOVES * MOVE_SECONDS:.0f} s; look at the nodes of Ray. "
        "What was recorded is safe; use --resume"
    )
