"""How near is an episode to bare physics, and what do a pick-and-place, a reset and a picture cost?

    python -m benchmarks.physics [--episodes 20]

Processor time throughout. The scene of the comparison is that of every episode: one pick and one place with six things on the table.
The last line of standard output is one JSON object; what the figures should be stands beside them in docs/world.md.
"""

import argparse
import itertools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from siren.core.plan import Plan
from siren.core.task import Task
from siren.world.arm import Arm
from siren.world.bullet import Bullet
from siren.world.camera import overhead
from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

THINGS = 6
FIRST_SEED = 60000


def pick_and_places(world: Tabletop) -> Iterator[tuple[Task, Plan]]:
    """Tasks of one pick and one place with six things on the table, and the expert's plans."""
    for seed in itertools.count(FIRST_SEED):
        task = make_task(seed)
        if task.family != "place" or len(task.layout) != THINGS:
            continue
        plan = expert_plan(task, world.reset(task))
        if [step.skill for step in plan.steps] == ["pick", "place"]:
            yield task, plan


class Clock:
    """Sums the processor time of every call of a method while it is open."""

    def __init__(self, owner: type, name: str) -> None:
        self.seconds, self.calls = 0.0, 0
        self._owner, self._name, self._call = owner, name, getattr(owner, name)

    def __enter__(self) -> "Clock":
        def timed(*arguments: Any, **named: Any) -> object:
            began = time.process_time()
            try:
                return self._call(*arguments, **named)
            finally:
                self.seconds += time.process_time() - began
                self.calls += 1

        setattr(self._owner, self._name, timed)
        return self

    def __exit__(self, *_: object) -> None:
        setattr(self._owner, self._name, self._call)


def episode(world: Tabletop, task: Task, plan: Plan) -> tuple[float, float, float, float]:
    """Processor seconds of one episode: bare physics, physics with the monitor, the plan with all its computing, the reset before it."""
    began = time.process_time()
    world.reset(task)
    reset = time.process_time() - began
    began = time.process_time()
    with Clock(Bullet, "step") as bare, Clock(Arm, "wait") as stepping:
        world.execute(plan)
    return bare.seconds, stepping.seconds, time.process_time() - began, reset


def median(calls: list[Callable[[], object]]) -> float:
    """Median processor seconds of these calls."""
    taken = []
    for call in calls:
        began = time.process_time()
        call()
        taken.append(time.process_time() - began)
    return statistics.median(taken)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=20)
    options = parser.parse_args()
    with Tabletop() as world:
        jobs = list(itertools.islice(pick_and_places(world), options.episodes))
        rows = [episode(world, task, plan) for task, plan in jobs]
        tasks = [make_task(seed) for seed in range(FIRST_SEED, FIRST_SEED + 100)]
        for task in tasks:  # shapes are made once
            world.reset(task)
        resets = [partial(world.reset, task) for task in tasks]
        reset = median(resets)
        pictures = [partial(world.picture, overhead(96), robot=robot) for robot in (False, True)]
        frames = [median([picture] * 20) for picture in pictures]
    bare, stepping, plan_seconds, _ = (sum(column) for column in zip(*rows, strict=True))
    result = {
        "bare_physics_of_stepping_with_monitor": round(bare / stepping, 3),
        "bare_physics_of_whole_plan": round(bare / plan_seconds, 3),
        "pick_and_place_cpu_s": round(statistics.median(sum(row[2:]) for row in rows), 3),
        "reset_ms": round(1000 * reset, 2),
        "frame_96_ms": round(1000 * frames[0], 2),
        "frame_96_with_arm_ms": round(1000 * frames[1], 2),
        "load": round(os.getloadavg()[0], 1),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
