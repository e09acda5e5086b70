"""A new task's object and skill as the past failures most like it, newest first."""

from sqlalchemy import case, or_, select

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
