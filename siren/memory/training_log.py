"""Training batches and checkpoints as rows, and back: what the weights learned from, and which weights are in use.

Every function works inside the transaction of the connection it is given.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from siren.core.errors import StoreError
from siren.memory.records import Batch, CheckpointRecord, Sample
from siren.memory.tables import BatchRow, BatchSampleRow, CheckpointRow, EpisodeRow, SessionRow


def write_batch(db: Session, session_id: int, number: int, checkpoint: str, samples: Sequence[Sample]) -> int:
    """Record what one fine-tuning run was fed, and return the batch's id. The same samples twice are one batch."""
    text = "\n".join(sample.model_dump_json() for sample in samples)
    digest = hashlib.sha256(text.encode()).hexdigest()
    same = select(BatchRow.id).where(BatchRow.session_id == session_id, BatchRow.round == number)
    found = db.scalar(same.where(BatchRow.checkpoint == checkpoint, BatchRow.sha256 == digest))
    if found is not None:
        return found
    for missing in {sample.episode for sample in samples if sample.episode is not None}:
        if db.get(EpisodeRow, missing) is None:
            raise StoreError(f"a training sample names episode {missing}, which is not in the store; record the episode first")
    created = datetime.now(UTC).isoformat()
    batch = BatchRow(session_id=session_id, round=number, checkpoint=checkpoint, sha256=digest, created=created)
    db.add(batch)
    db.flush()
    db.add_all(
        BatchSampleRow(
            batch_id=batch.id, position=position, source=row.source, episode_id=row.episode, instruction=row.instruction, text=row.text
        )
        for position, row in enumerate(samples)
    )
    return batch.id


def read_batches_of(db: Session, episode: int) -> tuple[Batch, ...]:
    """The batches that used a sample of that episode, oldest first, each with only the samples of that episode."""
    query = select(BatchRow, SessionRow.name).join(SessionRow, SessionRow.id == BatchRow.session_id)
    query = query.where(BatchRow.id.in_(select(BatchSampleRow.batch_id).where(BatchSampleRow.episode_id == episode)))
    return tuple(
        Batch(id=row.id, session=name, round=row.round, checkpoint=row.checkpoint, samples=_samples(db, row.id, episode))
        for row, name in db.execute(query.order_by(BatchRow.id))
    )


def write_checkpoint(db: Session, session_id: int, number: int, record: CheckpointRecord) -> None:
    """Record weights. The same name again must be the same weights; only whether they are published, and why, may change."""
    row = db.scalar(select(CheckpointRow).where(CheckpointRow.session_id == session_id, CheckpointRow.name == record.name))
    if row is not None and row.sha256 != record.sha256:
        raise StoreError(
            f"checkpoint '{record.name}' is recorded with sha256 {row.sha256[:12]}, got {record.sha256[:12]}; give new weights a new name"
        )
    if row is None:
        row = CheckpointRow(
            session_id=session_id, round=number, name=record.name, sha256=record.sha256, created=datetime.now(UTC).isoformat()
        )
        db.add(row)
    row.path, row.parent, row.published, row.reason = str(record.path), record.parent, record.published, record.reason


def read_checkpoints(db: Session, session_id: int) -> tuple[CheckpointRecord, ...]:
    """All weights of a session, oldest first."""
    rows = db.scalars(select(CheckpointRow).where(CheckpointRow.session_id == session_id).order_by(CheckpointRow.id))
    return tuple(
        CheckpointRecord(
            name=row.name, path=Path(row.path), sha256=row.sha256, parent=row.parent, published=row.published, reason=row.reason
        )
        for row in rows
    )


def _samples(db: Session, batch: int, episode: int) -> tuple[Sample, ...]:
    query = select(BatchSampleRow).where(BatchSampleRow.batch_id == batch, BatchSampleRow.episode_id == episode)
    return tuple(
        Sample.model_validate({"source": row.source, "instruction": row.instruction, "text": row.text, "episode": row.episode_id})
        for row in db.scalars(query.order_by(BatchSampleRow.position))
    )
