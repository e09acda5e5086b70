"""A session as a file of events, one JSON object a line: phases, episodes, rules, trainings. For programs, and for `siren sessions tail`.

{"n": 12, "time": "...", "event": "episode", "id": 9, "round": 1, "use": "collect", "seed": 3, "attempt": 0, "success": false, ...}

`n` counts lines from 1 and orders them whatever the clock does. The database is the record; this is its diary: a line that was
torn by a crash is cut off when the file is opened again, and episodes that are on record without a line get theirs then.
"""

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from siren.core.episode import Episode
from siren.core.errors import SessionError, SirenError
from siren.core.rule import Rule
from siren.loop.jobs import MiningNews, TrainingNews, Work

FILE = "events.jsonl"
_REASONS = {"Drained": "asked to stop", "KeyboardInterrupt": "stopped by hand"}


class Journal:
    """Listens to a session. Use as a context manager; only the session's driver may hold it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._count = 0
        self.last_episode = 0
        self._running = False
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            self._mend()
        except OSError as error:
            raise SessionError(f"the events {self.path} cannot be written: {error.strerror}; make room or make it writable") from error

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._running and not isinstance(error, SirenError):
            self._write("end", reason="finished" if kind is None else _REASONS.get(kind.__name__, kind.__name__))
        os.close(self._file)

    def catch_up(self, episodes: Iterable[Episode]) -> None:
        """Write the lines of recorded episodes that a crash kept from being written. Episodes come in the order of their ids."""
        for episode in episodes:
            self.episode(episode)

    def phase(self, name: str, turn: int, tasks: int) -> None:
        self._running = True
        self._write("phase", name=name, round=turn, tasks=tasks)
        os.fsync(self._file)

    def episode(self, episode: Episode) -> None:
        """Its line, once: a job that was broken off is done again, and delivers again the probes that it had recorded."""
        if (episode.id or 0) <= self.last_episode:
            return
        self.last_episode = episode.id or 0
        first = episode.outcome.events[0] if episode.outcome.events else None
        self._write(
            "episode", id=episode.id, round=episode.round, use=episode.use, seed=episode.task.seed, attempt=episode.attempt,
            family=episode.task.family, instruction=episode.task.instruction, success=episode.outcome.success,
            cause=first.kind if first else None, subject=first.subject if first else None,
            repaired=episode.decision.repair is not None, rulebook=episode.decision.rulebook, checkpoint=episode.decision.checkpoint,
        )  # fmt: skip

    def mined(self, turn: int, news: MiningNews) -> None:
        for change, rules in (("born", news.born), ("retired", news.retired)):
            for rule in rules:
                self._rule(turn, change, rule)
        self._write(
            "mining",
            round=turn,
            rows=news.rows,
            searched=news.searched,
            relations=news.relations,
            active=sum(rule.in_force for rule in news.rules),
        )

    def trained(self, turn: int, news: TrainingNews) -> None:
        self._write("training", round=turn, **news.model_dump(mode="json"))

    def worked(self, name: str, turn: int, work: Work) -> None:
        seconds = {key: round(value, 3) if isinstance(value, float) else value for key, value in work.model_dump().items()}
        self._write("work", phase=name, round=turn, **seconds, share=round(work.share, 4))

    def rolled_back(self, left: str, now: str) -> None:
        """Somebody put earlier weights in force."""
        self._write("rollback", left=left, now=now)

    def _rule(self, turn: int, change: str, rule: Rule) -> None:
        self._write(
            "rule",
            round=turn,
            change=change,
            rule=rule.id,
            saying=rule.saying,
            support=rule.support,
            against=rule.against,
            reason=rule.reason,
        )

    def _write(self, event: str, **fields: Any) -> None:
        """One line by one call, so that a line is there whole or not at all unless the machine goes down in the midst of it."""
        self._count += 1
        line = json.dumps({"n": self._count, "time": datetime.now(UTC).isoformat(), "event": event, **fields}, ensure_ascii=False)
        data = f"{line}\n".encode()
        try:
            if os.write(self._file, data) != len(data):
                raise OSError(28, "No space left on device")
        except OSError as error:
            raise SessionError(f"the events {self.path} cannot be written: {error.strerror}; make room and go on with --resume") from error

    def _mend(self) -> None:
        whole = 0
        for end, entry in _lines(self.path.read_bytes()):
            whole, self._count = end, entry["n"]
            if entry["event"] == "episode":
                self.last_episode = max(self.last_episode, entry["id"])
        os.ftruncate(self._file, whole)


def _lines(data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every whole line with the position of its end, up to the first that is torn."""
    end = 0
    for line in data.splitlines(keepends=True):
        end += len(line)
        if not line.endswith(b"\n"):
            return
        try:
            yield end, json.loads(line)
        except ValueError:
            return


def read_events(path: Path, start: int = 0) -> tuple[int, tuple[dict[str, Any], ...]]:
    """The whole lines from a position on, and the position to go on from: a reader may follow a session that is writing."""
    with path.open("rb") as file:
        file.seek(start)
        found = tuple(_lines(file.read()))
    return start + (found[-1][0] if found else 0), tuple(entry for _, entry in found)
