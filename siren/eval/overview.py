"""Sessions as a list: which run, which can be gone on with, and how far each came. Reads counts, no episodes."""

from datetime import datetime

from pydantic import Field

from siren.config import SessionConfig
from siren.core.values import Value
from siren.eval.audit import Share
from siren.memory.overview import tally
from siren.memory.store import Store


class Overview(Value):
    """One session from afar."""

    name: str
    state: str = Field(description="running (with the number of its process), finished, or stopped in round N")
    created: datetime
    rounds: int = Field(description="committed when the session is finished: practice, and one before and one after")
    rounds_done: int
    episodes: int
    before: Share
    after: Share


def overview(store: Store, name: str, driver: int | None) -> Overview:
    """`driver`: the process that runs it now, if any."""
    record = store.session(name)
    config = SessionConfig.model_validate_json(record.config)
    (done, rounds), told = _progress(store, config), tally(store, name)

    def success(turn: int) -> Share:
        rows = [one for one in told if (one.round, one.use) == (turn, "evaluate")]
        return Share(count=sum(one.successes for one in rows), trials=sum(one.episodes for one in rows))

    return Overview(
        name=name,
        state=_state(done, rounds, driver),
        created=record.created,
        rounds=rounds,
        rounds_done=done,
        episodes=sum(one.episodes for one in told),
        before=success(0),
        after=success(config.rounds + 1),
    )


def state_of(store: Store, name: str, driver: int | None) -> str:
    """The state of a session alone, without counting its episodes."""
    return _state(*_progress(store, SessionConfig.model_validate_json(store.session(name).config)), driver)


def _progress(store: Store, config: SessionConfig) -> tuple[int, int]:
    """Rounds that are committed, and all there are to be."""
    committed = store.last_committed_round(config.name)
    return (committed.number + 1 if committed else 0), config.rounds + 2


def _state(done: int, rounds: int, driver: int | None) -> str:
    if driver is not None:
        return f"running ({driver})"
    return "finished" if done >= rounds else f"stopped in round {done}"
