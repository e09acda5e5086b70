"""Checkpoints as what they learned from and what they did: ancestry, samples by source, and the tasks that they tried.

made(store, "night-1").samples       {"correction": 212, "rehearsal": 500}
tries_of(store, "night-1")           by (seed of the task), what came of it
"""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from siren.core.errors import StoreError
from siren.core.values import Value
from siren.memory.store import Store
from siren.memory.tables import BatchRow, BatchSampleRow, CandidateRow, CheckpointRow, DecisionRow, EpisodeRow, SessionRow

TRIED = ("evaluate", "incumbent", "challenger", "run")  # uses in which weights act for themselves


class Made(Value):
    """One checkpoint. The shipped weights have no session, no samples and no ancestors on record."""

    name: str
    session: str = ""
    round: int = 0
    parent: str | None = None
    ancestors: tuple[str, ...] = Field(default=(), description="parent, grandparent, ...")
    published: bool = True
    reason: str = ""
    samples: dict[str, int] = Field(default_factory=dict, description="by source, of the batches that made it")
    episodes: tuple[int, ...] = Field(default=(), description="episodes that it was trained on")


class Try(NamedTuple):
    """One task as one checkpoint did it."""

    episode: int
    success: bool
    proposal: str  # the first one, as text


def made(store: Store, name: str) -> Made:
    """A checkpoint by its name: of the newest session that has one so called. Raises StoreError for one that nobody has heard of."""
    with store.reading() as db:
        row = _newest(db, name)
        if row is None:
            if db.scalar(select(func.count()).select_from(DecisionRow).where(DecisionRow.checkpoint == name)):
                return Made(name=name)
            known = db.scalars(select(CheckpointRow.name).order_by(CheckpointRow.id.desc()).limit(8)).all()
            used = db.scalars(select(DecisionRow.checkpoint).distinct().limit(8)).all()
            there = ", ".join(sorted({*known, *used} - {"none"})) or "none"
            raise StoreError(f"no weights '{name}' are on record; there are: {there}")
        checkpoint, session = row
        batches = select(BatchRow.id).where(BatchRow.session_id == checkpoint.session_id, BatchRow.checkpoint == name)
        samples = select(BatchSampleRow.source, func.count()).where(BatchSampleRow.batch_id.in_(batches)).group_by(BatchSampleRow.source)
        episodes = select(BatchSampleRow.episode_id).where(BatchSampleRow.batch_id.in_(batches), BatchSampleRow.episode_id.is_not(None))
        return Made(
            name=name,
            session=session,
            round=checkpoint.round,
            parent=checkpoint.parent,
            ancestors=_ancestors(db, checkpoint),
            published=checkpoint.published,
            reason=checkpoint.reason,
            samples={source: count for source, count in db.execute(samples.order_by(BatchSampleRow.source))},
            episodes=tuple(sorted({number for number in db.scalars(episodes) if number is not None})),
        )


def tries_of(store: Store, name: str) -> Mapping[int, Try]:
    """What came of each task that these weights did, by the task's seed; of several tries the first."""
    query = select(EpisodeRow.seed, EpisodeRow.id, EpisodeRow.success, CandidateRow.text)
    query = query.join(DecisionRow, DecisionRow.episode_id == EpisodeRow.id).join(CandidateRow, CandidateRow.episode_id == EpisodeRow.id)
    query = query.where(DecisionRow.checkpoint == name, CandidateRow.rank == 0, EpisodeRow.use.in_(TRIED))
    with store.reading() as db:
        rows = db.execute(query.order_by(EpisodeRow.id.desc())).all()
    return {seed: Try(number, success, text) for seed, number, success, text in rows}


def weights_on_record(store: Store) -> tuple[str, ...]:
    """Names of all weights that were made or used, the newest first."""
    with store.reading() as db:
        known = db.scalars(select(CheckpointRow.name).order_by(CheckpointRow.id.desc())).all()
        used = db.scalars(select(DecisionRow.checkpoint).distinct()).all()
    return tuple(dict.fromkeys((*known, *sorted(name for name in used if name not in ("", "none")))))


def _newest(db: Session, name: str) -> tuple[CheckpointRow, str] | None:
    query = select(CheckpointRow, SessionRow.name).join(SessionRow, SessionRow.id == CheckpointRow.session_id)
    row = db.execute(query.where(CheckpointRow.name == name).order_by(CheckpointRow.id.desc()).limit(1)).first()
    return None if row is None else (row[0], row[1])


def _ancestors(db: Session, checkpoint: CheckpointRow) -> tuple[str, ...]:
    """Names from the parent on, as far as the record knows them."""
    found: list[str] = []
    parent = checkpoint.parent
    while parent is not None and parent not in found:
        found.append(parent)
        row = _newest(db, parent)
        parent = row[0].parent if row else None
    return tuple(found)
