"""How often does the expert fetch what it is asked for from the other table, and how exactly does the robot on wheels stand?

    python -m benchmarks.fetching [--seeds 200]

The last line of standard output is one JSON object.
"""

import argparse
import json
import math
import sys
import time

import numpy as np

from siren.core.statistics import wilson
from siren.world.fetching import fetch_plan, fetch_task
from siren.world.mobile import Mobile


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds, from 0 on")
    count = parser.parse_args().seeds
    done, misses, began = 0, [], time.process_time()
    with Mobile() as world:
        for seed in range(count):
            task = fetch_task(seed)
            outcome = world.execute(fetch_plan(task, world.reset(task)))
            done += outcome.success
            misses.append(world.docked()[1:])
            if not outcome.success:
                event = outcome.events[0]
                sys.stderr.write(f"  seed {seed}: {event.kind} {event.subject} at step {event.step}, {event.phase}\n")
    low, high = wilson(done, count)
    sys.stderr.write(f"{done}/{count} ({100 * low:.1f} to {100 * high:.1f} %)\n")
    beside, aside = np.percentile(np.array(misses), [50, 95, 100], axis=0).T
    result = {
        "success": done / count,
        "cpu_s_an_episode": round((time.process_time() - began) / count, 2),
        "docked_off_mm": [round(1000 * float(value), 1) for value in beside],
        "docked_off_degrees": [round(math.degrees(value), 2) for value in aside],
        "of": "median, 95th percentile, most, at the end of each episode",
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
