"""Rules and their evidence as rows, and back: every wording, what was thought of it, why that changed, and which steps taught it.

Every function works inside the transaction of the connection it is given. A wording is written once and never changed.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from siren.core.errors import StoreError
from siren.core.rule import Rule
from siren.memory.records import Evidence, RuleTransition, RuleVersion
from siren.memory.tables import (
    DecisionRow,
    EpisodeRow,
    RulebookRow,
    RuleEvidenceRow,
    RuleRow,
    RuleStandingRow,
    RuleTransitionRow,
    RuleVersionRow,
    SessionRow,
)

AUTHORS = {"core": "core", "mined": "miner", "person": "person"}
RULES = TypeAdapter(tuple[Rule, ...])


def write_rules(db: Session, session_id: int, number: int, rules: Iterable[Rule], evidence: Iterable[Evidence]) -> None:
    """Record how the rules stand at the end of a round. A new version is made only where text or sentence changed."""
    versions = {rule.id: _version_for(db, session_id, number, rule) for rule in rules}
    for rule_id, episode, step, polarity in sorted({(row.rule, row.episode, row.step, row.polarity) for row in evidence}):
        version = versions.get(rule_id) or _newest(db, session_id, rule_id)
        if version is None:
            raise StoreError(f"evidence names rule '{rule_id}', which this session has not recorded; record the rule first")
        if db.get(EpisodeRow, episode) is None:
            raise StoreError(f"evidence for rule '{rule_id}' names episode {episode}, which is not in the store; record the episode first")
        db.merge(RuleEvidenceRow(version_id=version.id, episode_id=episode, step=step, polarity=polarity))


def write_rulebook(db: Session, digest: str, rules: Iterable[Rule]) -> None:
    """Keep all rules in force under their hash. A hash that is there already is left alone."""
    if db.get(RulebookRow, digest) is None:
        db.add(RulebookRow(hash=digest, created=datetime.now(UTC).isoformat(), value=RULES.dump_json(tuple(rules)).decode()))


def read_rulebook(db: Session, digest: str) -> tuple[Rule, ...] | None:
    """The rules that had that hash, or None when they were never recorded."""
    row = db.get(RulebookRow, digest)
    return RULES.validate_json(row.value) if row else None


def read_newest_rulebook(db: Session) -> tuple[Rule, ...]:
    """The rules of the newest decision (by its number: a clock may be set back), else those that were kept last; none when none were."""
    used = select(RulebookRow).join(DecisionRow, DecisionRow.rulebook == RulebookRow.hash).order_by(DecisionRow.episode_id.desc()).limit(1)
    row = db.scalar(used) or db.scalar(select(RulebookRow).order_by(RulebookRow.created.desc()).limit(1))
    return RULES.validate_json(row.value) if row else ()


def read_history(db: Session, rule_id: str, session: str | None) -> tuple[RuleVersion, ...]:
    """All wordings of a rule, oldest first, each with its last standing. Raises StoreError for an unknown rule."""
    rule = _rule_row(db, rule_id, session)
    rows = db.scalars(select(RuleVersionRow).where(RuleVersionRow.rule_id == rule.id).order_by(RuleVersionRow.number)).all()
    return tuple(_read_version(db, row, rows) for row in rows)


def read_standing(db: Session, session_id: int, before: int) -> tuple[Rule, ...]:
    """Every rule as it stood when the rounds before that one had ended, by id."""
    query = select(RuleStandingRow).join(RuleVersionRow, RuleVersionRow.id == RuleStandingRow.version_id)
    query = query.join(RuleRow, RuleRow.id == RuleVersionRow.rule_id)
    query = query.where(RuleRow.session_id == session_id, RuleStandingRow.round < before)
    rows = db.scalars(query.order_by(RuleStandingRow.round, RuleVersionRow.number))
    latest = {rule.id: rule for rule in (Rule.model_validate_json(row.value) for row in rows)}
    return tuple(latest[name] for name in sorted(latest))


def read_transitions(db: Session, rule_id: str, session: str | None) -> tuple[RuleTransition, ...]:
    """Every change of the rule, oldest first. Raises StoreError for an unknown rule."""
    rule = _rule_row(db, rule_id, session)
    query = select(RuleTransitionRow, RuleVersionRow.number).join(RuleVersionRow, RuleVersionRow.id == RuleTransitionRow.version_id)
    rows = db.execute(query.where(RuleVersionRow.rule_id == rule.id).order_by(RuleTransitionRow.id))
    names = ("round", "before", "after", "author", "reason", "created")
    return tuple(
        RuleTransition.model_validate({"rule": rule_id, "version": number, **{name: getattr(row, name) for name in names}})
        for row, number in rows
    )


def read_evidence(db: Session, rule_id: str, session: str | None, text: str | None) -> tuple[Evidence, ...]:
    """The steps that speak for or against the rule in that wording (None: as it is now), oldest episode first."""
    rule = _rule_row(db, rule_id, session, text)
    version = _newest(db, rule.session_id, rule_id, text)
    if version is None:
        return ()
    same = select(RuleVersionRow.id).where(RuleVersionRow.rule_id == rule.id, RuleVersionRow.text == version.text)
    order = (RuleEvidenceRow.episode_id, RuleEvidenceRow.step)
    columns = select(*order, RuleEvidenceRow.polarity).where(RuleEvidenceRow.version_id.in_(same)).distinct()
    rows = db.execute(columns.order_by(*order))
    return tuple(
        Evidence.model_validate({"rule": rule_id, "episode": row.episode_id, "step": row.step, "polarity": row.polarity}) for row in rows
    )


def read_lessons(db: Session, episode: int) -> tuple[Evidence, ...]:
    """The rules that an episode speaks for or against, in any wording, by rule and step."""
    query = select(RuleRow.name, RuleEvidenceRow.step, RuleEvidenceRow.polarity).distinct()
    query = query.join(RuleVersionRow, RuleVersionRow.id == RuleEvidenceRow.version_id).join(RuleRow, RuleRow.id == RuleVersionRow.rule_id)
    rows = db.execute(query.where(RuleEvidenceRow.episode_id == episode).order_by(RuleRow.name, RuleEvidenceRow.step))
    return tuple(Evidence.model_validate({"rule": name, "episode": episode, "step": step, "polarity": side}) for name, step, side in rows)


def _version_for(db: Session, session_id: int, number: int, rule: Rule) -> RuleVersionRow:
    newest = _newest(db, session_id, rule.id)
    last = None if newest is None else Rule.model_validate_json(_last_standing(db, newest).value)
    if newest is None or last is None or (newest.text, last.sentence) != (rule.text, rule.sentence):
        newest = _add_version(db, session_id, number, rule, newest)
    _note_transition(db, newest, number, last, rule)
    standing = RuleStandingRow(
        version_id=newest.id,
        round=number,
        status=rule.status,
        support=rule.support,
        against=rule.against,
        confidence=rule.confidence,
        value=rule.model_dump_json(),
    )
    db.merge(standing)
    return newest


def _note_transition(db: Session, version: RuleVersionRow, number: int, last: Rule | None, rule: Rule) -> None:
    """What is on record says what has changed, not who hands the rules in: recording them twice notes nothing twice."""
    before = None if last is None else last.status
    pinned, banned = ("", "") if last is None else (last.pinned, last.banned)
    if (before, pinned, banned) == (rule.status, rule.pinned, rule.banned):
        return
    wishes = (("pinned", pinned, rule.pinned), ("banned", banned, rule.banned))
    told = [f"{word} by {now}" if now else f"no longer {word} by {was}" for word, was, now in wishes if was != now]
    row = RuleTransitionRow(
        version_id=version.id,
        round=number,
        before=before,
        after=rule.status,
        author=next((now for _, was, now in wishes if now and was != now), AUTHORS[rule.origin]),
        reason="; ".join([*told, *([rule.reason] if rule.reason and before != rule.status else [])]),
        created=datetime.now(UTC).isoformat(),
    )
    db.add(row)


def _add_version(db: Session, session_id: int, number: int, rule: Rule, parent: RuleVersionRow | None) -> RuleVersionRow:
    row = db.scalar(select(RuleRow).where(RuleRow.session_id == session_id, RuleRow.name == rule.id))
    if row is None:
        row = RuleRow(session_id=session_id, name=rule.id)
        db.add(row)
        db.flush()
    version = RuleVersionRow(
        rule_id=row.id,
        number=parent.number + 1 if parent else 1,
        text=rule.text,
        sha256=hashlib.sha256(rule.text.encode()).hexdigest(),
        parent_id=parent.id if parent else None,
        author=AUTHORS[rule.origin],
        born_round=number,
        created=datetime.now(UTC).isoformat(),
    )
    db.add(version)
    db.flush()
    return version


def _newest(db: Session, session_id: int, rule_id: str, text: str | None = None) -> RuleVersionRow | None:
    query = select(RuleVersionRow).join(RuleRow, RuleRow.id == RuleVersionRow.rule_id)
    query = query.where(RuleRow.session_id == session_id, RuleRow.name == rule_id)
    if text is not None:
        query = query.where(RuleVersionRow.text == text)
    return db.scalar(query.order_by(RuleVersionRow.number.desc()).limit(1))


def _rule_row(db: Session, rule_id: str, session: str | None, text: str | None = None) -> RuleRow:
    """The rule of that session, or of the newest session that has one of that id (and, when given, in that wording)."""
    query = select(RuleRow).join(SessionRow, SessionRow.id == RuleRow.session_id).where(RuleRow.name == rule_id)
    if session is not None:
        query = query.where(SessionRow.name == session)
    if text is not None:
        query = query.where(RuleRow.id.in_(select(RuleVersionRow.rule_id).where(RuleVersionRow.text == text)))
    row = db.scalar(query.order_by(RuleRow.session_id.desc()).limit(1))
    if row is None:
        where = f"session '{session}'" if session else "any session"
        raise StoreError(f"no rule '{rule_id}' is recorded in {where}; `siren rules list` shows those that exist")
    return row


def _read_version(db: Session, row: RuleVersionRow, rows: Sequence[RuleVersionRow]) -> RuleVersion:
    last = _last_standing(db, row)
    numbers = {other.id: other.number for other in rows}
    return RuleVersion(
        number=row.number,
        text=row.text,
        sha256=row.sha256,
        parent=numbers[row.parent_id] if row.parent_id is not None else None,
        author=row.author,
        round=row.born_round,
        created=datetime.fromisoformat(row.created),
        rule=Rule.model_validate_json(last.value),
    )


def _last_standing(db: Session, version: RuleVersionRow) -> RuleStandingRow:
    standing = select(RuleStandingRow).where(RuleStandingRow.version_id == version.id).order_by(RuleStandingRow.round.desc()).limit(1)
    return db.scalars(standing).one()
