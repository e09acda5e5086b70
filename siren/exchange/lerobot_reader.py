"""A LeRobotDataset v3 folder as robot samples. Whatever is in it is checked before it is believed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from siren.core.errors import DataError, PlanSyntaxError
from siren.core.plan import Plan, parse_plan
from siren.exchange import lerobot as layout
from siren.exchange.lerobot_writer import action
from siren.exchange.video import read_video
from siren.learning.samples import RobotSample

_COLUMNS = ("episode_index", "task_index", layout.ACTION, layout.STEP, layout.SUCCESS)
_ROUNDING = 0.06  # plan text keeps tenths of a degree and millimetres


def read_lerobot(folder: Path, *, failed: bool = False) -> Iterator[RobotSample]:
    """One sample an episode: its first picture, its task, its plan; only those that succeeded, unless `failed`.

    DataError names the file, and what is missing or wrong: another version, columns that SIREN needs, a plan that does not parse,
    an action that is not what the plan says.
    """
    info = read_info(folder)
    names = _task_names(folder / layout.TASKS)
    for episode in _table(folder / layout.EPISODES.format(chunk=0, file=0)).to_pylist():
        data = _inside(folder, info.data_path, episode, "data")
        rows = _table(data, _COLUMNS).to_pylist()
        mine = [row for row in rows if row["episode_index"] == episode["episode_index"]]
        if not mine:
            raise DataError(f"{data}: expected frames of episode {episode['episode_index']}, found none; the set is not whole")
        if not (mine[0][layout.SUCCESS] or failed):
            continue
        if mine[0]["task_index"] not in names:
            raise DataError(f"{data}: task {mine[0]['task_index']} is not in {layout.TASKS}; the set is not whole")
        video = _inside(folder, info.video_path or layout.VIDEO, episode, f"videos/{layout.PICTURE}")
        start = round(episode[f"videos/{layout.PICTURE}/from_timestamp"] * info.fps)
        frames = read_video(video)
        if start >= len(frames):
            raise DataError(f"{video}: expected at least {start + 1} frames, got {len(frames)}; the set is not whole")
        yield RobotSample(frames[start], names[mine[0]["task_index"]], _plan(mine, data))


def read_info(folder: Path) -> layout.Info:
    """meta/info.json. DataError for another version, or for a set without what SIREN needs."""
    path = folder / layout.INFO
    try:
        info = layout.Info.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise DataError(f"expected a LeRobotDataset with {layout.INFO}, found none in {folder}") from error
    except (ValidationError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: expected the information of a LeRobotDataset, got {str(error).splitlines()[0]}") from error
    if info.codebase_version != layout.VERSION:
        raise DataError(f"{path}: expected version {layout.VERSION}, got {info.codebase_version}; convert the set with LeRobot's own tool")
    missing = [name for name in (layout.PICTURE, layout.ACTION, layout.STEP, layout.SUCCESS) if name not in info.features]
    if missing:
        raise DataError(
            f"{path}: the set has no {', '.join(missing)}; expected these columns, as in a set of `siren export --format lerobot`"
        )
    if info.features[layout.ACTION].names != layout.ACTION_NAMES:
        raise DataError(f"{path}: expected actions ({', '.join(layout.ACTION_NAMES)}), got {info.features[layout.ACTION].names}")
    return info


def _plan(rows: list[dict[str, object]], path: Path) -> Plan:
    text = "\n".join(str(row[layout.STEP]) for row in rows)
    try:
        plan = parse_plan(text)
    except PlanSyntaxError as error:
        raise DataError(f"{path}: expected a plan in column {layout.STEP}: {error}") from error
    for number, (row, step) in enumerate(zip(rows, plan.steps, strict=True), 1):
        said, done = action(step.keyframe), row[layout.ACTION]
        if not isinstance(done, list) or any(abs(a - b) > _ROUNDING for a, b in zip(said, done, strict=True)):
            raise DataError(f"{path}: step {number}: the action {done} is not what the text says ({step.symbolic_text()})")
    return plan


def _task_names(path: Path) -> dict[int, str]:
    table = _table(path)
    column = "task" if "task" in table.column_names else "__index_level_0__"
    if column not in table.column_names or "task_index" not in table.column_names:
        raise DataError(f"{path}: expected task and task_index, got {', '.join(table.column_names)}")
    return dict(zip(table["task_index"].to_pylist(), table[column].to_pylist(), strict=True))


def _inside(folder: Path, pattern: str, episode: dict[str, object], prefix: str) -> Path:
    """The file that a row of the episodes names; a pattern that leads out of the set is refused."""
    try:
        name = pattern.format(
            video_key=layout.PICTURE, chunk_index=episode[f"{prefix}/chunk_index"], file_index=episode[f"{prefix}/file_index"]
        )
    except (KeyError, IndexError, ValueError, AttributeError) as error:
        raise DataError(f"{folder / layout.INFO}: the path pattern '{pattern[:100]}' does not fit the episodes: {error}") from error
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError(f"{folder / layout.INFO}: the path pattern '{pattern[:100]}' leads out of the set; refused")
    return path


def _table(path: Path, columns: tuple[str, ...] = ()) -> pa.Table:
    try:
        return pq.read_table(path, columns=list(columns) or None)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(
            f"{path}: expected a parquet file{' with ' + ', '.join(columns) if columns else ''}, got {str(error)[:200]}"
        ) from error
