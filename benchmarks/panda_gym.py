"""What does a simulated second cost here, and in panda-gym's pick-and-place?

    python -m benchmarks.panda_gym [--rounds 5]

Needs the extra `bench`. panda-gym has one cube on its table and is driven by random actions; here the expert picks one thing up and places
it, first with nothing else but the mat on the table, then with six things. The worlds take turns, and the ratio of every round is taken.
The last line of standard output is one JSON object.
"""

import argparse
import importlib.util
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.physics import pick_and_places
from siren.core.plan import Plan
from siren.core.task import Task
from siren.world.bullet import TIMESTEP
from siren.world.quiet import quiet
from siren.world.tabletop import Tabletop

EPISODES = 6


def ours(world: Tabletop, jobs: list[tuple[Task, Plan]]) -> float:
    """Processor seconds a simulated second, resets left out as on the other side."""
    spent, steps = 0.0, 0
    for task, plan in jobs:
        world.reset(task)
        began = time.process_time()
        steps += world.execute(plan).ticks
        spent += time.process_time() - began
    return spent / (steps * TIMESTEP)


def theirs(rng: np.random.Generator) -> Callable[[], float]:
    """The same of panda-gym: a call runs 300 random actions of 40 ms."""
    import gymnasium

    with quiet():
        import panda_gym  # type: ignore[import-untyped]  # noqa: F401  registers its environments
    environment = gymnasium.make("PandaPickAndPlace-v3")
    environment.reset(seed=0)
    simulation = environment.unwrapped.sim  # type: ignore[attr-defined]

    def run() -> float:
        spent, actions = 0.0, 300
        for _ in range(actions):
            action = rng.uniform(-1, 1, 4)
            began = time.process_time()
            ended = any(environment.step(action)[2:4])
            spent += time.process_time() - began
            if ended:
                environment.reset()
        return spent / (actions * simulation.timestep * simulation.n_substeps)

    return run


def alone(task: Task) -> Task:
    """The same task without what is not asked for."""
    wanted = {task.goal.object, task.goal.target}
    return task.model_copy(update={"layout": tuple(spot for spot in task.layout if spot.name in wanted)})


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if importlib.util.find_spec("panda_gym") is None:
        sys.stderr.write("panda-gym is not installed, so nothing was compared; install it with: pip install 'siren-vla[bench]'\n")
        sys.stdout.write(json.dumps({"panda_gym": "not installed"}) + "\n")
        return
    other = theirs(np.random.default_rng(0))
    with Tabletop() as world:
        six = list(itertools.islice(pick_and_places(world), EPISODES))
        one = [(alone(task), plan) for task, plan in six]
        rounds = [(other(), ours(world, one), ours(world, six)) for _ in range(options.rounds)]
    columns = list(zip(*rounds, strict=True))
    result = {
        "cpu_s_per_simulated_s": dict(
            zip(("panda_gym", "one_thing", "six_things"), (round(statistics.median(column), 4) for column in columns), strict=True)
        ),
        "panda_gym_to_one_thing": round(statistics.median(row[0] / row[1] for row in rounds), 2),
        "panda_gym_to_six_things": round(statistics.median(row[0] / row[2] for row in rounds), 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
