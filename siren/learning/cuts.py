"""Measured numbers and labels as the few places where a number could be cut, each at the roundest number of its gap.

Whole millimetres.
"""

import numpy as np


def cut_points(values: np.ndarray, labels: np.ndarray, limit: int) -> list[int]:
    """Up to `limit` cuts c, best first, such that `value >= c` tells failures from the rest. values: int (M,); labels: bool (M,)."""
    distinct, where = np.unique(values, return_inverse=True)
    if len(distinct) < 2 or not labels.any() or labels.all():
        return []
    total = np.bincount(where, minlength=len(distinct))
    failed = np.bincount(where, weights=labels, minlength=len(distinct))
    share = failed / total
    below, below_failed = np.cumsum(total)[:-1], np.cumsum(failed)[:-1]
    left = below * _entropy(below_failed / below)
    above, above_failed = total.sum() - below, failed.sum() - below_failed
    left = left + above * _entropy(above_failed / above)
    # Between two values with the same share of failures a cut is never the best one (Fayyad and Irani, 1992).
    boundary = np.nonzero(share[:-1] != share[1:])[0]
    best = boundary[np.argsort(left[boundary], kind="stable")][: 4 * limit]
    cuts = [roundest(int(distinct[i]) + 1, int(distinct[i + 1])) for i in best]
    return list(dict.fromkeys(cuts))[:limit]


def roundest(low: int, high: int) -> int:
    """The roundest whole number in low..high: a multiple of 50, 10 or 5 if there is one, else the middle."""
    middle = (low + high) / 2
    for step in (50, 10, 5):
        inside = [value for value in range(low + (-low) % step, high + 1, step)]
        if inside:
            return min(inside, key=lambda value: (abs(value - middle), value))
    return (low + high) // 2


def _entropy(share: np.ndarray) -> np.ndarray:
    """Bits of a coin with that share of heads, elementwise."""
    inside = np.clip(share, 1e-12, 1 - 1e-12)
    return np.asarray(-(inside * np.log2(inside) + (1 - inside) * np.log2(1 - inside)))
