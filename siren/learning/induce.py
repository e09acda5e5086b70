"""Boolean columns and labels as a small set of conjunctions: best-first branch and bound over bit sets with a bits-MDL cost.

A column says for each step whether one literal holds there. The search wants the set of conjunctions that codes the labels in
the fewest bits: what it takes to write the conjunctions down, and log2((1 - eps) / eps) bits for each failure left unexplained and
each other step wrongly covered. This file does not know what a literal means.

    induction = induce(columns, costs, labels)
    induction.bodies            # ((3, 17), (8,)): indices of columns
"""

from dataclasses import dataclass

import numpy as np

from siren.learning.conjunctions import Body, Search, collect, make_space
from siren.learning.selection import Selection
from siren.learning.tally import cases

__all__ = ["Induction", "Search", "distinct_columns", "induce"]


@dataclass(frozen=True)
class Induction:
    """The conjunctions found, or why there are none."""

    bodies: tuple[Body, ...]
    nodes: int
    truncated: bool
    reason: str = ""


def induce(
    columns: np.ndarray,
    costs: np.ndarray,
    labels: np.ndarray,
    search: Search | None = None,
    kinds: np.ndarray | None = None,
    scenes: np.ndarray | None = None,
) -> Induction:
    """Conjunctions that tell failures from the rest. columns: bool (F, M); costs: int (F,); labels: bool (M,), True for a failure.

    kinds: int (F,); two columns of one kind above 0 never stand in the same conjunction.
    scenes: int (M,), what the steps share; they are counted by it (`tally`). None: each step has a scene of its own.
    """
    search = search or Search()
    kinds = np.zeros(len(columns), dtype=np.int64) if kinds is None else kinds
    scenes = np.arange(len(labels)) if scenes is None else scenes
    failures = cases(labels, scenes)
    if failures < search.min_support:
        return Induction((), 0, False, f"{failures} failures, at least {search.min_support} needed")
    if labels.all():
        return Induction((), 0, False, "every step failed, so nothing can be told apart")
    support = max(search.min_support, int(search.min_share * failures))
    kept = distinct_columns(columns, costs, labels, support)
    if not len(kept):
        return Induction((), 0, False, "no feature separates the failures from the other steps")
    space = make_space(columns[kept], costs[kept], kinds[kept], labels, scenes, support, search)
    collect(space)
    bodies = tuple(tuple(int(kept[i]) for i in body) for body in Selection(space, failures).best())
    reason = "" if bodies else "no feature separates the failures well enough to pay for its own length"
    return Induction(bodies, space.nodes, space.truncated, reason)


def distinct_columns(columns: np.ndarray, costs: np.ndarray, labels: np.ndarray, support: int) -> np.ndarray:
    """Indices of columns that cover enough failures and not everything; of equal columns the cheapest. int (K,), cheap ones first."""
    useful = np.nonzero((columns[:, labels].sum(axis=1) >= support) & ~columns.all(axis=1))[0]
    best: dict[bytes, int] = {}
    for index in sorted(useful.tolist(), key=lambda i: (int(costs[i]), i)):
        best.setdefault(columns[index].tobytes(), index)
    return np.array(list(best.values()), dtype=np.int64)
