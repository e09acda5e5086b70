"""A session's episodes and steps as two CSV files, for pandas, R or a spreadsheet."""

import csv
from collections.abc import Iterable
from pathlib import Path

from siren.core.episode import Episode
from siren.core.errors import DataError

_EPISODES = ("episode", "round", "use", "attempt", "seed", "family", "instruction", "success", "cause", "failed_step", "phase", "subject",
             "repaired", "rulebook", "checkpoint", "steps")  # fmt: skip
_STEPS = ("episode", "step", "skill", "object", "relation", "target", "x", "y", "z", "yaw", "speed", "force", "ran", "failed")


def write_csv(episodes: Iterable[Episode], out: Path) -> tuple[int, int]:
    """`episodes.csv` and `steps.csv` in a new folder. Returns how many rows each has. DataError when the folder exists."""
    if out.exists():
        raise DataError(f"expected a new folder for the tables, but {out} exists; choose another name or remove it")
    out.mkdir(parents=True)
    counts = [0, 0]
    with (out / "episodes.csv").open("w", newline="") as first, (out / "steps.csv").open("w", newline="") as second:
        rows, steps = csv.writer(first), csv.writer(second)
        rows.writerow(_EPISODES)
        steps.writerow(_STEPS)
        for episode in episodes:
            rows.writerow(_episode(episode))
            steps.writerows(_steps(episode))
            counts[0] += 1
            counts[1] += len(episode.decision.plan.steps)
    return counts[0], counts[1]


def _episode(episode: Episode) -> tuple[object, ...]:
    first = episode.outcome.events[0] if episode.outcome.events else None
    cause = (first.kind, first.step, first.phase, first.subject) if first else ("", "", "", "")
    decision, task = episode.decision, episode.task
    return (
        episode.id, episode.round, episode.use, episode.attempt, task.seed, task.family, _safe(task.instruction), episode.outcome.success,
        *cause, decision.repair is not None, decision.rulebook, decision.checkpoint, len(decision.plan.steps),
    )  # fmt: skip


def _steps(episode: Episode) -> list[tuple[object, ...]]:
    last = episode.outcome.events[0].step if episode.outcome.events else len(episode.decision.plan.steps)
    failed = bool(episode.outcome.events)
    return [
        (
            episode.id, number, step.skill, step.object, step.relation or "", step.target or "", *step.keyframe.position, step.keyframe.yaw,
            step.keyframe.speed, step.keyframe.force, number <= last, failed and number == last,
        )
        for number, step in enumerate(episode.decision.plan.steps, 1)
    ]  # fmt: skip


def _safe(text: str) -> str:
    """Spreadsheets run cells that begin like a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
