"""A session as counts: how many episodes of each use in each round, and how many of them succeeded. One query, no episode is read."""

from sqlalchemy import Integer, cast, func, select

from siren.core.values import Value
from siren.memory.store import Store
from siren.memory.tables import EpisodeRow, SessionRow


class Tally(Value):
    """Episodes of one use in one round."""

    round: int
    use: str
    family: str
    episodes: int
    successes: int


def tally(store: Store, session: str) -> tuple[Tally, ...]:
    """By round, use and family of the task. Raises StoreError for an unknown session."""
    name = store.session(session).name
    key = (EpisodeRow.round, EpisodeRow.use, EpisodeRow.family)
    query = select(*key, func.count(), func.sum(cast(EpisodeRow.success, Integer))).join(SessionRow, SessionRow.id == EpisodeRow.session_id)
    with store.reading() as db:
        rows = db.execute(query.where(SessionRow.name == name).group_by(*key).order_by(*key))
        return tuple(Tally(round=row[0], use=row[1], family=row[2], episodes=row[3], successes=row[4]) for row in rows)
