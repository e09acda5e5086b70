"""A session small enough for a story, somebody who keeps a diary of it, and what is on record afterwards."""

from pathlib import Path

from siren.config import SessionConfig
from siren.core.episode import Episode
from siren.loop.jobs import MiningNews, TrainingNews, Work
from siren.loop.session import Session
from siren.loop.start import new_session, old_session, place
from siren.memory.store import Store

SMALL = SessionConfig(name="small", rounds=2, episodes=4, probes=2, burn_in=1, held_out=2, audit=3, train=False)


class Diary:
    """A listener that remembers, and may pull the plug."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.episodes = 0
        self.phases: list[tuple[str, int, int]] = []
        self.mined_rounds: list[int] = []
        self.told: list[str] = []
        self.work: list[Work] = []
        self._stop_after = stop_after

    def phase(self, name: str, turn: int, tasks: int) -> None:
        self.phases.append((name, turn, tasks))
        self.told.append(f"{name} {turn}")

    def episode(self, episode: Episode) -> None:
        assert episode.id is not None
        self.episodes += 1
        if self.episodes >= self._stop_after:
            raise KeyboardInterrupt

    def mined(self, turn: int, news: MiningNews) -> None:
        self.mined_rounds.append(turn)
        self.told.append(f"mined {turn}")

    def worked(self, name: str, turn: int, work: Work) -> None:
        self.work.append(work)

    def trained(self, turn: int, news: TrainingNews) -> None:
        raise AssertionError("this session does not train")


def session(home: Path, diary: Diary, config: SessionConfig = SMALL, *, resume: bool = False) -> tuple[Session, Store]:
    store = Store.open(home)
    config = old_session("", home, store) if resume else new_session(config, home, store)
    return Session(config, home, store, place(config, home), diary), store


def told(store: Store) -> list[tuple[object, ...]]:
    """What is on record, without ids and times."""
    rows = [
        (episode.round, episode.use, episode.task.seed, episode.attempt, str(episode.decision.plan), episode.outcome.state_hash)
        for episode in store.episodes("small")
    ]
    return sorted(rows)
