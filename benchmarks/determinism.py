"""The same plans in a fresh world, after other episodes, and after a reset: how many final states are equal, bit for bit?

    python -m benchmarks.determinism [--plans 200]

The last line of standard output is one JSON object.
"""

import argparse
import json
import sys

import numpy as np

from siren.core.plan import Plan
from siren.core.task import Task
from siren.world.expert import careless_plan
from siren.world.robots import ROBOTS
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

Asked = tuple[Task, Plan]


def drawn(seeds: range) -> list[Asked]:
    """A careless plan for each seed's task."""
    tasks = [make_task(seed) for seed in seeds]
    return [(task, careless_plan(task, nominal_scene(task), np.random.default_rng(task.seed))) for task in tasks]


def run(world: Tabletop, asked: Asked) -> str:
    """The final state's hash."""
    task, plan = asked
    world.reset(task)
    return world.execute(plan).state_hash


def fresh(robot: str, asked: Asked) -> str:
    """The same in a world of its own."""
    with Tabletop(robot) as world:
        return run(world, asked)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=200)
    plans = drawn(range(2000, 2000 + parser.parse_args().plans))
    result = {}
    for robot in ROBOTS:
        alone = [fresh(robot, asked) for asked in plans]
        with Tabletop(robot) as world:
            forwards = [run(world, asked) for asked in plans]
            backwards = [run(world, asked) for asked in reversed(plans)][::-1]
        rows = list(zip(alone, forwards, backwards, strict=True))
        equal = sum(one == two == three for one, two, three in rows)
        odd = [asked[0].seed for asked, row in zip(plans, rows, strict=True) if len(set(row)) > 1]
        result[robot] = {"plans": len(plans), "equal": equal, "tasks_that_differ": odd}
        sys.stderr.write(f"{robot}: {equal} of {len(plans)} equal in all three; others: tasks {odd}\n")
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
