"""How often the expert succeeds, by family and split, on either robot; and how often the careless one does.

python -m benchmarks.expert --robot panda --split seen --family push --seeds 200 --json
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, NamedTuple

import numpy as np

from siren.core.task import Family
from siren.world.expert import careless_plan, expert_plan
from siren.world.robots import ROBOTS
from siren.world.splits import SPLITS, Split, families_of
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

_SEED_OF_CARELESS = 5
_CHUNK = 20  # seeds in one job


class Job(NamedTuple):
    """Some seeds of one family and split."""

    robot: str
    split: Split
    family: Family
    seeds: range
    careless: bool


def succeeded(job: Job) -> tuple[int, list[tuple[int, str]], float]:
    """How many of the seeds succeed, what went wrong in the others, and the processor time of it all, seconds."""
    begun, failed = time.process_time(), []
    with Tabletop(job.robot) as world:
        for seed in job.seeds:
            task = make_task(seed, job.split, job.family)
            scene = world.reset(task)
            rng = np.random.default_rng([seed, _SEED_OF_CARELESS])
            plan = careless_plan(task, scene, rng) if job.careless else expert_plan(task, scene)
            outcome = world.execute(plan)
            if not outcome.success:
                first = outcome.events[0]
                failed.append((seed, f"{first.kind} {first.subject} at step {first.step}, {first.phase} ({task.instruction})"))
    return len(job.seeds) - len(failed), failed, time.process_time() - begun


def measure(jobs: Sequence[Job], processes: int) -> Iterator[dict[str, Any]]:
    """One row a family and split, as soon as its jobs are done."""
    rows: dict[tuple[str, str], Counter[str]] = {}
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for job, (good, failed, seconds) in zip(jobs, pool.map(succeeded, jobs), strict=True):
            row = rows.setdefault((job.split, job.family), Counter())
            row.update(good=good, seeds=len(job.seeds), milliseconds=round(1000 * seconds))
            for seed, why in failed:
                sys.stderr.write(f"{job.split} {job.family} {seed}: {why}\n")
            yield {"robot": job.robot, "split": job.split, "family": job.family, **row}


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--robot", choices=sorted(ROBOTS), default="panda")
    parser.add_argument("--split", choices=SPLITS, nargs="*", default=list(SPLITS))
    parser.add_argument("--family", nargs="*", help="all that the split has if left out")
    parser.add_argument("--seeds", type=int, default=200, help="seeds of each family and split")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--careless", action="store_true", help="the careless one instead")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    chunks = [range(at, min(at + _CHUNK, asked.first + asked.seeds)) for at in range(asked.first, asked.first + asked.seeds, _CHUNK)]
    jobs = [
        Job(asked.robot, split, family, seeds, asked.careless)
        for split in asked.split
        for family in families_of(split)
        if family in (asked.family or families_of(split))
        for seeds in chunks
    ]
    rows = {(row["split"], row["family"]): row for row in measure(jobs, asked.processes)}
    if asked.json:
        sys.stdout.write(json.dumps({"expert": list(rows.values())}) + "\n")
        return
    for row in rows.values():
        share, cost = row["good"] / row["seeds"], row["milliseconds"] / row["seeds"]
        sys.stdout.write(
            f"{row['robot']:6} {row['split']:11} {row['family']:9} {row['good']:4} of {row['seeds']:4}  {share:6.1%}  {cost:5.0f} ms\n"
        )


if __name__ == "__main__":
    main()
