"""A pool of conjunctions as the few that, together, code the labels in the fewest bits: greedy from many starts, then drops and swaps."""

import numpy as np

from siren.learning.conjunctions import Body, Space
from siren.learning.tally import Bits, count


class Selection:
    """Which conjunctions of the pool, together, code the labels in the fewest bits: greedy from many starts, then drops and swaps."""

    def __init__(self, space: Space, failures: int) -> None:
        self._space = space
        self._failures = failures
        cheapest: dict[bytes, tuple[float, Body, Bits, Bits]] = {}
        for body in space.pool:
            positive = np.bitwise_and.reduce(space.positives[list(body)])
            negative = np.bitwise_and.reduce(space.negatives[list(body)])
            size = space.size(body)
            key = positive.tobytes() + negative.tobytes()
            if key not in cheapest or size < cheapest[key][0]:
                cheapest[key] = (size, body, positive, negative)
        ranked = sorted(cheapest.values(), key=lambda item: (item[0] - self._gain(item[2], item[3]), item[1]))[: space.search.keep]
        self._bodies = [body for _, body, _, _ in ranked]
        self._sizes = np.array([size for size, _, _, _ in ranked])
        self._positive = np.array([positive for _, _, positive, _ in ranked])
        self._negative = np.array([negative for _, _, _, negative in ranked])

    def best(self) -> list[Body]:
        """The chosen bodies, most useful first."""
        if not self._bodies:
            return []
        best: list[int] = []
        bits = self._bits(best)
        for start in [None, *range(min(self._space.search.restarts, len(self._bodies)))]:
            chosen = self._improved(self._grown([] if start is None else [start]))
            if self._bits(chosen) < bits - 1e-9:
                best, bits = chosen, self._bits(chosen)
        return [self._bodies[i] for i in sorted(best)]

    def _gain(self, positive: Bits, negative: Bits) -> float:
        return self._space.error * (int(count(positive)) - int(count(negative)))

    def _bits(self, chosen: list[int]) -> float:
        """Length of the code: unexplained failures, wrong covers, and the conjunctions themselves."""
        covered, wrong = self._union(chosen)
        return self._space.error * self._failures - self._gain(covered, wrong) + float(self._sizes[chosen].sum())

    def _union(self, chosen: list[int]) -> tuple[Bits, Bits]:
        none = np.zeros(1, dtype=np.uint64)
        if not chosen:
            return np.broadcast_to(none, self._positive.shape[1:]), np.broadcast_to(none, self._negative.shape[1:])
        return np.bitwise_or.reduce(self._positive[chosen]), np.bitwise_or.reduce(self._negative[chosen])

    def _addition(self, chosen: list[int]) -> tuple[int, float]:
        """The conjunction that saves most bits beside the chosen ones, and how many."""
        covered, wrong = self._union(chosen)
        hits, misses = count(self._positive & ~covered), count(self._negative & ~wrong)
        saved = self._space.error * (hits - misses) - self._sizes
        top = int(saved.argmax())
        return top, float(saved[top])

    def _grown(self, chosen: list[int]) -> list[int]:
        while len(chosen) < self._space.search.max_rules:
            top, saved = self._addition(chosen)
            if saved <= 1e-9:
                break
            chosen = [*chosen, top]
        return chosen

    def _improved(self, chosen: list[int]) -> list[int]:
        """Drop or swap one at a time while that shortens the code."""
        while True:
            better = next((other for other in self._neighbours(chosen) if self._bits(other) < self._bits(chosen) - 1e-9), None)
            if better is None:
                return chosen
            chosen = better

    def _neighbours(self, chosen: list[int]) -> list[list[int]]:
        out: list[list[int]] = []
        for i in range(len(chosen)):
            rest = chosen[:i] + chosen[i + 1 :]
            top, saved = self._addition(rest)
            out.append([*rest, top] if saved > 1e-9 else rest)
        return out
