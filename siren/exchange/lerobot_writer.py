"""Episodes with their pictures as a LeRobotDataset v3 folder: written aside and renamed, so a set is whole or not there."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from siren.core.action import FORCES, SPEEDS, Keyframe
from siren.core.episode import Episode
from siren.core.errors import DataError
from siren.core.rule import Rule
from siren.exchange import lerobot as layout
from siren.exchange.video import write_video
from siren.exchange.whole import EPISODES, write_line, write_rulebooks


class Recorded(NamedTuple):
    """An episode, and the picture its plan was made from: uint8 (height, width, 3) RGB."""

    episode: Episode
    image: np.ndarray


class Totals(NamedTuple):
    """What was written."""

    episodes: int
    frames: int
    tasks: int


def write_lerobot(recorded: Iterable[Recorded], out: Path, rulebook: Callable[[str], tuple[Rule, ...] | None] = lambda _: None) -> Totals:
    """Write the set to a folder that does not exist yet. DataError when it does, or when there is nothing to write.

    rulebook: the rules that had a hash; those that judged an episode of the set are written beside it, see `whole`.
    """
    if out.exists():
        raise DataError(f"expected a new folder for the set, but {out} exists; choose another name or remove it")
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        totals = _Writer(aside, rulebook).write(recorded)
        aside.chmod(0o755)
        aside.rename(out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return totals


def action(frame: Keyframe) -> list[float]:
    """A keyframe as the nine numbers of `ACTION_NAMES`."""
    manner = (float(frame.gripper == "close"), SPEEDS.index(frame.speed), FORCES.index(frame.force))
    return [*frame.position, *frame.rotation, *map(float, manner)]


class _Writer:
    """Fills one folder."""

    def __init__(self, folder: Path, rulebook: Callable[[str], tuple[Rule, ...] | None]) -> None:
        self._folder = folder
        self._rulebook = rulebook
        self._books: dict[str, tuple[Rule, ...]] = {}
        self._whole: list[str] = []
        self._tasks: dict[str, int] = {}
        self._rows: list[dict[str, object]] = []
        self._actions: list[np.ndarray] = []
        self._pictures = _Moments()
        self._pixels = 0
        self._frames = 0

    def write(self, recorded: Iterable[Recorded]) -> Totals:
        for number, one in enumerate(recorded):
            self._episode(number, one)
        if not self._rows:
            raise DataError("expected at least one episode with a picture, found none; run `siren learn` or `siren run` first")
        self._meta()
        return Totals(len(self._rows), self._frames, len(self._tasks))

    def _episode(self, number: int, one: Recorded) -> None:
        episode, steps = one.episode, one.episode.decision.plan.steps
        self._whole.append(write_line(episode))
        digest = episode.decision.rulebook
        if digest not in self._books and (rules := self._rulebook(digest)) is not None:
            self._books[digest] = rules
        self._pixels = self._pixels or one.image.shape[0]
        if one.image.shape != (self._pixels, self._pixels, 3):
            raise DataError(f"expected pictures of {self._pixels} x {self._pixels}, got {one.image.shape} in episode {episode.id}")
        chunk, file = divmod(number, layout.CHUNK)
        task = self._tasks.setdefault(episode.task.instruction, len(self._tasks))
        actions = np.array([action(step.keyframe) for step in steps], np.float32)
        first = episode.outcome.events[0] if episode.outcome.events else None
        count = len(steps)
        table = {
            layout.ACTION: pa.array(list(actions), pa.list_(pa.float32(), len(layout.ACTION_NAMES))),
            "timestamp": pa.array(np.arange(count) / layout.FPS, pa.float32()),
            "frame_index": pa.array(range(count), pa.int64()),
            "episode_index": pa.array([number] * count, pa.int64()),
            "index": pa.array(range(self._frames, self._frames + count), pa.int64()),
            "task_index": pa.array([task] * count, pa.int64()),
            layout.STEP: pa.array(str(episode.decision.plan).splitlines(), pa.string()),
            layout.SUCCESS: pa.array([episode.outcome.success] * count, pa.bool_()),
            layout.CAUSE: pa.array([first.kind if first else ""] * count, pa.string()),
            layout.FAILED_STEP: pa.array([first.step if first else 0] * count, pa.int64()),
        }
        where = {"chunk_index": chunk, "file_index": file}
        _write_table(pa.table(table), self._folder / layout.DATA.format(**where))
        video = self._folder / layout.VIDEO.format(video_key=layout.PICTURE, **where)
        video.parent.mkdir(parents=True, exist_ok=True)
        write_video([one.image] * count, video, layout.FPS)
        self._actions.append(actions)
        self._pictures.add(one.image, count)
        self._rows.append(
            {
                "episode_index": number, "tasks": [episode.task.instruction], "length": count,
                "data/chunk_index": chunk, "data/file_index": file,
                "dataset_from_index": self._frames, "dataset_to_index": self._frames + count,
                f"videos/{layout.PICTURE}/chunk_index": chunk, f"videos/{layout.PICTURE}/file_index": file,
                f"videos/{layout.PICTURE}/from_timestamp": 0.0, f"videos/{layout.PICTURE}/to_timestamp": count / layout.FPS,
                "meta/episodes/chunk_index": 0, "meta/episodes/file_index": 0,
                **{f"stats/{layout.ACTION}/{name}": value for name, value in _statistics(actions).items()},
            }
        )  # fmt: skip
        self._frames += count

    def _meta(self) -> None:
        _write_table(pa.Table.from_pylist(self._rows), self._folder / layout.EPISODES.format(chunk=0, file=0))
        tasks = pd.DataFrame({"task_index": list(self._tasks.values())}, index=pd.Index(list(self._tasks), name="task"))
        tasks.to_parquet(self._folder / layout.TASKS)
        statistics = {layout.ACTION: _statistics(np.concatenate(self._actions)), layout.PICTURE: self._pictures.statistics()}
        (self._folder / layout.STATS).write_text(json.dumps(statistics, indent=1) + "\n")
        info = {
            "codebase_version": layout.VERSION, "robot_type": "panda", "fps": layout.FPS,
            "total_episodes": len(self._rows), "total_frames": self._frames, "total_tasks": len(self._tasks),
            "chunks_size": layout.CHUNK, "data_files_size_in_mb": 100, "video_files_size_in_mb": 200,
            "splits": {"train": f"0:{len(self._rows)}"}, "data_path": layout.DATA, "video_path": layout.VIDEO,
            "features": layout.features(self._pixels),
        }  # fmt: skip
        (self._folder / EPISODES).write_text("".join(self._whole), encoding="utf-8")
        write_rulebooks(self._folder, self._books)
        (self._folder / layout.INFO).write_text(json.dumps(info, indent=1) + "\n")


class _Moments:
    """Mean and spread of each colour over pictures that are not kept."""

    def __init__(self) -> None:
        self._count, self._sum, self._squares = 0, np.zeros(3), np.zeros(3)
        self._low, self._high = np.ones(3), np.zeros(3)

    def add(self, image: np.ndarray, times: int) -> None:
        values = image.reshape(-1, 3) / 255.0
        self._count += times * len(values)
        self._sum += times * values.sum(0)
        self._squares += times * (values**2).sum(0)
        self._low, self._high = np.minimum(self._low, values.min(0)), np.maximum(self._high, values.max(0))

    def statistics(self) -> dict[str, list[object]]:
        """Shaped (3, 1, 1), as LeRobot keeps those of pictures; shares of full brightness."""
        mean = self._sum / self._count
        spread = np.sqrt(np.maximum(self._squares / self._count - mean**2, 0))
        named = {"min": self._low, "max": self._high, "mean": mean, "std": spread}
        shaped: dict[str, list[object]] = {name: [[[float(value)]] for value in values] for name, values in named.items()}
        return shaped | {"count": [self._count]}


def _statistics(values: np.ndarray) -> dict[str, list[float]]:
    found = {"min": values.min(0), "max": values.max(0), "mean": values.mean(0), "std": values.std(0)}
    return {name: [float(value) for value in row] for name, row in found.items()} | {"count": [len(values)]}


def _write_table(table: pa.Table, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
