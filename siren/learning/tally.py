"""Steps counted by scene: up to three steps of one scene that say the same are one case.

A failed plan's probes run with the same things at the same places, seen with the same eye, so one thing taken for another speaks against a
rule in every one of them. Bounds on shares want trials that know nothing of each other; how much less clusters tell is the design
effect (Kish, Survey Sampling, 1965, chapter 5): with a correlation of a half within a scene three steps tell as much as one and a half
that stand alone, and six as 1.7. Counting in threes comes near to that and stays whole numbers, which bits can count.
"""

from collections.abc import Iterable

import numpy as np

TOGETHER = 3  # steps of a scene that count as one case

Bits = np.ndarray  # uint64 (..., TOGETHER, W): packed booleans, where the steps of a case share a column


def scenes_of(seeds: Iterable[int]) -> np.ndarray:
    """Seeds of any size as numbers that fit, int64 (M,)."""
    return np.array([seed & (2**63 - 1) for seed in seeds], dtype=np.int64)


def cases(rows: np.ndarray, scenes: np.ndarray) -> int:
    """How many cases some rows come to. rows: bool (M,); scenes: int (M,)."""
    _, steps = np.unique(scenes[rows], return_counts=True)
    return int(((steps + TOGETHER - 1) // TOGETHER).sum())


def share(labels: np.ndarray, scenes: np.ndarray) -> float:
    """Share of cases that failed. labels: bool (M,), True for a failure, at least one step; scenes: int (M,)."""
    failed, other = cases(labels, scenes), cases(~labels, scenes)
    return failed / (failed + other)


def pack(rows: np.ndarray, scenes: np.ndarray) -> Bits:
    """Boolean rows as bits that can be counted by `count`. rows: bool (F, M); scenes: int (M,)."""
    layer, column = _slots(scenes)
    width = (int(column.max(initial=-1)) + 64) // 64 * 64
    padded = np.zeros((len(rows), TOGETHER, width), dtype=bool)
    padded[:, layer, column] = rows
    return np.packbits(padded, axis=-1, bitorder="little").view(np.uint64)


def count(bits: Bits) -> np.ndarray:
    """Cases of which some step is set, int (...,)."""
    return np.asarray(np.bitwise_count(np.bitwise_or.reduce(bits, axis=-2)).sum(axis=-1).astype(np.int64))


def _slots(scenes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each step goes: which of its case it is, and the column of the case."""
    order = np.argsort(scenes, kind="stable")
    firsts = np.searchsorted(scenes[order], scenes[order], side="left")
    rank = np.empty(len(scenes), dtype=np.int64)
    rank[order] = np.arange(len(scenes)) - firsts
    _, column = np.unique(np.stack([scenes, rank // TOGETHER]), axis=1, return_inverse=True)
    return rank % TOGETHER, column.reshape(-1)
