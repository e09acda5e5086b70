"""Are corrections absorbed in a minute, and is nothing old lost by it?

    python -m benchmarks.absorb [--checkpoint FOLDER] [--corrections 200] [--steps 260] [--scenes 200]

Tasks are taken as they come until the policy's greedy plan has failed in the world that many times; the correction is a plan that works
there. Then the session's own fine-tuning takes that many steps on one thread, and the same tasks are asked again, as well as fresh ones
and the old suites. The last line of standard output is one JSON object.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from siren.agent import carry_out
from siren.config import shipped_checkpoint
from siren.core.statistics import wilson
from siren.core.task import Task
from siren.learning.blending import blend
from siren.learning.keepsakes import keepsakes, preparations
from siren.learning.policy_eval import GATED, PolicyReport, evaluate_policy
from siren.learning.samples import RobotSample
from siren.learning.trainer import FineTuneReport, fine_tune
from siren.learning.web_data import grain, web_row
from siren.policy.checkpoint import load_checkpoint
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

FIRST, FRESH, REHEARSED = 5_000_000, 5_500_000, 5_700_000
WEB_ROWS, WEB_TEXTS, KEPT, REHEARSALS = 400, 2, 800, 300


class Case(NamedTuple):
    """A task and the picture it began with: uint8, (96, 96, 3), RGB."""

    task: Task
    image: np.ndarray


def main() -> None:
    """Collect, tune, ask again, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=shipped_checkpoint())
    parser.add_argument("--corrections", type=int, default=200)
    parser.add_argument("--steps", type=int, default=260, help="of fine-tuning; about a minute of a core")
    parser.add_argument("--scenes", type=int, default=200, help="of each column of the old suites")
    parser.add_argument("--share", type=float, default=1.0, help="how far to go from the old weights to the new")
    options = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    with Tabletop() as world, tempfile.TemporaryDirectory() as folder:
        old = Proposer.load(options.checkpoint)
        failed, tried = failures(world, old, options.corrections)
        fresh = [Case(task, look(world, task, seed)) for seed in range(FRESH, FRESH + 100) for task in (make_task(seed),)]
        out = Path(folder) / "absorbed"
        report = tuned(world, options.checkpoint, failed, out, options.steps, rng)
        weights = blend(options.checkpoint, out, options.share, out.with_name("blended"))
        new = Proposer.load(weights)
        again, before, after = (sum(succeeds(world, proposer, cases)) for proposer, cases in ((new, failed), (old, fresh), (new, fresh)))
    suites = [evaluate_policy(proposer, options.scenes, 11, GATED) for proposer in (old, new)]
    low, high = wilson(again, len(failed))
    figures = {
        "benchmark": "absorb",
        "tasks_tried": tried,
        "corrections": len(failed),
        "steps": report.steps,
        "cpu_seconds": round(report.seconds, 1),
        "then_right": round(again / len(failed), 3),
        "then_right_interval": [round(low, 3), round(high, 3)],
        "fresh_tasks": {"count": len(fresh), "before": before, "after": after},
        "old_suites": {column: [right(each, column) for each in suites] for column in GATED},
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def failures(world: Tabletop, proposer: Proposer, count: int) -> tuple[list[Case], int]:
    """Tasks whose greedy plan fails, and how many were tried for them."""
    found: list[Case] = []
    seed = FIRST
    while len(found) < count:
        task = make_task(seed)
        case = Case(task, look(world, task, seed))
        found += [case] if not succeeds(world, proposer, [case])[0] else []
        seed += 1
    return found, seed - FIRST


def look(world: Tabletop, task: Task, seed: int) -> np.ndarray:
    """The picture of a task's beginning, with a camera's noise."""
    world.reset(task)
    return grain(np.random.default_rng(seed), world.look())


def succeeds(world: Tabletop, proposer: Proposer, cases: Sequence[Case]) -> list[bool]:
    """Whether the greedy plan of each case comes true."""
    found = []
    for task, image in cases:
        plan = proposer.propose(image, task.instruction, 1, np.random.default_rng(0))[0].plan
        scene = world.reset(task)
        found.append(plan is not None and carry_out(world, scene, plan).success)
    return found


def tuned(world: Tabletop, parent: Path, failed: Sequence[Case], out: Path, steps: int, rng: np.random.Generator) -> FineTuneReport:
    """The session's fine-tuning, on expert plans in place of verified ones."""
    taught = [RobotSample(case.image, case.task.instruction, expert_plan(case.task, world.reset(case.task))) for case in failed]
    with Camera() as camera:
        rehearsed = [rehearsal(camera, seed, rng) for seed in range(REHEARSED, REHEARSED + REHEARSALS)]
        kept = keepsakes(load_checkpoint(parent), camera, rng, KEPT, preparations(sample.plan for sample in rehearsed))
        vocabulary = load_checkpoint(parent).vocabulary
        drawn = (web_row(rng, camera, WEB_TEXTS).known_to(vocabulary) for _ in range(WEB_ROWS))
        web = [row for row in drawn if row.texts]
    return fine_tune(parent, taught, rehearsed, web, out, kept=kept, steps=steps, seed=0)


def rehearsal(camera: Camera, seed: int, rng: np.random.Generator) -> RobotSample:
    """A plan that works, in a scene of which no failure is known."""
    task = make_task(seed, "use" if seed % 5 < 2 else "seen")
    image = grain(rng, camera.look(layout_bodies(task), robot_setting(rng)).image)
    return RobotSample(image, task.instruction, expert_plan(task, nominal_scene(task)))


def right(report: PolicyReport, column: str) -> float:
    """Object and word right."""
    return round(float(np.mean(next(each.right for each in report.columns if each.column == column))), 3)


if __name__ == "__main__":
    main()
