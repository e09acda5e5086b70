"""Packed columns as promising conjunctions: the best pairs first, then best-first branch and bound, round after round on what is left.

A literal costs as many bits as it takes to say which it is: first of what cost it is, then which of the columns of that cost, so that
a plain one is not made dear by the many ways of cutting a number. A failure that is explained saves, and another step that is covered
costs, log2((1 - eps) / eps) bits. This file does not know what a column means, nor which conjunctions go together.
"""

import heapq
import math
from dataclasses import dataclass, field

import numpy as np

from siren.learning.tally import Bits, count, pack

DIVES = 24  # pairs from which a third literal is sought at once
CHUNK = 4096  # pairs whose misses are counted at a time

Body = tuple[int, ...]


@dataclass(frozen=True)
class Search:
    """How far the search goes. `eps` is the share of steps that no rule will ever explain."""

    max_literals: int = 3
    max_cost: int = 9
    max_rules: int = 6
    eps: float = 0.07
    min_support: int = 3
    min_share: float = 0.03  # of the failures
    node_budget: int = 400  # branches of one conjunction beyond pairs; what is there is nearly always found before
    keep: int = 1500  # conjunctions that the final selection looks at
    restarts: int = 60

    @property
    def error(self) -> float:
        """Bits that a failure left unexplained costs, and another step wrongly covered."""
        return math.log2((1 - self.eps) / self.eps)


@dataclass
class Space:
    """Columns packed for failures and for the other steps, with the prices of the code."""

    positives: Bits
    negatives: Bits
    costs: np.ndarray
    kinds: np.ndarray  # two columns of the same kind above 0 never stand in one conjunction
    bits: np.ndarray  # what each literal adds to the code, float (F,)
    error: float
    support: int
    search: Search
    truncated: bool = False
    nodes: int = 0
    pool: dict[Body, float] = field(default_factory=dict)

    def price(self, length: int) -> float:
        """Bits of a conjunction of that length besides those of its literals: how long it is, less the order that does not matter."""
        return math.log2(self.search.max_literals) - math.log2(math.factorial(length))

    def size(self, body: Body) -> float:
        """Bits of a conjunction."""
        return self.price(len(body)) + float(self.bits[list(body)].sum())


def make_space(
    columns: np.ndarray, costs: np.ndarray, kinds: np.ndarray, labels: np.ndarray, scenes: np.ndarray, support: int, search: Search
) -> Space:
    """Columns that have been found useful, packed and priced."""
    classes, of, sizes = np.unique(costs, return_inverse=True, return_counts=True)
    bits = math.log2(len(classes)) + np.log2(sizes)[of]
    positives, negatives = pack(columns[:, labels], scenes[labels]), pack(columns[:, ~labels], scenes[~labels])
    return Space(positives, negatives, costs, kinds, bits, search.error, support, search)


def collect(space: Space) -> None:
    """Fill the pool: the best conjunction on what is left, then without what it covers, and so on."""
    left_positive = np.full(space.positives.shape[1:], ~np.uint64(0))
    left_negative = np.full(space.negatives.shape[1:], ~np.uint64(0))
    for _ in range(space.search.max_rules):
        body = _best_conjunction(space, left_positive, left_negative)
        if body is None:
            return
        left_positive &= ~np.bitwise_and.reduce(space.positives[list(body)])
        left_negative &= ~np.bitwise_and.reduce(space.negatives[list(body)])


def _best_conjunction(space: Space, positive: Bits, negative: Bits) -> Body | None:
    """Exact within the node budget: a branch is left when even a cover without errors would not beat the best so far.

    The best pairs, and what one literal more makes of them, come first: with them as the mark to beat most branches are never entered.
    """
    seen = _promising(space, positive, negative)
    best, found = max(((gain, body) for gain, body in seen), default=(0.0, None))
    heap: list[tuple[float, int, Body, Bits, Bits, int, int, int]] = [(-math.inf, 0, (), positive, negative, 0, -1, -1)]
    tie, budget = 0, space.nodes + space.search.node_budget
    while heap:
        bound, _, body, positives, negatives, cost, hits, misses = heapq.heappop(heap)
        if -bound <= best:
            break
        if space.nodes >= budget:
            space.truncated = True
            break
        space.nodes += 1
        grown = _extensions(space, body, positives, negatives, cost, best)
        if grown is None:
            continue
        index, both, none, true, false, total, gain = grown
        top = int(gain.argmax())
        if gain[top] > best:
            best, found = float(gain[top]), (*body, int(index[top]))
        seen.extend((float(gain[j]), (*body, int(index[j]))) for j in np.nonzero(gain > max(0.0, 0.6 * best))[0][:50])
        if len(body) + 1 == space.search.max_literals:
            continue
        sizes = space.price(len(body) + 2) + space.bits[list(body)].sum() + space.bits[index] + space.bits.min()
        reach = space.error * true - sizes
        changed = (true != hits) | (false != misses)
        for j in np.nonzero((reach > best) & (false > 0) & changed & (total < space.search.max_cost))[0]:
            tie += 1
            node = (*body, int(index[j]))
            heapq.heappush(heap, (-float(reach[j]), tie, node, both[j], none[j], int(total[j]), int(true[j]), int(false[j])))
    seen.sort(key=lambda item: -item[0])
    space.pool.update({body: gain for gain, body in seen[:400]})
    if found is not None:
        space.pool[found] = best
    return found


def _promising(space: Space, positive: Bits, negative: Bits) -> list[tuple[float, Body]]:
    """The best pairs of columns, and the best triples that grow from them: (gain, body), gains above zero only."""
    seen = _pairs(space, positive, negative)
    if space.search.max_literals < 3:
        return seen
    for _, body in list(seen[:DIVES]):
        both = np.bitwise_and.reduce(space.positives[list(body)]) & positive
        none = np.bitwise_and.reduce(space.negatives[list(body)]) & negative
        hits, misses = count(space.positives & both), count(space.negatives & none)
        total = space.costs + int(space.costs[list(body)].sum())
        gain = space.error * (hits - misses) - space.bits - space.bits[list(body)].sum() - space.price(3)
        gain[(total > space.search.max_cost) | (hits < space.support) | _clash(space, body, space.kinds)] = 0.0
        gain[list(body)] = 0.0
        top = int(gain.argmax())
        if gain[top] > 0:
            seen.append((float(gain[top]), (*sorted((*body, top)),)))
    return seen


def _pairs(space: Space, positive: Bits, negative: Bits) -> list[tuple[float, Body]]:
    """The best pairs, best first. Steps that failed, of all pairs, are one matrix product; cases are counted only where they can matter."""
    failures = np.unpackbits((space.positives & positive).reshape(len(space.positives), -1).view(np.uint8), axis=1).astype(np.float32)
    hits = np.rint(failures @ failures.T).astype(np.int64)
    first, second = np.triu_indices(len(hits), 1)
    total = space.costs[first] + space.costs[second]
    true = hits[first, second]
    bound = space.error * true - space.bits[first] - space.bits[second] - space.price(2)
    together = (space.kinds[first] != space.kinds[second]) | (space.kinds[first] == 0)
    able = np.nonzero((bound > 0) & (true >= space.support) & (total <= space.search.max_cost) & together)[0]
    able = able[np.argsort(-bound[able], kind="stable")]
    found: list[tuple[float, Body]] = []
    best = 0.0
    for start in range(0, len(able), CHUNK):
        chunk = able[start : start + CHUNK]
        if bound[chunk[0]] <= 0.6 * best:
            break
        right = count(space.positives[first[chunk]] & space.positives[second[chunk]] & positive)
        wrong = count(space.negatives[first[chunk]] & space.negatives[second[chunk]] & negative)
        gain = bound[chunk] - space.error * (true[chunk] - right + wrong)
        gain[right < space.support] = 0.0
        best = max(best, float(gain.max()))
        found += [(float(gain[i]), (int(first[chunk[i]]), int(second[chunk[i]]))) for i in np.nonzero(gain > 0.6 * best)[0]]
    found = [(gain, body) for gain, body in found if gain > 0.6 * best]
    return sorted(found, key=lambda item: (-item[0], item[1]))[:400]


def _extensions(
    space: Space, body: Body, positives: Bits, negatives: Bits, cost: int, best: float
) -> tuple[np.ndarray, Bits, Bits, np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None:
    """One literal more, in all ways that could still beat the best: (column, covers, hits, misses, cost, gain), or None."""
    start = body[-1] + 1 if body else 0
    if start >= len(space.costs):
        return None
    covered = space.positives[start:] & positives
    hits = count(covered)
    total = space.costs[start:] + cost
    size = space.price(len(body) + 1) + space.bits[list(body)].sum() + space.bits[start:]
    able = (total <= space.search.max_cost) & (hits >= space.support) & ~_clash(space, body, space.kinds[start:])
    keep = np.nonzero(able & (space.error * hits - size > best))[0]
    if not len(keep):
        return None
    wrong = space.negatives[start:][keep] & negatives
    misses = count(wrong)
    gain = space.error * (hits[keep] - misses) - size[keep]
    return start + keep, covered[keep], wrong, hits[keep], misses, total[keep], gain


def _clash(space: Space, body: Body, kinds: np.ndarray) -> np.ndarray:
    """Which of these kinds may not join the body. bool, as long as `kinds`."""
    clash = np.zeros(len(kinds), dtype=bool)
    for kind in {int(space.kinds[i]) for i in body} - {0}:
        clash |= kinds == kind
    return clash
