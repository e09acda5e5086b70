"""A session's counted episodes as what a page says of it: shares by round and use, causes, and whether it is under way."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from siren.memory.browse import Tally, rounds_of
from siren.memory.records import RoundRecord, SessionRecord
from siren.memory.store import Store


class Share(NamedTuple):
    """Successes among trials."""

    successes: int
    trials: int

    def __str__(self) -> str:
        return f"{self.successes} of {self.trials}" if self.trials else "none"

    @property
    def percent(self) -> str:
        return f"{100 * self.successes / self.trials:.0f} %" if self.trials else "–"


class Summary(NamedTuple):
    """One session."""

    name: str
    begun: datetime
    rounds: tuple[RoundRecord, ...]
    shares: dict[tuple[int, str], Share]  # by round and use
    causes: dict[tuple[int, str], Counter[str]]
    figures: dict[int, dict[str, float]]  # what the driver recorded for each round

    @property
    def episodes(self) -> int:
        return sum(share.trials for share in self.shares.values())

    @property
    def under_way(self) -> bool:
        """A round was begun and not ended: it runs, or it was stopped in the middle."""
        return any(turn.committed is None for turn in self.rounds) and not self.name.startswith("by-hand")

    @property
    def practice(self) -> tuple[tuple[int, int, int], ...]:
        """(round, successes, trials) of the agent's own practice."""
        return tuple((number, *share) for (number, use), share in sorted(self.shares.items()) if use == "collect")

    @property
    def evaluations(self) -> tuple[tuple[int, Share], ...]:
        """Held-out tasks, the first time and the last."""
        found = [(number, share) for (number, use), share in sorted(self.shares.items()) if use == "evaluate"]
        return (found[0], found[-1]) if len(found) > 1 else tuple(found)

    @property
    def uses(self) -> tuple[str, ...]:
        return tuple(sorted({use for _, use in self.shares}))

    def share(self, number: int, use: str) -> Share:
        return self.shares.get((number, use), Share(0, 0))

    def failures(self, use: str, number: int | None = None) -> Counter[str]:
        """What went wrong first, among episodes of that use."""
        counts = (found for (turn, kind), found in self.causes.items() if kind == use and number in (None, turn))
        return sum(counts, Counter())


def summarise(store: Store, record: SessionRecord, tally: Tally) -> Summary:
    """A session with its episodes counted."""
    shares = {key: Share(tally.successes[key], count) for key, count in tally.trials.items()}
    causes = {key: Counter(found) for key, found in tally.causes.items()}
    return Summary(record.name, record.created, rounds_of(store, record.name), shares, causes, store.metrics(record.name))
