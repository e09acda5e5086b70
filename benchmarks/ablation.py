"""The same course with one thing changed: share of web data, size of the model, amount of web data, and the seed.

    python -m benchmarks.ablation [--scale 0.2] [--arms all] [--seeds 0] [--out results/ablation] [--plot docs]

Every arm is trained on the same pools for the same number of steps, and measured on the same scenes: greedy proposals by column, and in
closed loop with the laws out of the way. One JSON file an arm and seed; what is there already is not done again, and a training that was
stopped goes on. The last line of standard output is one JSON object.
"""

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from benchmarks.closed_loop import measure, table
from siren.config import shipped_rules
from siren.learning.course import PretrainConfig
from siren.learning.policy_eval import evaluate_policy
from siren.learning.pretrain import Progress, train_policy
from siren.learning.trainer import Trainer
from siren.policy.model import ModelConfig
from siren.policy.proposer import Proposer
from siren.world.splits import Split

# What each arm changes of the course that ships.
ARMS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "curriculum": {},
        "web 0": {"shares": (0.0,)},
        "web 50": {"shares": (0.5,)},
        "web 66": {"shares": (0.66,)},
        "web 90": {"shares": (0.9,)},
        "width 64": {"model": ModelConfig(width=64, feed_forward=192)},
        "width 192": {"model": ModelConfig(width=192, heads=6, feed_forward=576)},
        "web part 1/16": {"web_part": 1 / 16},
        "web part 1/4": {"web_part": 1 / 4},
    }
)
PLOTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "share of web rows": ("web 0", "web 50", "web 66", "web 90", "curriculum"),
        "width of the model": ("width 64", "curriculum", "width 192"),
        "amount of web data": ("web 0", "web part 1/16", "web part 1/4", "curriculum"),
    }
)
SPLITS: tuple[Split, ...] = ("seen", "unseen", "use", "reasoning", "phrasing", "background")


def main() -> None:
    """Train and measure what is missing, then draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.2, help="steps, as a multiple of the full course")
    parser.add_argument("--arms", nargs="*", choices=list(ARMS), default=list(ARMS))
    parser.add_argument("--seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--scenes", type=int, default=200, help="of each column")
    parser.add_argument("--episodes", type=int, default=100, help="of each split in closed loop")
    parser.add_argument("--workers", type=int, default=2, help="processes that render and train; weights depend on it, figures hardly")
    parser.add_argument("--cache", type=Path, default=Path("build/scenes"))
    parser.add_argument("--weights", type=Path, default=Path("build/ablation"))
    parser.add_argument("--out", type=Path, default=Path("results/ablation"))
    parser.add_argument("--plot", type=Path, help="folder for the pictures")
    options = parser.parse_args()
    found = {}
    for seed in options.seeds:
        for arm in options.arms:
            note = options.out / f"{arm.replace(' ', '-').replace('/', '-')}-{options.scale:g}-seed{seed}.json"
            if not note.is_file():
                kept(note, measured(arm, seed, options))
            found[f"{arm}, seed {seed}"] = json.loads(note.read_text(encoding="utf-8"))
    sys.stdout.write(_table(found))
    if options.plot is not None:
        draw(found, options.plot)
    sys.stdout.write(json.dumps({name: row["closed_loop"] for name, row in found.items()}) + "\n")


def measured(arm: str, seed: int, options: argparse.Namespace) -> dict[str, Any]:
    """One arm from its first step to its figures. The start and the order of rows depend on the seed, the pools do not."""
    course = PretrainConfig(options.cache, rules=shipped_rules(), workers=options.workers).scaled(options.scale)
    course = replace(course, order=seed, gate=0.0, **ARMS[arm])
    folder = options.weights / f"{arm.replace(' ', '-').replace('/', '-')}-{options.scale:g}-seed{seed}"
    began = time.monotonic()

    def listen(progress: Progress, trainer: Trainer) -> None:
        if progress.step % 200 == 0:
            sys.stderr.write(f"{arm}, seed {seed}: {progress.phase} step {progress.step}, {time.monotonic() - began:.0f} s\n")

    report = train_policy(course, folder, listen)
    columns = evaluate_policy(Proposer.load(folder), options.scenes, 1)
    closed = table(measure(folder, SPLITS, options.episodes, 2))
    return {
        "arm": arm,
        "seed": seed,
        "scale": options.scale,
        "steps": report.steps,
        "cpu_seconds": round(report.seconds, 1),
        "columns": columns.model_dump(mode="json", exclude={"columns": {"__all__": {"right"}}})["columns"],
        "closed_loop": closed,
    }


def kept(note: Path, row: Mapping[str, Any]) -> None:
    """Write it whole or not at all."""
    note.parent.mkdir(parents=True, exist_ok=True)
    aside = note.with_suffix(".new")
    aside.write_text(json.dumps(row, indent=1) + "\n", encoding="utf-8")
    aside.replace(note)


def _table(found: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [f"| arm | {' | '.join(SPLITS)} |", "|" + "---|" * (len(SPLITS) + 1)]
    for name, row in found.items():
        cells = " | ".join(f"{row['closed_loop'][split]['success']:.0%}" for split in SPLITS)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines) + "\n"


def draw(found: Mapping[str, Mapping[str, Any]], folder: Path) -> None:
    """One picture for each thing that is changed: success by split, mean and range over the seeds."""
    from matplotlib.figure import Figure

    folder.mkdir(parents=True, exist_ok=True)
    for title, arms in PLOTS.items():
        there = [arm for arm in arms if any(row["arm"] == arm for row in found.values())]
        figure = Figure(figsize=(7, 4), layout="constrained")
        axes = figure.subplots()
        for split in SPLITS:
            _line(axes, split, [[row["closed_loop"][split] for row in found.values() if row["arm"] == arm] for arm in there])
        axes.set_xticks(range(len(there)), there)
        axes.set(ylim=(0, 1), ylabel="success, laws out of the way", title=title)
        axes.grid(axis="y", alpha=0.3)
        axes.legend(ncols=3, fontsize="small", loc="lower right")
        figure.savefig(folder / f"ablation_{title.replace(' ', '_')}.png", dpi=110)


def _line(axes: Any, label: str, groups: Sequence[Sequence[Mapping[str, float]]]) -> None:
    """Mean over seeds with the widest Wilson interval of them."""
    means = [sum(row["success"] for row in rows) / len(rows) for rows in groups]
    low = [mean - min(row["low"] for row in rows) for mean, rows in zip(means, groups, strict=True)]
    high = [max(row["high"] for row in rows) - mean for mean, rows in zip(means, groups, strict=True)]
    axes.errorbar(range(len(means)), means, yerr=[low, high], marker="o", capsize=3, label=label)


if __name__ == "__main__":
    main()
