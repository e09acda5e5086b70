"""Old and new weights on the same tasks in the world, as a verdict: the last word before new weights are published.

The retention test asks pictures what the policy still knows. This one lets the whole agent act, because weights that know everything
may still act worse: in one session they had become gentle with heavy things and lost 14 of 150 tasks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from siren.core.episode import Episode, Use
from siren.core.statistics import mcnemar
from siren.learning.retention import worsened

INCUMBENT: Use = "incumbent"
CHALLENGER: Use = "challenger"


@dataclass(frozen=True)
class Trial:
    """Paired outcomes: `gained` tasks only the new weights did, `lost` only the old ones."""

    tasks: int
    gained: int
    lost: int

    @property
    def passed(self) -> bool:
        """Whether the new weights do no worse."""
        return not worsened(self.gained, self.lost)

    @property
    def reason(self) -> str:
        """One clause for people."""
        verdict = "no worse" if self.passed else "worse"
        tried = f"of {self.tasks} tasks that old and new weights tried, {self.gained} were gained and {self.lost} lost"
        return f"{verdict} in the world: {tried} (exact p = {mcnemar(self.gained, self.lost):.2f})"


def judge(episodes: Iterable[Episode]) -> Trial:
    """Both arms of a trial, matched by task. Tasks that only one arm tried do not count."""
    arms: dict[Use, dict[int, bool]] = {INCUMBENT: {}, CHALLENGER: {}}
    for episode in episodes:
        if episode.use in arms:
            arms[episode.use][episode.task.seed] = episode.outcome.success
    old, new = arms[INCUMBENT], arms[CHALLENGER]
    both = old.keys() & new.keys()
    return Trial(len(both), sum(new[seed] > old[seed] for seed in both), sum(old[seed] > new[seed] for seed in both))
