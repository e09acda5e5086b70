"""A policy in closed loop with the laws out of the way: does what it means come true in the world?

    python -m benchmarks.closed_loop [--checkpoint FOLDER] [--episodes 100] [--splits seen unseen ...] [--processes 2] [--out FILE]

The greedy proposal is carried out by one who knows every law (siren/world/aim.py): its skill, things and places, and the expert's manner,
clearing and opening. What it does not name, or names wrongly, is what stands where it reaches, as for the agent. Every checkpoint sees
the same tasks; the shares come with Wilson intervals. The last line of standard output is one JSON object, and --out keeps it.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from siren.config import shipped_checkpoint
from siren.core.grounding import on_the_table
from siren.core.statistics import wilson
from siren.learning.web_data import grain
from siren.world.aim import carried_out
from siren.world.splits import SPLITS, Split
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

FIRST_SEED = 4_000_000
ASKED: tuple[Split, ...] = tuple(split for split in SPLITS if split != "laws")
NO_PLAN, NO_SENSE = "no plan", "cannot be done so"
_CHUNK = 20  # tasks in one job


class Job(NamedTuple):
    """Some tasks of one split."""

    checkpoint: str
    split: Split
    seeds: range


class Row(NamedTuple):
    """One task: what was asked, how it was spoken of, and what came of it (empty: success)."""

    split: Split
    seed: int
    family: str
    reference: str
    language: str
    trouble: str


def worked(job: Job) -> list[Row]:
    """Each task of the job, once."""
    from siren.build import proposer as proposer_of

    proposer = proposer_of(Path(job.checkpoint))
    rows = []
    with Tabletop() as world:
        for seed in job.seeds:
            task = make_task(seed, job.split)
            scene, rng = world.reset(task), np.random.default_rng([seed, 6])
            plan = proposer.propose(grain(rng, world.look()), task.instruction, 1, rng)[0].plan
            careful = carried_out(on_the_table(scene, plan), task, scene) if plan is not None else None
            trouble = NO_PLAN if plan is None else NO_SENSE if careful is None else _trouble(world, careful)
            rows.append(Row(job.split, seed, task.family, task.reference, task.language, trouble))
    return rows


def _trouble(world: Tabletop, plan: Any) -> str:
    from siren.agent import carry_out

    outcome = carry_out(world, world.scene(), plan)
    return "" if outcome.success else outcome.events[0].kind


def measure(checkpoint: Path, splits: Sequence[Split], episodes: int, processes: int) -> list[Row]:
    """All tasks of all splits."""
    jobs = [
        Job(str(checkpoint), split, range(first, min(first + _CHUNK, FIRST_SEED + episodes)))
        for split in splits
        for first in range(FIRST_SEED, FIRST_SEED + episodes, _CHUNK)
    ]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return [row for rows in pool.map(worked, jobs) for row in rows]


def table(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """By split, and the parts of `reasoning` by themselves."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.split, []).append(row)
        if row.split == "reasoning":
            groups.setdefault(f"reasoning: {row.reference if row.language == 'en' else 'second language'}", []).append(row)
    return {name: _summary(group) for name, group in groups.items()}


def _summary(rows: Sequence[Row]) -> dict[str, Any]:
    good = sum(not row.trouble for row in rows)
    low, high = wilson(good, len(rows))
    troubles = Counter(row.trouble for row in rows if row.trouble)
    return {"success": good / len(rows), "low": low, "high": high, "tasks": len(rows), "troubles": dict(troubles.most_common())}


def main() -> None:
    """Measure, show a table, keep it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=shipped_checkpoint())
    parser.add_argument("--episodes", type=int, default=100, help="tasks of each split")
    parser.add_argument("--splits", nargs="*", choices=ASKED, default=list(ASKED))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    rows = measure(options.checkpoint, options.splits, options.episodes, options.processes)
    shown = table(rows)
    for name, row in shown.items():
        troubles = ", ".join(f"{kind} {count}" for kind, count in row["troubles"].items())
        sys.stderr.write(f"{name:<28} {row['success']:6.1%} ({row['low']:.0%} to {row['high']:.0%}) of {row['tasks']}  {troubles}\n")
    found = json.dumps({"checkpoint": options.checkpoint.name, "groups": shown})
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(found + "\n", encoding="utf-8")
    sys.stdout.write(found + "\n")


if __name__ == "__main__":
    main()
