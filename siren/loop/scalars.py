"""A session as TensorBoard event files: what changes over episodes and rounds. Needs the extra `train`.

    tensorboard --logdir HOME/sessions

over episodes   success/<use> (of the last 50 tries of that use)
over rounds     session/tasks, work/<phase> (share of worker time in simulation and inference), rules/active, rules/steps_seen,
                rules/born, rules/retired, training/* (corrections, steps, each column)
"""

import os
import time
from collections import defaultdict, deque
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any

from siren.core.episode import Episode
from siren.core.errors import SessionError
from siren.loop.jobs import MiningNews, TrainingNews, Work

FOLDER = "tensorboard"
WINDOW = 50  # tries


def can_write() -> bool:
    """Whether tensorboard is installed."""
    return find_spec("tensorboard") is not None


class Scalars:
    """Listens to a session. Use as a context manager. A session that is resumed goes on in a second file of the same folder."""

    def __init__(self, folder: Path) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.summary.writer.record_writer import RecordWriter

        self._path = folder / FOLDER / f"events.out.tfevents.{time.time_ns()}.siren.{os.getpid()}"
        self._recent: dict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=WINDOW))
        try:
            self._path.parent.mkdir(exist_ok=True)
            self._file = self._path.open("wb", buffering=0)
        except OSError as error:
            raise SessionError(f"the event file {self._path} cannot be written: {error.strerror}; make room or make it writable") from error
        # Not its EventFileWriter: that writes from a thread, and where the disk is full the thread dies with a traceback.
        self._writer = RecordWriter(self._file)
        self._add(Event(wall_time=time.time(), file_version="brain.Event:2"))

    def __enter__(self) -> "Scalars":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def phase(self, name: str, turn: int, tasks: int) -> None:
        self._write("session/tasks", tasks, turn)

    def episode(self, episode: Episode) -> None:
        recent = self._recent[episode.use]
        recent.append(episode.outcome.success)
        self._write(f"success/{episode.use}", sum(recent) / len(recent), episode.id or 0)

    def mined(self, turn: int, news: MiningNews) -> None:
        self._write("rules/active", sum(rule.in_force for rule in news.rules), turn)
        self._write("rules/steps_seen", news.rows, turn)
        self._write("rules/born", len(news.born), turn)
        self._write("rules/retired", len(news.retired), turn)

    def trained(self, turn: int, news: TrainingNews) -> None:
        figures = {"corrections": float(news.corrections), "steps": float(news.steps), "published": float(news.published)}
        columns = {f"{name}_{when}": value for when in ("before", "after") for name, value in getattr(news, when).items()}
        for name, value in {**figures, **columns}.items():
            self._write(f"training/{name}", value, turn)

    def worked(self, name: str, turn: int, work: Work) -> None:
        self._write(f"work/{name}", work.share, turn)

    def _write(self, tag: str, value: float, step: int) -> None:
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
        self._add(Event(step=step, wall_time=time.time(), summary=summary))

    def _add(self, event: Any) -> None:
        try:
            self._writer.write(event.SerializeToString())
        except OSError as error:
            raise SessionError(f"the event file {self._path} cannot be written: {error.strerror}; make room, then use --resume") from error
