"""How often does the expert pick each kind, and which kinds look alike to the robot's camera?

    python -m benchmarks.catalogue [--grasps 20] [--views 24] [--only NAME ...]

Grasps: the kind alone on the table, anywhere, at any yaw. Looks: a small network learns every kind from views of 32 x 32 pixels cut out
of the robot's 96 x 96 ones (any place and yaw, other light), and is asked for a third as many views that it has not seen. In both, half
of them are any of its variants. The last line of standard output is one JSON object.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from siren.core.task import Goal, Task
from siren.world.camera import CENTRE, Camera, VisibleBody, robot_setting
from siren.world.catalogue import kind_of, things
from siren.world.expert import expert_plan
from siren.world.kinds import Kind
from siren.world.layout import HIGH, LOW, Layout
from siren.world.shape import quaternion
from siren.world.tabletop import Tabletop

HALF = 16  # pixels to each side of the thing's middle
EPOCHS = 30


def drawn_variant(kind: Kind, rng: np.random.Generator) -> str:
    """The usual look half of the time, else any of its looks."""
    names = ["", *(variant.name for variant in kind.variants)]
    return names[int(rng.integers(len(names)))] if rng.random() < 0.5 else ""


def lone_pick(kind: Kind, seed: int) -> Task:
    """A table with nothing but one thing of that kind."""
    rng = np.random.default_rng([seed, 5])
    layout = Layout(rng)
    chosen = drawn_variant(kind, rng)
    place = (float(rng.uniform(LOW[0], HIGH[0])), float(rng.uniform(LOW[1], HIGH[1])))
    layout.put(kind.variant(chosen), place, layout.any_yaw())
    placement = layout.placements()[0].model_copy(update={"variant": chosen})
    goal = Goal(relation="held", object=kind.name)
    return Task(seed=seed, family="pick", split="seen", instruction=f"pick up the {kind.name}", goal=goal, layout=(placement,))


def grasps(kinds: Sequence[Kind], count: int) -> dict[str, int]:
    """How often the expert picks each kind, out of `count`."""
    held: dict[str, int] = {}
    with Tabletop() as world:
        for kind in kinds:
            outcomes = []
            for seed in range(count):
                task = lone_pick(kind, seed)
                outcomes.append(world.execute(expert_plan(task, world.reset(task))))
            held[kind.name] = sum(outcome.success for outcome in outcomes)
            events = Counter(f"{event.kind} in {event.phase}" for outcome in outcomes for event in outcome.events[:1])
            sys.stderr.write(f"{kind.name}: {held[kind.name]}/{count} {dict(events) or ''}\n")
    return held


def views(kinds: Sequence[Kind], count: int, seed: int) -> np.ndarray:
    """Views of every kind: float32, (kinds, count, 3, 2 HALF, 2 HALF), 0 to 1."""
    rng = np.random.default_rng(seed)
    with Camera() as camera:
        rows = [[_view(camera, kind, rng) for _ in range(count)] for kind in kinds]
    return np.asarray(rows, np.float32)


def _view(camera: Camera, kind: Kind, rng: np.random.Generator) -> np.ndarray:
    yaw, (x, y) = float(rng.uniform(-math.pi, math.pi)), CENTRE + rng.uniform(-0.2, 0.2, 2)
    variant = drawn_variant(kind, rng)
    place = (float(x), float(y), kind.variant(variant).rest)
    body = VisibleBody(kind.name, place, quaternion((0.0, 0.0, yaw)), variant=variant)
    picture = camera.look([body], robot_setting(rng))
    rows, columns = np.nonzero(picture.segmentation == 0)
    image = np.pad(picture.image, ((HALF, HALF), (HALF, HALF), (0, 0)), mode="edge")
    top, left = int(rows.mean()), int(columns.mean())
    cut = image[top : top + 2 * HALF, left : left + 2 * HALF] + rng.normal(0, 3, (2 * HALF, 2 * HALF, 3))
    return np.asarray(cut.transpose(2, 0, 1) / 255, np.float32)


def confusions(kinds: Sequence[Kind], count: int) -> tuple[float, Counter[tuple[str, str]]]:
    """Share of fresh views that are recognised, and what is taken for what."""
    torch.manual_seed(0)
    seen, fresh = views(kinds, count, 1), views(kinds, max(1, count // 3), 2)
    model = _trained(seen)
    with torch.no_grad():
        guesses = model(torch.from_numpy(fresh.reshape(-1, *fresh.shape[2:]))).argmax(1).reshape(fresh.shape[:2]).numpy()
    wrong = Counter(
        (kind.name, kinds[guess].name) for kind, row in zip(kinds, guesses, strict=True) for guess in row if kinds[guess] is not kind
    )
    return 1 - wrong.total() / guesses.size, wrong


def _trained(seen: np.ndarray) -> nn.Module:
    images = torch.from_numpy(seen.reshape(-1, *seen.shape[2:]))
    labels = torch.arange(seen.shape[0]).repeat_interleave(seen.shape[1])
    model = nn.Sequential(
        *(nn.Conv2d(3, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(24, 48, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(48, 96, 3, padding=1), nn.ReLU(), nn.MaxPool2d(4)),
        *(nn.Flatten(), nn.Linear(96 * 4, seen.shape[0])),
    )
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(images)).split(64):
            optimiser.zero_grad()
            nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimiser.step()
    return model


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grasps", type=int, default=20, help="picks of each kind; 0 leaves them out")
    parser.add_argument("--views", type=int, default=24, help="views of each kind to learn from; 0 leaves looks out")
    parser.add_argument("--only", nargs="*", help="kinds to pick (default: all)")
    options = parser.parse_args()
    kinds = things()
    result: dict[str, object] = {}
    if options.views:
        share, wrong = confusions(kinds, options.views)
        pairs = [{"kind": kind, "taken_for": other, "views": number} for (kind, other), number in wrong.most_common()]
        sys.stderr.write(f"recognised: {100 * share:.1f} % of fresh views\n")
        for (kind, other), number in wrong.most_common():
            across = kind_of(kind).held_out != kind_of(other).held_out
            sys.stderr.write(f"  {kind} taken for {other}: {number}{' (one of them held out)' if across else ''}\n")
        result |= {"recognised": round(share, 4), "confusions": pairs}
    if options.grasps:
        chosen = [kind_of(name) for name in options.only] if options.only else kinds
        held = grasps(chosen, options.grasps)
        result |= {"picks_each": options.grasps, "held": held, "fewest": min(held.values())}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
