"""Few steps as evidence all the same: each step is judged by rules that were learned without it, and no step is kept from the search.

Where three steps in ten are held out, fifty steps leave fifteen to judge by, and what is right cannot be told from what is lucky. Here the
scenes are dealt into folds; for each fold the search is made again on the others, and what it finds there is judged on the fold. A rule
found on all steps is accepted on what its likes, found without the fold, came to in the folds; and only if whatever the search finds
without a fold is right there as well. A rule that was fitted to the very steps that bear it out does not pass the second test.

Where steps are many it is done for what is strong and holds in no held-out step: scenes are held out by chance, rare cases perhaps in none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from siren.core.statistics import wilson
from siren.learning.tally import cases, share
from siren.learning.vetting import Z, bar, mixed

FEW = 120  # steps of a case up to which this is done
FOLDS = 8
BROAD = 4  # folds where steps are many: three quarters of them teach as well, and the search is what takes time
LIKE = 0.7  # overlap (intersection over union) from which a rule found without a fold counts as the same rule,
BROADLY_LIKE = 0.5  # and where folds are broad: a limit moves farther when a quarter of the failures is missing than when an eighth is
LEAST = 7  # failures that its likes have to foresee: on labels of pure noise six of six came up once in 50 runs of 50 steps
FOUND = 0.6  # share of the folds without which it has to be found


@dataclass(frozen=True)
class Crossed:
    """What was found without each fold, and whether the search is to be trusted here at all."""

    folds: np.ndarray  # int (M,)
    covers: tuple[tuple[np.ndarray, ...], ...]  # by fold: on which rows of the case each rule holds, bool (M,)
    labels: np.ndarray
    units: np.ndarray  # int (M,), what they are counted by
    trusted: bool

    def judged(self, covered: np.ndarray) -> tuple[int, int]:
        """Failures and other steps where the likes of a rule hold, each counted in the fold that they were found without."""
        least = BROADLY_LIKE if len(self.covers) == BROAD else LIKE
        hits = misses = found = 0
        for fold, covers in enumerate(self.covers):
            inside = self.folds == fold
            like = max(covers, key=lambda cover: _overlap(cover[~inside], covered[~inside]), default=None)
            if like is None or _overlap(like[~inside], covered[~inside]) < least:
                continue
            found += 1
            hits += cases(like & inside & self.labels, self.units)
            misses += cases(like & inside & ~self.labels, self.units)
        enough = found >= FOUND * len(self.covers) and hits >= LEAST
        return (hits, misses) if self.trusted and enough else (0, 0)


_NONE = np.zeros(0, dtype=np.int64)
NOTHING = Crossed(_NONE, (), _NONE.astype(bool), _NONE, trusted=False)  # nothing was sought, so nothing is judged


def fold_of(seed: int, folds: int = FOLDS) -> int:
    """The fold of a scene. A hash of the seed, so that all probes of a scene share it."""
    return mixed(seed) * folds // 1000


def cross(scenes: np.ndarray, units: np.ndarray, labels: np.ndarray, learn: Callable[[np.ndarray], Sequence[np.ndarray]]) -> Crossed:
    """Learn without each fold. scenes: int (M,), their seeds; units: int (M,), what steps are counted by; labels: bool (M,).

    learn: which rows teach, bool (M,), to on which rows each rule found holds, bool (M,).
    """
    count = FOLDS if len(labels) <= FEW else BROAD
    folds = np.array([fold_of(seed, count) for seed in scenes.tolist()], dtype=np.int64)
    covers = tuple(tuple(learn(folds != fold)) for fold in range(count))
    hits = misses = 0
    for fold, found in enumerate(covers):
        flagged = np.any(found, axis=0) & (folds == fold) if found else np.zeros(len(labels), dtype=bool)
        hits, misses = hits + cases(flagged & labels, units), misses + cases(flagged & ~labels, units)
    return Crossed(folds, covers, labels, units, wilson(hits, hits + misses, Z)[0] >= bar(share(labels, units)))


def _overlap(one: np.ndarray, other: np.ndarray) -> float:
    union = int((one | other).sum())
    return int((one & other).sum()) / union if union else 0.0
