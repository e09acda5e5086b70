"""A new task's object and skill as the past failures most like it, newest first."""

from sqlalchemy import case, func, or_, select

from siren.core.episode import Episode
from siren.core.plan import Skill
from siren.memory.rows import read_episode
from siren.memory.store import Store
from siren.memory.tables import EpisodeRow, SessionRow


def similar_failures(store: Store, session: str, object: str, skill: Skill, limit: int = 5) -> tuple[Episode, ...]:
    """Failed episodes whose root cause befell that object, or that skill on another object.

    Same object and same skill come first, then the same object, then the same skill; within each the newest first.
    """
    same_object, same_skill = EpisodeRow.root_object == object, EpisodeRow.root_skill == skill
    likeness = case((same_object & same_skill, 0), (same_object, 1), else_=2)
    query = select(EpisodeRow).join(SessionRow, SessionRow.id == EpisodeRow.session_id)
    query = query.where(SessionRow.name == store.session(session).name, EpisodeRow.success.is_(False), or_(same_object, same_skill))
    with store.reading() as db:
        return tuple(read_episode(row) for row in db.scalars(query.order_by(likeness, EpisodeRow.id.desc()).limit(limit)))


def failures_of_kind(
    store: Store, session: str, kind: str, skill: str, object: str, before: int, limit: int
) -> tuple[Episode | None, tuple[Episode, ...], int]:
    """Failures that began with that kind of event at that skill, of ids under `before`: the first, `limit` of the others, and how many.

    Of the others those that befell the object come first, then the newest.
    """
    likeness = case((EpisodeRow.root_object == object, 0), else_=1)
    number = select(SessionRow.id).where(SessionRow.name == store.session(session).name).scalar_subquery()
    wanted = (
        EpisodeRow.session_id == number,
        EpisodeRow.id < before,
        EpisodeRow.root_kind == kind,
        EpisodeRow.root_skill == skill,
    )
    with store.reading() as db:
        total = db.scalar(select(func.count()).select_from(EpisodeRow).where(*wanted)) or 0
        first = db.scalar(select(EpisodeRow).where(*wanted).order_by(EpisodeRow.id).limit(1))
        rows = db.scalars(select(EpisodeRow).where(*wanted).order_by(likeness, EpisodeRow.id.desc()).limit(limit)).all()
        return (read_episode(first) if first else None), tuple(map(read_episode, rows)), total
