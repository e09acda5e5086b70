"""The same plans in three processes, each in another order: how many final states are equal, bit for bit?

    python -m benchmarks.determinism [--plans 200] [--robot panda]

One process runs each plan in a world of its own; one runs all of them in one world, and each a second time after a reset; one runs them
in one world from the last to the first. Tables go to standard error; the last line of standard output is one JSON object.
"""

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from siren.core.plan import Plan
from siren.core.task import Task
from siren.world.expert import careless_plan
from siren.world.robots import ROBOTS
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

FIRST_SEED = 2000
Hashes = list[tuple[str, ...]]


def drawn(seed: int) -> tuple[Task, Plan]:
    """The task of a seed, and a careless plan for it."""
    task = make_task(seed)
    return task, careless_plan(task, nominal_scene(task), np.random.default_rng(seed))


def run(world: Tabletop, seed: int, times: int = 1) -> tuple[str, ...]:
    """Hashes of the final states of the same episode, run that many times in a row."""
    task, plan = drawn(seed)
    world.reset(task)
    return tuple(world.execute(plan).state_hash for _ in range(times))


def alone(robot: str, seeds: range) -> Hashes:
    """Each in a world that has seen nothing else."""
    hashes: Hashes = []
    for seed in seeds:
        with Tabletop(robot) as world:
            hashes.append(run(world, seed))
    return hashes


def forwards(robot: str, seeds: range) -> Hashes:
    """After all the earlier ones, and once more after a reset."""
    with Tabletop(robot) as world:
        return [run(world, seed, 2) for seed in seeds]


def backwards(robot: str, seeds: range) -> Hashes:
    """After all the later ones."""
    with Tabletop(robot) as world:
        return [run(world, seed) for seed in reversed(seeds)][::-1]


WAYS: tuple[Callable[[str, range], Hashes], ...] = (alone, forwards, backwards)


def compare(robot: str, seeds: range) -> dict[str, object]:
    """Run every way in a fresh process, and count the seeds whose four final states are one."""
    found: list[Hashes] = []
    for way in WAYS:
        began = time.perf_counter()
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            found.append(process.submit(way, robot, seeds).result())
        sys.stderr.write(f"  {robot}, {way.__name__}: {len(seeds)} plans in {time.perf_counter() - began:.0f} s\n")
    odd = [seed for seed, *hashes in zip(seeds, *found, strict=True) if len({one for some in hashes for one in some}) > 1]
    return {"plans": len(seeds), "equal": len(seeds) - len(odd), "tasks_that_differ": odd}


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=int, default=200)
    parser.add_argument("--robot", choices=tuple(ROBOTS), help="one robot alone")
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.plans)
    result = {robot: compare(robot, seeds) for robot in ([options.robot] if options.robot else ROBOTS)}
    for robot, row in result.items():
        sys.stderr.write(f"{robot}: {row['equal']} of {row['plans']} equal in all three processes; others: {row['tasks_that_differ']}\n")
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
