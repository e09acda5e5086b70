"""Failures for which no rule was found, as the reason why: too few of them, nothing that sets them apart, or steps that contradict.

Two steps contradict when every condition that a rule could be made of says the same of both, and one failed and the other did not.
"""

from typing import Literal

import numpy as np
from pydantic import Field

from siren.core.values import Value

NAMED = 5  # contradicting pairs told
SHARE = 0.5  # of the unexplained failures, from which on contradictions are the reason

Kind = Literal["too_few_failures", "nothing_else", "no_separating_feature", "contradicting_pairs"]


class Place(Value):
    """A step of an episode."""

    episode: int
    step: int


class Pair(Value):
    """Two steps alike in all that a rule could say; the first failed, the second did not."""

    failed: Place
    fine: Place


class Silence(Value):
    """Why there is no rule."""

    kind: Kind
    failures: int = Field(description="that no rule explains")
    needed: int = Field(description="failures that a rule has to explain at least")
    pairs: tuple[Pair, ...] = Field(default=(), description="some contradicting pairs")
    contradicted: int = Field(default=0, description="failures that have a step alike which went well")

    def __str__(self) -> str:
        if self.kind == "too_few_failures":
            return f"{self.failures} failures, at least {self.needed} needed"
        if self.kind == "nothing_else":
            return "every step failed, so nothing can be told apart"
        if self.kind == "contradicting_pairs":
            told = "; ".join(
                f"episode {pair.failed.episode} step {pair.failed.step} failed, episode {pair.fine.episode} step {pair.fine.step} did not"
                for pair in self.pairs
            )
            return f"{self.contradicted} of {self.failures} failures have a twin that went well: {told}"
        return f"no feature separates the {self.failures} failures from the other steps well enough to pay for its own length"


def why_silent(columns: np.ndarray, failed: np.ndarray, fine: np.ndarray, places: list[Place], needed: int) -> Silence:
    """The reason. columns: bool (F, M); failed: bool (M,), failures left unexplained; fine: bool (M,), steps that went well."""
    count = int(failed.sum())
    if count < needed:
        return Silence(kind="too_few_failures", failures=count, needed=needed)
    if not fine.any():
        return Silence(kind="nothing_else", failures=count, needed=needed)
    packed = np.packbits(columns, axis=0).T
    looks = [row.tobytes() for row in packed]
    well = {looks[index]: index for index in reversed(np.nonzero(fine)[0].tolist())}
    twins = [(index, well[looks[index]]) for index in np.nonzero(failed)[0].tolist() if looks[index] in well]
    if len(twins) >= SHARE * count:
        pairs = tuple(Pair(failed=places[one], fine=places[other]) for one, other in twins[:NAMED])
        return Silence(kind="contradicting_pairs", failures=count, needed=needed, pairs=pairs, contradicted=len(twins))
    return Silence(kind="no_separating_feature", failures=count, needed=needed, contradicted=len(twins))
