"""What the policy sees by itself, against what is there; and what the agent comes to with either as the scene of its rules.

    python -m benchmarks.perception [--scenes 1000] [--tasks 100] [--rules rules] [--checkpoint checkpoints/siren-tiny]

Scenes are tasks of the robot's own camera in varied light, half of them about kinds that robot data never holds. A thing is found when
one of its kind is reported within 4 cm; what is left over is invented. Only what at least six pixels show counts as there to be found.
The agent runs every task twice, with equal random numbers. Tables go to standard error; the last line is one JSON object.
"""

import argparse
import json
import math
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from siren import build
from siren.agent import Agent
from siren.core.scene import Scene, SceneObject
from siren.core.statistics import mcnemar, wilson
from siren.learning.shown import LEAST_SEEN, is_long
from siren.learning.web_data import grain
from siren.policy.perceiver import UNCERTAIN, UNSEEN
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.catalogue import kind_of
from siren.world.tasks import make_task, nominal_scene

FIRST_SCENE = 3_500_000_000  # training draws task seeds below 2 ** 31
FIRST_TASK = 5_000_000
NEAR = 0.04  # metres


@dataclass
class Tally:
    """Counts over scenes, by whether robot data holds the kind."""

    there: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    placed: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # something is reported there
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # and of the right kind
    hidden: int = 0
    reported: int = 0
    invented: int = 0
    inferred: int = 0
    inferred_right: int = 0
    doubted: list[bool] = field(default_factory=list)  # of the things marked uncertain: whether they are right
    trusted: list[bool] = field(default_factory=list)
    supports: list[bool] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    axes: list[float] = field(default_factory=list)
    sides: list[float] = field(default_factory=list)  # of square things
    wet: list[tuple[bool, bool]] = field(default_factory=list)  # is it, and is it said to be
    milliseconds: list[float] = field(default_factory=list)

    def count(self, there: Scene, pixels: dict[str, int], seen: Scene) -> None:
        """Add one scene."""
        claims = [thing for thing in seen.objects if UNSEEN not in thing.marks]
        self._infer(there, [thing for thing in seen.objects if UNSEEN in thing.marks])
        left = list(claims)
        for thing in there.objects:
            if pixels[thing.name] < LEAST_SEEN:
                self.hidden += 1
                continue
            group = "unseen" if kind_of(thing.kind).held_out else "seen"
            self.there[group] += 1
            near = [claim for claim in claims if math.dist(claim.position[:2], thing.position[:2]) < NEAR]
            self.placed[group] += bool(near)
            right = next((claim for claim in near if claim.kind == thing.kind), None)
            if right is not None:
                self.found[group] += 1
                left.remove(right)
                self._compare(thing, right)
        self.reported += len(claims)
        self.invented += len(left)
        for claim in claims:
            (self.doubted if UNCERTAIN in claim.marks else self.trusted).append(claim not in left)

    def _infer(self, there: Scene, inferred: list[SceneObject]) -> None:
        self.inferred += len(inferred)
        self.inferred_right += sum(there.find(thing.name) is not None for thing in inferred)

    def _compare(self, thing: SceneObject, claim: SceneObject) -> None:
        self.errors.append(100 * math.dist(claim.position[:2], thing.position[:2]))
        self.supports.append((claim.support, claim.inside) == (thing.support, thing.inside))
        if is_long(thing.size):
            self.axes.append(abs((claim.yaw - thing.yaw + 90) % 180 - 90))
        elif thing.outline == "box":
            self.sides.append(abs((claim.yaw - thing.yaw + 45) % 90 - 45))
        if kind_of(thing.kind).wettable:
            self.wet.append(("wet" in thing.marks, "wet" in claim.marks))

    def figures(self) -> dict[str, float]:
        """Shares from 0 to 1, centimetres, degrees."""
        out = {f"kind_right_{group}": self.found[group] / self.there[group] for group in sorted(self.there)}
        out |= {f"placed_{group}": self.placed[group] / self.there[group] for group in sorted(self.there)}
        out |= {
            "things": sum(self.there.values()),
            "precision": 1 - self.invented / self.reported,
            "invented": self.invented / self.reported,
            "place_error_cm": float(np.median(self.errors)),
            "axis_error_deg": float(np.median(self.axes)),
            "side_error_deg": float(np.median(self.sides)),
            "support_right": float(np.mean(self.supports)),
            "uncertain_share": len(self.doubted) / self.reported,
            "uncertain_right": float(np.mean(self.doubted)) if self.doubted else math.nan,
            "certain_right": float(np.mean(self.trusted)),
            "hidden": self.hidden,
            "inferred": self.inferred,
            "inferred_right": self.inferred_right,
            "wet_told": float(np.mean([said for wet, said in self.wet if wet])),
            "dry_told_wet": float(np.mean([said for wet, said in self.wet if not wet])),
            "perceive_ms": float(np.median(self.milliseconds)),
        }
        return {name: round(value, 4) for name, value in out.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/siren-tiny"))
    parser.add_argument("--rules", type=Path, default=Path("rules"), help="rules that the agent goes by, e.g. those of a session")
    parser.add_argument("--scenes", type=int, default=1000)
    parser.add_argument("--tasks", type=int, default=100)
    options = parser.parse_args()
    torch.set_num_threads(1)
    figures: dict[str, object] = {"benchmark": "perception", "scenes": options.scenes, "tasks": options.tasks}
    if options.scenes:
        figures |= look(options.checkpoint, options.scenes)
    if options.tasks:
        figures |= act(options.checkpoint, options.rules, options.tasks)
    sys.stderr.write("".join(f"{name:>24} {value}\n" for name, value in figures.items()))
    sys.stdout.write(json.dumps(figures) + "\n")


def look(checkpoint: Path, count: int) -> dict[str, float]:
    """Perception alone."""
    perceiver, tally = build.perceiver(checkpoint), Tally()
    with Camera() as camera:
        for number in range(count):
            task = make_task(FIRST_SCENE + number, "unseen" if number % 2 else "seen")
            rng = np.random.default_rng([number, 41])
            picture = camera.look(layout_bodies(task), robot_setting(rng))
            image = grain(rng, picture.image)
            start = time.process_time()
            seen = perceiver.perceive(image)
            tally.milliseconds.append(1000 * (time.process_time() - start))
            shown = {item.name: int((picture.segmentation == index).sum()) for index, item in enumerate(task.layout)}
            tally.count(nominal_scene(task), shown, seen)
    return tally.figures()


def act(checkpoint: Path, rules: Path, count: int) -> dict[str, object]:
    """The whole agent on the same tasks with either scene."""
    outcomes: dict[str, list[bool]] = {}
    for perception in ("simulator", "policy"):
        parts = build.parts(rules, checkpoint, perception)  # type: ignore[arg-type]
        world = build.world()
        agent = Agent(world, parts.proposer, parts.checker, parts.repairer, perceiver=parts.perceiver)
        results = []
        for number in range(count):
            rng = np.random.default_rng([number, 43])
            episode, _ = agent.run(build.task(FIRST_TASK + number), rng, session="benchmark")
            results.append(episode.outcome.success)
        world.close()
        outcomes[perception] = results
    figures: dict[str, object] = {}
    for perception, results in outcomes.items():
        low, high = wilson(sum(results), count)
        figures[f"success_{perception}"] = f"{np.mean(results):.3f} ({low:.2f} to {high:.2f})"
    pairs = list(zip(outcomes["simulator"], outcomes["policy"], strict=True))
    gained, lost = sum(after > before for before, after in pairs), sum(before > after for before, after in pairs)
    return figures | {"gained": gained, "lost": lost, "p": round(mcnemar(gained, lost), 4)}


if __name__ == "__main__":
    main()
