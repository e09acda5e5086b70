"""Seeds as numbers on the world: how often the careless and the careful succeed, how sharply each law bites.

    python -m benchmarks.world [--seeds 300] [--surprises]

Tables go to standard error; the last line of standard output is one JSON object.
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from siren.core.episode import Outcome
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.statistics import wilson
from siren.core.task import Task
from siren.world.expert import careless_plan, expert_plan
from siren.world.laws.every import broken_laws
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

Planner = Callable[[Task, Scene, np.random.Generator], Plan]

_PLACE_NOISE = 0.003  # metres; the policy's median place error is 3 to 4 mm
_YAW_NOISE = 2.0  # degrees


@dataclass
class Tally:
    """What came of many episodes of one planner."""

    episodes: int = 0
    successes: int = 0
    seconds: float = 0.0
    laws: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    events: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    families: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    surprises: list[str] = field(default_factory=list)

    def count(self, task: Task, scene: Scene, plan: Plan, outcome: Outcome) -> None:
        """Add one episode: each step that ran, with the laws it broke, and whether it failed."""
        self.episodes += 1
        self.successes += outcome.success
        self.families[task.family].append(outcome.success)
        last = outcome.events[0].step if outcome.events else len(plan.steps)
        for number in range(1, last + 1):
            failed = bool(outcome.events) and number == last
            laws = broken_laws(scene, plan, number)
            name = laws[0] if len(laws) == 1 else "several" if laws else "none"
            self.laws[name].append(failed)
            if failed:
                first = outcome.events[0]
                self.events[name][f"{first.kind}@{first.phase}"] += 1
            if failed == (not laws):
                shown = f"{outcome.events[0].kind} {outcome.events[0].subject} @{outcome.events[0].phase}" if failed else "nothing happened"
                self.surprises.append(f"seed {task.seed} {name}: {shown} at step {number} of\n{plan}")


def careful(task: Task, scene: Scene, _rng: np.random.Generator) -> Plan:
    """The expert's plan."""
    return expert_plan(task, scene)


def careful_once_taken(task: Task, scene: Scene, rng: np.random.Generator) -> Plan:
    """The expert's picks with careless puts, so that the laws of putting down are reached."""
    plan, wild = expert_plan(task, scene), careless_plan(task, scene, rng)
    last = wild.steps[-1]
    if last.skill not in ("place", "stack"):
        return plan
    height = last.keyframe.position[2]
    position = (*plan.steps[-1].keyframe.position[:2], height)
    frame = plan.steps[-1].keyframe.model_copy(update={"position": position, "speed": last.keyframe.speed})
    steps = plan.steps[:-1] if rng.random() < 0.5 else tuple(step for step in plan.steps[:-1] if not _opens(step.skill, step.object))
    return Plan(steps=(*steps, plan.steps[-1].model_copy(update={"keyframe": frame})))


def _opens(skill: str, thing: str) -> bool:
    return skill == "open" or (skill == "place" and thing == "lid")


def noisy(plan: Plan, rng: np.random.Generator) -> Plan:
    """The plan as a policy would say it: keyframes off by 3 mm and 2 degrees (standard deviation)."""
    steps = []
    for step in plan.steps:
        (x, y, z), (roll, pitch, yaw) = step.keyframe.position, step.keyframe.rotation
        dx, dy, turn = rng.normal(0, _PLACE_NOISE), rng.normal(0, _PLACE_NOISE), rng.normal(0, _YAW_NOISE)
        update = {"position": (x + dx, y + dy, z), "rotation": (roll, pitch, yaw + turn)}
        steps.append(step.model_copy(update={"keyframe": step.keyframe.model_copy(update=update)}))
    return Plan(steps=tuple(steps))


def measure(world: Tabletop, planner: Planner, seeds: Sequence[int], *, noise: bool = False) -> Tally:
    """Run one planner on every seed."""
    tally = Tally()
    for seed in seeds:
        task, rng = make_task(seed), np.random.default_rng([seed, 5])
        scene = world.reset(task)
        plan = planner(task, scene, rng)
        start = time.process_time()
        outcome = world.execute(noisy(plan, rng) if noise else plan)
        tally.seconds += time.process_time() - start
        tally.count(task, scene, plan, outcome)
    return tally


def show(title: str, tally: Tally, *, surprises: bool = False) -> None:
    """One planner's table, on standard error."""
    low, high = wilson(tally.successes, tally.episodes)
    lines = [
        f"{title}: {tally.successes}/{tally.episodes} = {100 * tally.successes / tally.episodes:.1f} % ({100 * low:.1f}..{100 * high:.1f})"
    ]
    lines += [f"  {family}: {sum(done)}/{len(done)}" for family, done in sorted(tally.families.items())]
    for name, failed in sorted(tally.laws.items()):
        shown = ", ".join(f"{event} {count}" for event, count in tally.events[name].most_common(5))
        lines.append(f"  {name:20} failed {sum(failed):4}/{len(failed):<4} {shown}")
    if surprises:
        lines += tally.surprises
    sys.stderr.write("\n".join(lines) + "\n")


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many seeds, from 50000 on")
    parser.add_argument("--surprises", action="store_true", help="list steps that failed without a law, or passed against one")
    parser.add_argument("--only", choices=("careless", "careful", "put", "noisy"), help="one planner alone")
    options = parser.parse_args()
    seeds = range(50000, 50000 + options.seeds)
    planners = {"careless": careless_plan, "careful": careful, "put": careful_once_taken, "noisy": careful}
    result: dict[str, float] = {}
    with Tabletop() as world:
        for name in [options.only] if options.only else planners:
            tally = measure(world, planners[name], seeds, noise=name == "noisy")
            show(name, tally, surprises=options.surprises)
            result[f"{name}_success"] = round(tally.successes / tally.episodes, 4)
            result[f"{name}_episodes_per_second"] = round(tally.episodes / tally.seconds, 2)
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
