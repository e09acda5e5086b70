"""The action codecs side by side: how exactly they say a place, in how many words, how long that takes, and what came of it.

    python -m benchmarks.codecs [--tasks 60] [--checkpoint checkpoints/siren-tiny] [--rt1 build/rt1]

Resolution and words are those of expert plans. Writing and reading are timed as text, deciding as K = 4 candidates of a model that
speaks the codec: siren-tiny speaks language and hybrid, the RT-1 baseline rt1; no model is trained on rt2. Success is that of expert
plans that were written and read again, with their names kept, so that the codec alone is measured.

`proposed_success` closes the loop without laws: siren-tiny's greedy plan about what its camera sees, with the expert's manner where both
have the same skills, so that no law of manner decides; written and read by the codec, named by what stands at its places, carried out once,
with no rule in between. A plan that a codec cannot say has failed. The last line is one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from siren.agent import carry_out
from siren.core.errors import PlanRefusedError
from siren.core.grounding import on_the_table
from siren.core.interfaces import Proposer
from siren.core.manner import in_manner_of, skills_of
from siren.core.plan import Plan
from siren.core.statistics import wilson
from siren.core.task import Task
from siren.learning.web_data import grain
from siren.policy.codecs.codec import CODECS, ActionCodec, codec_of
from siren.policy.proposer import Proposer as OwnProposer
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

FIRST_TASK = 5_100_000
DECIDED = 20  # tasks on which deciding is timed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/siren-tiny"))
    parser.add_argument("--rt1", type=Path, help="checkpoint of the RT-1 baseline; without it rt1 is not timed in deciding")
    parser.add_argument("--tasks", type=int, default=60)
    options = parser.parse_args()
    torch.set_num_threads(1)
    tasks = [make_task(FIRST_TASK + number) for number in range(options.tasks)]
    deciders: dict[str, Proposer] = {
        "language": OwnProposer.load(options.checkpoint),
        "hybrid": OwnProposer.load(options.checkpoint, codec="hybrid"),
    }
    if options.rt1:
        from siren.policy.rt1_proposer import Rt1Proposer

        deciders["rt1"] = Rt1Proposer.load(options.rt1)
    proposed = list(proposals(deciders["language"], tasks))
    rows = [measure(codec_of(name), tasks, deciders.get(name)) | closed_loop(codec_of(name), tasks, proposed) for name in CODECS]
    heads = list(rows[0])
    lines = [" | ".join(map(str, heads)), *(" | ".join(str(row[head]) for head in heads) for row in rows)]
    sys.stderr.write("\n".join(f"| {line} |" for line in lines) + "\n")
    sys.stdout.write(json.dumps({"benchmark": "codecs", "tasks": options.tasks, "rows": rows}) + "\n")


def measure(codec: ActionCodec, tasks: list[Task], decider: Proposer | None) -> dict[str, object]:
    """One row of the table."""
    steps = words = unsaid = successes = 0
    errors: list[float] = []
    spent = 0.0
    with Tabletop() as world:
        for task in tasks:
            plan = expert_plan(task, world.reset(task))
            start = time.process_time()
            try:
                back = codec.read(codec.write(plan))
            except PlanRefusedError:
                unsaid += 1
                continue
            spent += time.process_time() - start
            steps, words = steps + len(plan.steps), words + codec.tokens(plan)
            errors += [1000 * max(np.abs(np.subtract(a, b))) for a, b in zip(places(plan), places(back), strict=True)]
            successes += world.execute(renamed(plan, back)).success
    said = len(tasks) - unsaid
    low, high = wilson(successes, said)
    return {
        "codec": codec.name,
        "resolution_mm": round(1000 * codec.resolution.metres, 3),
        "resolution_deg": round(codec.resolution.degrees, 3),
        "largest_error_mm": round(max(errors), 3),
        "words_a_step": round(words / steps, 2),
        "write_and_read_ms": round(1000 * spent / said, 3),
        "decide_ms": round(deciding(decider, tasks[:DECIDED]), 1) if decider else "-",
        "unsaid": unsaid,
        "success": f"{successes / said:.3f} ({low:.2f} to {high:.2f})",
    }


def proposals(proposer: Proposer, tasks: list[Task]) -> Iterator[Plan | None]:
    """The greedy plan of each task about its own picture, in the expert's manner."""
    with Tabletop() as world:
        for task in tasks:
            scene = world.reset(task)
            plan = proposer.propose(world.look(), task.instruction, 1, np.random.default_rng(task.seed))[0].plan
            example = expert_plan(task, scene)
            same = plan is not None and skills_of(plan) == skills_of(example)
            yield in_manner_of(scene, on_the_table(scene, plan), scene, example) if plan is not None and same else plan


def closed_loop(codec: ActionCodec, tasks: list[Task], proposed: list[Plan | None]) -> dict[str, object]:
    """What comes of proposed plans that went through the codec."""
    successes = 0
    with Tabletop() as world:
        for task, plan in zip(tasks, proposed, strict=True):
            scene = world.reset(task)
            try:
                successes += plan is not None and carry_out(world, scene, codec.read(codec.write(plan))).success
            except PlanRefusedError:
                continue
    low, high = wilson(successes, len(tasks))
    return {"proposed_success": f"{successes / len(tasks):.3f} ({low:.2f} to {high:.2f})"}


def places(plan: Plan) -> list[tuple[float, float, float]]:
    """Every keyframe's position."""
    return [step.keyframe.position for step in plan.steps]


def renamed(plan: Plan, back: Plan) -> Plan:
    """The keyframes that were read, with the words of the plan that was written."""
    pairs = zip(plan.steps, back.steps, strict=True)
    return Plan(steps=tuple(step.model_copy(update={"keyframe": other.keyframe}) for step, other in pairs))


def deciding(proposer: Proposer, tasks: list[Task]) -> float:
    """Median process milliseconds of four candidates; the first two calls warm up."""
    times = []
    with Camera() as camera:
        for number, task in enumerate(tasks):
            rng = np.random.default_rng([number, 47])
            image = grain(rng, camera.look(layout_bodies(task), robot_setting(rng)).image)
            times.append(seconds(lambda: proposer.propose(image, task.instruction, 4, rng)))  # noqa: B023 - called at once
    return 1000 * float(np.median(times[2:]))


def seconds(act: Callable[[], object]) -> float:
    """Process CPU seconds of one call."""
    start = time.process_time()
    act()
    return time.process_time() - start


if __name__ == "__main__":
    main()
