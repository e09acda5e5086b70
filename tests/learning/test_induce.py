"""Conjunctions out of columns: what is there is found, what is not there is not."""

import itertools
import math

import numpy as np
import pytest

from siren.learning.induce import Search, distinct_columns, induce


def _world(rng: np.random.Generator, rows: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Forty random columns; a step fails when 3 and not 7 hold, or when 11 and 20 hold; some labels are turned over."""
    columns = rng.random((40, rows)) < 0.35
    labels = (columns[3] & ~columns[7]) | (columns[11] & columns[20])
    columns[8] = ~columns[7]
    return columns, labels ^ (rng.random(rows) < noise)


@pytest.mark.parametrize("noise", [0.0, 0.05])
def test_two_hidden_conjunctions_are_found_exactly(noise: float) -> None:
    columns, labels = _world(np.random.default_rng(5), 600, noise)
    found = induce(columns, np.ones(40, dtype=np.int64), labels)
    assert {frozenset(body) for body in found.bodies} == {frozenset({3, 8}), frozenset({11, 20})}
    assert not found.truncated


def test_a_single_conjunction_is_the_best_of_all() -> None:
    """The branch and bound agrees with looking at every conjunction of up to three columns."""
    rng = np.random.default_rng(2)
    columns = rng.random((14, 90)) < 0.5
    labels = columns[1] & columns[5] ^ (rng.random(90) < 0.1)
    found = induce(columns, np.ones(14, dtype=np.int64), labels, Search(max_rules=1))

    def saved(body: tuple[int, ...]) -> float:
        covered = columns[list(body)].all(axis=0)
        price = len(body) * np.log2(14) - np.log2(math.factorial(len(body))) + np.log2(3)
        return float(np.log2(9) * (int((covered & labels).sum()) - int((covered & ~labels).sum())) - price)

    every = [body for n in (1, 2, 3) for body in itertools.combinations(range(14), n)]
    best = max(every, key=saved)
    assert found.bodies == (best,)


def test_chance_is_not_explained() -> None:
    """Labels that have nothing to do with the columns: coding them by rules costs more than it saves."""
    found = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        found += len(induce(rng.random((60, 400)) < 0.4, np.ones(60, dtype=np.int64), rng.random(400) < 0.2).bodies)
    assert found <= 1


def test_nothing_found_says_why() -> None:
    columns, costs = np.zeros((3, 8), dtype=bool), np.ones(3, dtype=np.int64)
    few = np.array([True, True] + [False] * 6)
    assert "2 failures, at least 3" in induce(columns, costs, few).reason
    assert "every step failed" in induce(columns, costs, np.ones(8, dtype=bool)).reason
    assert "no feature" in induce(columns, costs, np.array([True] * 4 + [False] * 4)).reason


def test_of_equal_columns_the_cheapest_stays() -> None:
    column = np.array([True, True, True, False])
    kept = distinct_columns(np.array([column, column, ~column]), np.array([3, 1, 1]), np.array([True, True, True, False]), 3)
    assert kept.tolist() == [1]


def test_columns_of_one_kind_do_not_stand_together() -> None:
    columns, labels = _world(np.random.default_rng(5), 600, 0.0)
    kinds = np.zeros(40, dtype=np.int64)
    kinds[[11, 20]] = 1
    bodies = induce(columns, np.ones(40, dtype=np.int64), labels, kinds=kinds).bodies
    assert frozenset({3, 8}) in {frozenset(body) for body in bodies}
    assert not any({11, 20} <= set(body) for body in bodies)
