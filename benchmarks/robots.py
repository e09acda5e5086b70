"""How often does the expert succeed on each robot, what does a picture cost, and how near is an episode to bare physics?

    python -m benchmarks.robots [--seeds 200] [--pictures 20]

Times are processor time and reported as ratios; the last line of standard output is one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable

from siren.core.statistics import wilson
from siren.world.camera import Camera, Posture, Setting, layout_bodies, oblique, overhead
from siren.world.expert import expert_plan
from siren.world.robots import ROBOTS
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task


def expert_success(robot: str, seeds: range) -> tuple[int, float]:
    """Successes of the expert, and processor seconds an episode."""
    done, begun = 0, time.process_time()
    with Tabletop(robot) as world:
        for seed in seeds:
            task = make_task(seed)
            outcome = world.execute(expert_plan(task, world.reset(task)))
            done += outcome.success
            if not outcome.success:
                event = outcome.events[0]
                sys.stderr.write(f"  {robot} seed {seed}: {event.kind} {event.subject} at step {event.step}, {event.phase}\n")
    return done, (time.process_time() - begun) / len(seeds)


def milliseconds(call: Callable[[], object], count: int) -> float:
    """Mean processor time of a call, the first one not counted."""
    call()
    begun = time.process_time()
    for _ in range(count):
        call()
    return 1000 * (time.process_time() - begun) / count


def picture_costs(count: int) -> dict[str, float]:
    """Milliseconds a picture by view, size and robot."""
    bodies, costs = layout_bodies(make_task(5)), {}
    views: dict[str, Setting] = {
        f"{name} {pixels}": view(pixels) for name, view in (("overhead", overhead), ("oblique", oblique)) for pixels in (64, 96, 224)
    }
    for robot in (None, *ROBOTS.values()):
        posture = Posture(robot, [*robot.home, 0.04, 0.04]) if robot else None
        with Camera() as camera:
            for name, setting in views.items():
                costs[f"{name}, {robot.name if robot else 'no arm'}"] = round(
                    milliseconds(lambda s=setting, p=posture, c=camera: c.look(bodies, s, p), count), 2
                )  # type: ignore[misc]
    return costs


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds, from 1000 on; 0 leaves the experts out")
    parser.add_argument("--pictures", type=int, default=20)
    options = parser.parse_args()
    result: dict[str, object] = {"pictures_ms": picture_costs(options.pictures)}
    for robot in ROBOTS if options.seeds else ():
        done, seconds = expert_success(robot, range(1000, 1000 + options.seeds))
        low, high = wilson(done, options.seeds)
        sys.stderr.write(f"{robot}: {done}/{options.seeds} ({100 * low:.1f} to {100 * high:.1f} %), {seconds:.2f} s an episode\n")
        result[robot] = {"success": done / options.seeds, "seconds_an_episode": round(seconds, 3)}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
