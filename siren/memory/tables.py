"""The record as tables: sessions, rounds, episodes and all that hangs on them, typed for SQLAlchemy 2.

An episode's frozen value is kept whole as JSON text (`value`), so that it comes back exactly; the columns beside it exist to
be asked about. Times are ISO 8601 in UTC as text, because SQLite would drop the zone. The tables that exist in a file are
made by `migrations/`, never from here; a test holds the two equal. This file knows no queries.
"""

from sqlalchemy import BigInteger, Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Holds the metadata of all tables."""


class SessionRow(Base):
    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created: Mapped[str] = mapped_column(String(40))
    config: Mapped[str] = mapped_column(Text)


class RoundRow(Base):
    __tablename__ = "rounds"

    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    begun: Mapped[str] = mapped_column(String(40))
    committed: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(Text)


class MetricRow(Base):
    __tablename__ = "metrics"

    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    value: Mapped[float] = mapped_column(Float)


class EpisodeRow(Base):
    __tablename__ = "episodes"
    __table_args__ = (
        UniqueConstraint("session_id", "round", "seed", "attempt", "use", name="one_delivery"),
        Index("episodes_by_root", "session_id", "root_object", "root_skill"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    round: Mapped[int] = mapped_column(Integer)
    seed: Mapped[int] = mapped_column(BigInteger)
    attempt: Mapped[int] = mapped_column(Integer)
    use: Mapped[str] = mapped_column(String(20))
    family: Mapped[str] = mapped_column(String(20))
    split: Mapped[str] = mapped_column(String(40))
    instruction: Mapped[str] = mapped_column(Text)
    goal_relation: Mapped[str] = mapped_column(String(10))
    goal_object: Mapped[str] = mapped_column(String(60))
    goal_target: Mapped[str | None] = mapped_column(String(60))
    success: Mapped[bool] = mapped_column(Boolean)
    goal_reached: Mapped[bool] = mapped_column(Boolean)
    ticks: Mapped[int] = mapped_column(Integer)
    state_hash: Mapped[str] = mapped_column(String(64))
    root_kind: Mapped[str | None] = mapped_column(String(40))
    root_step: Mapped[int | None] = mapped_column(Integer)
    root_skill: Mapped[str | None] = mapped_column(String(20))
    root_object: Mapped[str | None] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Text)


class StepRow(Base):
    __tablename__ = "steps"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    skill: Mapped[str] = mapped_column(String(20))
    object: Mapped[str] = mapped_column(String(60))
    relation: Mapped[str | None] = mapped_column(String(10))
    target: Mapped[str | None] = mapped_column(String(60))
    x: Mapped[float] = mapped_column(Float)
    y: Mapped[float] = mapped_column(Float)
    z: Mapped[float] = mapped_column(Float)
    yaw: Mapped[float] = mapped_column(Float)
    speed: Mapped[str] = mapped_column(String(10))
    force: Mapped[str] = mapped_column(String(10))


class EventRow(Base):
    __tablename__ = "events"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(40))
    step: Mapped[int] = mapped_column(Integer)
    phase: Mapped[str] = mapped_column(String(20))
    tick: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str | None] = mapped_column(String(60))


class DecisionRow(Base):
    __tablename__ = "decisions"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
    chosen: Mapped[int] = mapped_column(Integer)
    plan: Mapped[str] = mapped_column(Text)
    edits: Mapped[int] = mapped_column(Integer)
    repaired: Mapped[bool] = mapped_column(Boolean)
    rulebook: Mapped[str] = mapped_column(String(64), index=True)
    checkpoint: Mapped[str] = mapped_column(String(200))


class CandidateRow(Base):
    __tablename__ = "candidates"

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)
    score: Mapped[float] = mapped_column(Float)
    is_plan: Mapped[bool] = mapped_column(Boolean)
    judged: Mapped[bool] = mapped_column(Boolean)
    hard: Mapped[bool] = mapped_column(Boolean)
    weight: Mapped[float] = mapped_column(Float)


class VerdictRow(Base):
    """One violation. `rank` is the candidate's, or -1 for what a repair left broken."""

    __tablename__ = "verdicts"
    __table_args__ = (Index("verdicts_by_rule", "rule"),)

    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    rule: Mapped[str] = mapped_column(String(60))
    args: Mapped[str] = mapped_column(Text)
    step: Mapped[int] = mapped_column(Integer)


class RuleRow(Base):
    __tablename__ = "rules"
    __table_args__ = (UniqueConstraint("session_id", "name", name="one_rule"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    name: Mapped[str] = mapped_column(String(60))


class RuleVersionRow(Base):
    """One wording of a rule. Never changed once written."""

    __tablename__ = "rule_versions"
    __table_args__ = (UniqueConstraint("rule_id", "number", name="one_version"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    rule_id: Mapped[int] = mapped_column(ForeignKey("rules.id"))
    number: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("rule_versions.id"))
    author: Mapped[str] = mapped_column(String(40))
    born_round: Mapped[int] = mapped_column(Integer)
    created: Mapped[str] = mapped_column(String(40))


class RuleStandingRow(Base):
    """What was thought of a wording at the end of a round: status, counts, sentence; the whole rule as JSON text."""

    __tablename__ = "rule_standings"

    version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(20))
    support: Mapped[int] = mapped_column(Integer)
    against: Mapped[int] = mapped_column(Integer)
    confidence: Mapped[float] = mapped_column(Float)
    value: Mapped[str] = mapped_column(Text)


class RuleTransitionRow(Base):
    """A rule's way from one status to another, or a person's wish about it, with the reason. Never changed once written."""

    __tablename__ = "rule_transitions"
    __table_args__ = (Index("transitions_by_version", "version_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"))
    round: Mapped[int] = mapped_column(Integer)
    before: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(40))


class RuleEvidenceRow(Base):
    __tablename__ = "rule_evidence"
    __table_args__ = (Index("evidence_by_episode", "episode_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey("rule_versions.id"), primary_key=True)
    episode_id: Mapped[int] = mapped_column(ForeignKey("episodes.id"), primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    polarity: Mapped[str] = mapped_column(String(10))


class RulebookRow(Base):
    """All rules in force under one hash, so that an old decision can be judged again by the rules of its day."""

    __tablename__ = "rulebooks"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)


class BatchRow(Base):
    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("session_id", "round", "checkpoint", "sha256", name="one_batch"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    round: Mapped[int] = mapped_column(Integer)
    checkpoint: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    created: Mapped[str] = mapped_column(String(40))


class BatchSampleRow(Base):
    __tablename__ = "batch_samples"
    __table_args__ = (Index("samples_by_episode", "episode_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(20))
    episode_id: Mapped[int | None] = mapped_column(ForeignKey("episodes.id"))
    instruction: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class CheckpointRow(Base):
    __tablename__ = "checkpoints"
    __table_args__ = (UniqueConstraint("session_id", "name", name="one_checkpoint"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    round: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    parent: Mapped[str | None] = mapped_column(String(200))
    published: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(40))
