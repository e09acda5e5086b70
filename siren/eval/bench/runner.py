"""Trials as rows, in this process or in several. Who plays a trial makes no difference to its rows but their times."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from siren.core.errors import BenchError
from siren.eval.bench.arms import Arm
from siren.eval.bench.player import Player
from siren.eval.bench.rows import Row
from siren.eval.bench.suites import Trial

Job = tuple[Trial, tuple[str, ...]]

_IN_HAND = 2  # jobs a worker: one under way and one that waits, so that no worker does

_player: Player


def play(trials: Sequence[Trial], arms: Sequence[Arm], done: Collection[tuple[str, str, int]], workers: int) -> Iterator[tuple[Row, ...]]:
    """The rows that are not done yet, trial by trial, as they come. `workers`: processes; 0 plays in this one."""
    jobs = [(trial, missing) for trial in trials if (missing := _missing(trial, arms, done))]
    if not jobs:
        return iter(())
    return _here(jobs, arms) if workers == 0 else _in_processes(jobs, arms, workers)


def _missing(trial: Trial, arms: Sequence[Arm], done: Collection[tuple[str, str, int]]) -> tuple[str, ...]:
    return tuple(arm.name for arm in arms if (arm.name, trial.group, trial.number) not in done)


def _here(jobs: Sequence[Job], arms: Sequence[Arm]) -> Iterator[tuple[Row, ...]]:
    player = Player(arms)
    try:
        for trial, names in jobs:
            yield player.play(trial, names)
    finally:
        player.close()


def _in_processes(jobs: Sequence[Job], arms: Sequence[Arm], workers: int) -> Iterator[tuple[Row, ...]]:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # two processes on two cores are faster than two threads each
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (tuple(arms),))
    waiting, running = iter(jobs), set[Future[tuple[Row, ...]]]()
    try:
        running |= {pool.submit(_play, *job) for job in islice(waiting, _IN_HAND * workers)}
        while running:
            ready, running = wait(running, return_when=FIRST_COMPLETED)
            for future in ready:
                if (job := next(waiting, None)) is not None:
                    running.add(pool.submit(_play, *job))
                yield future.result()
    except BrokenProcessPool as error:
        raise BenchError("a worker of the benchmark died; what was played is on file, go on with --resume") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(arms: tuple[Arm, ...]) -> None:
    """A new worker: it leaves Ctrl-C to the command, and does not outlive it."""
    global _player  # noqa: PLW0603  what a pool hands its processes has to be kept somewhere
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()
    _player = Player(arms)


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _play(trial: Trial, names: tuple[str, ...]) -> tuple[Row, ...]:
    return _player.play(trial, names)
