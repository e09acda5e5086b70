"""Counts as honest numbers: Wilson's score interval, the exact paired test, and Holm's correction for many of them."""

import math
from collections.abc import Sequence


def wilson(successes: int, trials: int, z: float = 1.96) -> tuple[float, float]:
    """Score interval for a proportion (Wilson, 1927), by default at 95 %. No trials: (0, 1)."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    centre, scale = share + z * z / (2 * trials), 1 + z * z / trials
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided exact p value of a paired comparison with that many changes each way (McNemar, 1947)."""
    changed = gained + lost
    if changed == 0:
        return 1.0
    tail: float = sum(math.comb(changed, count) for count in range(min(gained, lost) + 1)) / 2**changed
    return min(1.0, 2 * tail)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """The p values of tests that were made together, corrected so that one false alarm among all stays rare (Holm, 1979). Same order."""
    corrected, highest = [1.0] * len(p_values), 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        corrected[index] = highest
    return tuple(corrected)
