"""Do two processes run twice as many episodes as one?

    python -m benchmarks.processes [--episodes 30]

Each process runs the same episodes in a world of its own, one after another, begun at the same moment. Where other work shares the machine
the wall clock says little; then processor seconds an episode tell whether two worlds get in each other's way. The last line of standard
output is one JSON object.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from multiprocessing.synchronize import Barrier

from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

FIRST_SEED = 80000

_start: Barrier


def arm_barrier(start: Barrier) -> None:
    """Give a new process the line that all wait at."""
    global _start  # noqa: PLW0603  what a pool hands its processes has to be kept somewhere
    _start = start


def work(episodes: int) -> tuple[float, float]:
    """Wall and processor seconds of that many episodes, the world's making not counted."""
    with Tabletop() as world:
        jobs = []
        for seed in range(FIRST_SEED, FIRST_SEED + episodes):
            task = make_task(seed)
            jobs.append((task, expert_plan(task, world.reset(task))))
        _start.wait()
        wall, processor = time.perf_counter(), time.process_time()
        for task, plan in jobs:
            world.reset(task)
            world.execute(plan)
        return time.perf_counter() - wall, time.process_time() - processor


def measured(processes: int, episodes: int) -> tuple[float, float]:
    """Episodes a second of all processes together, and processor seconds an episode."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, arm_barrier, (context.Barrier(processes),)) as pool:
        rows = pool.map(work, [episodes] * processes, 1)
    return processes * episodes / max(wall for wall, _ in rows), sum(processor for _, processor in rows) / (processes * episodes)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=30)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    (one, one_cpu), (two, two_cpu) = (measured(processes, options.episodes) for processes in (1, 2))
    result = {
        "two_to_one": round(two / one, 2),
        "episodes_per_second": [round(one, 2), round(two, 2)],
        "cpu_s_an_episode": [round(one_cpu, 3), round(two_cpu, 3)],
        "two_to_one_by_cpu": round(2 * one_cpu / two_cpu, 2),
        "load_before": round(load, 1),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
