"""Recorded service times as the throughput of up to 64 workers, and which part would be the first to hold them up.

    python -m benchmarks.scaling --record 60 --plot docs/scaling.png      measure, keep in benchmarks/service_times.json, simulate
    python -m benchmarks.scaling                                          simulate with what was kept

A session's practice is a closed loop: every worker has one job in hand and one in its queue, and one driver takes finished jobs in the
order in which they come, hands out the next, and records. With a core for each worker nothing else is shared, so the driver is the
bottleneck as soon as workers finish jobs faster than it takes them: from job seconds / driver seconds workers on. What comes between
rounds (mining) runs alone, and so does loading what it published. Times are seconds of processor, so that other work on the machine does
not count; for recording, which waits for the disk, the lower quartile of wall time.
The last line of standard output is one JSON object.
"""

import argparse
import heapq
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

KEPT = Path(__file__).with_name("service_times.json")
WORKERS = (1, 2, 4, 8, 16, 32, 64)
RAY_JOBS = 16  # enough for a mean of what the driver spends on a call


class Times(NamedTuple):
    """What was measured, in seconds."""

    jobs: tuple[float, ...]  # processor seconds of a worker for each job, probes included
    hand_out: float  # processor seconds of the driver for a call of Ray and its answer
    record: float  # wall seconds of the driver for recording a job's episodes, lower quartile
    mine: float  # processor seconds of mining once, after all these jobs
    load: float  # processor seconds of a worker for a new publication


class Run(NamedTuple):
    """One simulated practice."""

    workers: int
    jobs_a_second: float
    workers_busy: float  # share of worker time with a job in hand
    driver_busy: float  # share of wall time


def simulate(times: Times, workers: int, jobs: int, rng: np.random.Generator) -> Run:
    """That many jobs through that many workers and one driver."""
    service = iter(rng.choice(times.jobs, size=jobs).tolist())
    events: list[tuple[float, int, str, int]] = []  # when, in what order, what, which worker
    waiting, running = [0] * workers, [False] * workers
    handed, free, busy, driver, order, now = 0, 0.0, 0.0, 0.0, 0, 0.0

    def hand_out(moment: float, worker: int) -> float:
        nonlocal handed, order
        if handed < jobs:
            handed, order = handed + 1, order + 1
            heapq.heappush(events, (moment + times.hand_out, order, "arrives", worker))
        return moment + times.hand_out

    for worker in [*range(workers)] * 2:
        free = hand_out(free, worker)
    while events:
        now, _, what, worker = heapq.heappop(events)
        if what == "arrives":
            waiting[worker] += 1
        else:
            running[worker] = False
            begun = max(now, free)
            free = hand_out(begun, worker) + times.record
            driver += free - begun
        if waiting[worker] and not running[worker]:
            waiting[worker], running[worker], order = waiting[worker] - 1, True, order + 1
            seconds = next(service)
            busy += seconds
            heapq.heappush(events, (now + seconds, order, "is done", worker))
    wall = max(now, free)
    return Run(workers, jobs / wall, busy / (wall * workers), driver / wall)


def bottleneck(times: Times) -> dict[str, float]:
    """The arithmetic: from how many workers on the driver holds them up, and what it lets through at most."""
    job, driver = float(np.mean(times.jobs)), times.hand_out + times.record
    return {"job_seconds": job, "driver_seconds": driver, "workers_at_the_bend": job / driver, "most_jobs_a_second": 1 / driver}


def measure(count: int) -> Times:
    """Practice for real: in this process for the seconds of jobs, recording, loading and mining; on Ray for those of a call."""
    from siren.config import SessionConfig
    from siren.loop.start import new_session, place
    from siren.memory.store import Store

    with tempfile.TemporaryDirectory(prefix="siren-scaling-") as folder:
        home = Path(folder)
        store = Store.open(home)
        config = new_session(SessionConfig(name="scaling", rounds=1, episodes=count, train=False), home, store)
        seconds, recordings, load, mine = _practise(config, home, store, place(config, home))
        calls = _calls(config.model_copy(update={"workers": 1}), home, store)
        store.close()
    return Times(tuple(round(one, 4) for one in seconds), round(calls, 5), round(recordings, 5), round(mine, 3), round(load, 3))


def _practise(config, home, store, placement):  # type: ignore[no-untyped-def]
    """Processor seconds of every job, lower quartile of recording, seconds of loading and of mining."""
    from siren.loop.session import Session
    from siren.testing.deaf import Deaf

    session = Session(config, home, store, placement, Deaf())
    publication, jobs = session.publication(), list(session.practice(1))
    store.begin_round(config.name, 1)
    first = _spent(lambda: list(placement.run(jobs[:1], publication)))  # loads rules and weights, too
    again = _spent(lambda: list(placement.run(jobs[:1], publication)))
    seconds, recordings = [], []
    for job in jobs:
        begun = time.process_time()
        ((_, delivery),) = placement.run([job], publication)
        seconds.append(time.process_time() - begun)
        begun = time.perf_counter()
        for episode in delivery.episodes:
            store.record(episode)
        recordings.append(time.perf_counter() - begun)
    mine = _spent(lambda: placement.mine(config.name, 1, publication))
    return seconds, float(np.quantile(recordings, 0.25)), max(0.0, first - again), mine


def _calls(config, home, store) -> float:  # type: ignore[no-untyped-def]
    """Processor seconds of the driver for one call of Ray and its answer."""
    from siren.loop.session import Session
    from siren.loop.start import place
    from siren.testing.deaf import Deaf

    placement = place(config, home)
    try:
        session = Session(config, home, store, placement, Deaf())
        publication, jobs = session.publication(), list(session.practice(1))[:RAY_JOBS]
        list(placement.run(jobs[:2], publication))
        return _spent(lambda: list(placement.run(jobs, publication))) / len(jobs)
    finally:
        placement.close()


def _spent(work) -> float:  # type: ignore[no-untyped-def]
    begun = time.process_time()
    work()
    return time.process_time() - begun


def plot(times: Times, runs: Sequence[Run], path: Path) -> None:
    """Throughput over workers, with the two lines that bound it, and how busy workers and driver are."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    bend, workers = bottleneck(times), [run.workers for run in runs]
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8))
    left.loglog(workers, [run.jobs_a_second for run in runs], marker="o", color="#3a7d44", label="simulated")
    left.loglog(workers, [count / bend["job_seconds"] for count in workers], "--", color="#7f7f7f", label="workers / job seconds")
    left.axhline(bend["most_jobs_a_second"], ls=":", color="#c0504d", label="1 / driver seconds")
    left.set(xlabel="workers", ylabel="tasks a second", xticks=workers, xticklabels=workers)
    left.legend(frameon=False)
    right.semilogx(workers, [run.workers_busy for run in runs], marker="o", color="#3f6ea3", label="workers with a job in hand")
    right.semilogx(workers, [run.driver_busy for run in runs], marker="o", color="#c0504d", label="driver")
    right.set(xlabel="workers", ylabel="share of time", ylim=(0, 1.05), xticks=workers, xticklabels=workers)
    right.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=110)


def runs_of(times: Times, jobs: int) -> Iterator[Run]:
    for workers in WORKERS:
        yield simulate(times, workers, jobs, np.random.default_rng(workers))


def main() -> None:
    """Measure if asked to, simulate, and say where it bends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", type=int, default=0, help="tasks to practise for new service times")
    parser.add_argument("--jobs", type=int, default=5000, help="tasks in the simulation")
    parser.add_argument("--plot", type=Path)
    asked = parser.parse_args()
    if asked.record:
        KEPT.write_text(json.dumps(measure(asked.record)._asdict(), indent=1) + "\n")
    kept = json.loads(KEPT.read_text())
    times = Times(**{**kept, "jobs": tuple(kept["jobs"])})
    runs = list(runs_of(times, asked.jobs))
    for run in runs:
        sys.stdout.write(f"{run.workers:3} workers: {run.jobs_a_second:7.2f} tasks a second, workers busy {run.workers_busy:.3f}, ")
        sys.stdout.write(f"driver busy {run.driver_busy:.3f}\n")
    if asked.plot:
        plot(times, runs, asked.plot)
    sys.stdout.write(json.dumps({**bottleneck(times), "runs": [run._asdict() for run in runs]}) + "\n")


if __name__ == "__main__":
    main()
