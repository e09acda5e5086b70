"""A whole record as a list of what is wrong with it: every row is read, every sha256 counted again.

Finds what opening a database does not: single changed bytes in an episode, a rule text or a file of weights, and episodes
whose parts are missing.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from siren.core.errors import StoreError
from siren.core.values import Value
from siren.memory.rows import read_episode
from siren.memory.store import PAGE, Store
from siren.memory.tables import Base, CheckpointRow, DecisionRow, EpisodeRow, RuleVersionRow, StepRow

WEIGHTS = "model.safetensors"


class Inspection(Value):
    """How much was read, and what is wrong. No complaints: the record is whole."""

    place: str
    rows: dict[str, int] = Field(description="by table")
    complaints: tuple[str, ...]


def inspect_record(store: Store) -> Inspection:
    """Read everything. Takes about a second for 2,000 episodes."""
    with store.reading() as db:
        rows = {name: db.scalar(select(func.count()).select_from(table)) or 0 for name, table in sorted(Base.metadata.tables.items())}
        complaints = (*_structure(db), *_episodes(db), *_parts(db), *_rules(db), *_weights(db))
    return Inspection(place=store.place, rows=rows, complaints=complaints)


def _structure(db: Session) -> Iterator[str]:
    """SQLite's own opinion. PostgreSQL checks its keys as it writes, and its pages as they are read."""
    if db.get_bind().dialect.name != "sqlite":
        return
    for (complaint,) in db.execute(text("PRAGMA integrity_check")):
        if complaint != "ok":
            yield f"the file is damaged: {complaint}"
    for row in db.execute(text("PRAGMA foreign_key_check")):
        yield f"table {row[0]}, row {row[1]}: names a row of {row[2]} that is not there"


def _episodes(db: Session) -> Iterator[str]:
    last = 0
    while page := db.scalars(select(EpisodeRow).where(EpisodeRow.id > last).order_by(EpisodeRow.id).limit(PAGE)).all():
        for row in page:
            try:
                read_episode(row)
            except StoreError as error:
                yield str(error)
        last = page[-1].id
        db.expunge_all()


def _parts(db: Session) -> Iterator[str]:
    for what, part in (("decision", DecisionRow.episode_id), ("step", StepRow.episode_id)):
        for number in db.scalars(select(EpisodeRow.id).where(EpisodeRow.id.not_in(select(part)))):
            yield f"episode {number} has no {what} on record"


def _rules(db: Session) -> Iterator[str]:
    for row in db.scalars(select(RuleVersionRow).order_by(RuleVersionRow.id)):
        if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
            yield f"version {row.number} of rule {row.rule_id} does not match its sha256: its text was changed after it was recorded"


def _weights(db: Session) -> Iterator[str]:
    for row in db.scalars(select(CheckpointRow).order_by(CheckpointRow.id)):
        path = Path(row.path) / WEIGHTS
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            yield f"the weights '{row.name}' cannot be read: {error}"
            continue
        if digest != row.sha256:
            yield f"the weights '{row.name}' in {path} do not match their sha256: they were damaged or replaced"
