"""Does a world that has run thousands of episodes hold more memory than one that has run a few?

    python -m benchmarks.memory [--episodes 5000] [--picks 10]

An episode here is a reset, with the first step of the expert in every tenth and a picture with the arm in every hundredth: what a world
keeps, it keeps of bodies that were made. Memory is what the system says this process holds (resident set). The last line of standard output
is one JSON object.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from siren.core.plan import Plan
from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

FIRST_SEED, TASKS = 70000, 100  # the same tasks over and over: every kind is on some table
WARM = 500  # episodes after which the first reading counts


def megabytes() -> float:
    """Resident memory of this process."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise OSError("expected a line VmRSS in /proc/self/status; this benchmark runs on Linux")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=5000)
    parser.add_argument("--picks", type=int, default=10, help="a pick in every so many episodes")
    options = parser.parse_args()
    readings: dict[int, float] = {}
    began = time.process_time()
    tasks = [make_task(seed) for seed in range(FIRST_SEED, FIRST_SEED + TASKS)]
    with Tabletop() as world:
        for number in range(1, options.episodes + 1):
            task = tasks[number % TASKS]
            scene = world.reset(task)
            if number % options.picks == 0:
                world.execute(Plan(steps=expert_plan(task, scene).steps[:1]))
            if number % 100 == 0:
                world.picture()
            if number % WARM == 0:
                readings[number] = round(megabytes(), 1)
                sys.stderr.write(f"  {number} episodes, {time.process_time() - began:.0f} CPU s: {readings[number]} MB\n")
    first, last = list(readings.values())[0], list(readings.values())[-1]
    sys.stdout.write(json.dumps({"rss_mb": readings, "growth_percent": round(100 * (last / first - 1), 2)}) + "\n")


if __name__ == "__main__":
    main()
