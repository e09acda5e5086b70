"""A session goes back to weights that it had before: the next round, and `siren run`, use those.

Nothing is deleted: the weights that are left stay on disk and on record, marked as not published, with the reason.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from siren import build
from siren.config import SessionConfig
from siren.core.errors import CheckpointError, SessionError
from siren.core.values import Value
from siren.loop.journal import Journal
from siren.loop.lock import only_driver
from siren.memory.records import CheckpointRecord
from siren.memory.store import Store

WEIGHTS = "model.safetensors"


class Rollback(Value):
    """What was left, and what is in force now (folders of weights)."""

    session: str
    left: str
    now: str


def roll_back(store: Store, config: SessionConfig, home: Path, to: str = "") -> Rollback:
    """Put earlier weights in force: those named, else those that the present ones were made from.

    Raises SessionError when there is nothing to go back to or the session is running, CheckpointError for weights that are not
    as they were recorded.
    """
    folder = home / "sessions" / config.name
    with only_driver(folder):
        committed = store.last_committed_round(config.name)
        if committed is None:
            raise SessionError(f"session '{config.name}' has not finished a round, so there is nothing to go back from")
        records = {record.name: record for record in store.checkpoints(config.name)}
        present = Path(build.committed_checkpoint(committed, config))
        target = _target(config, records, present, to)
        state = {**json.loads(committed.state), "checkpoint": str(target)}
        store.amend_round(config.name, committed.number, json.dumps(state), _marked(records, present.name, target.name))
        with Journal(folder) as journal:
            journal.rolled_back(str(present), str(target))
    return Rollback(session=config.name, left=str(present), now=str(target))


def _target(config: SessionConfig, records: dict[str, CheckpointRecord], present: Path, to: str) -> Path:
    """The folder to go back to, sound."""
    first = build.checkpoint(config.checkpoint)
    name = to or (records[present.name].parent or first.name if present.name in records else first.name)
    known = ", ".join([first.name, *records])
    if name == present.name:
        raise SessionError(f"session '{config.name}' uses '{name}' already; weights on record: {known}")
    if name == first.name:
        return first
    if name not in records:
        raise SessionError(f"session '{config.name}' has no weights '{name}'; weights on record: {known}")
    record = records[name]
    _require_sound(record)
    return record.path


def _require_sound(record: CheckpointRecord) -> None:
    path = build.checkpoint(str(record.path)) / WEIGHTS
    if hashlib.sha256(path.read_bytes()).hexdigest() != record.sha256:
        raise CheckpointError(f"{path} is not what was recorded as '{record.name}' (its sha256 differs); go back to other weights by --to")


def _marked(records: dict[str, CheckpointRecord], left: str, now: str) -> list[CheckpointRecord]:
    day = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    marks = {left: (False, f"rolled back to {now} on {day}"), now: (True, f"put in force again on {day}")}
    return [
        records[name].model_copy(update={"published": published, "reason": f"{records[name].reason}; {reason}".removeprefix("; ")})
        for name, (published, reason) in marks.items()
        if name in records
    ]
