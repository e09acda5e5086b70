"""Steps counted by scene."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siren.learning.induce import induce
from siren.learning.tally import TOGETHER, cases, count, pack


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=200), st.integers(0, 2**32 - 1))
def test_bits_count_what_is_seen_row_by_row(scenes: list[int], seed: int) -> None:
    """A case is a scene's steps in threes, in the order in which they came; of a conjunction those count of which some step is in both."""
    of = np.array(scenes)
    rows = np.random.default_rng(seed).random((2, len(of))) < 0.5
    met: dict[int, int] = {}
    threes = []
    for scene in scenes:
        threes.append((scene, met.get(scene, 0) // TOGETHER))
        met[scene] = met.get(scene, 0) + 1
    both = (rows[0] & rows[1]).tolist()
    bits = pack(rows, of)
    assert count(bits[0] & bits[1]) == len({three for three, held in zip(threes, both, strict=True) if held})
    assert count(pack(np.ones((1, len(of)), dtype=bool), of))[0] == cases(np.ones(len(of), dtype=bool), of) == len(set(threes))


@given(st.integers(0, 300), st.integers(0, 2**32 - 1))
def test_scenes_of_one_step_are_simply_counted(rows: int, seed: int) -> None:
    held = np.random.default_rng(seed).random((3, rows)) < 0.3
    assert count(pack(held, np.arange(rows))).tolist() == held.sum(axis=1).tolist()
    assert cases(held[0], np.arange(rows)) == held[0].sum()


def test_the_probes_of_a_scene_do_not_outvote_other_scenes() -> None:
    assert cases(np.ones(6, dtype=bool), np.zeros(6, dtype=np.int64)) == 2
    assert cases(np.ones(6, dtype=bool), np.arange(6)) == 6


@pytest.mark.parametrize(("scenes_of_exceptions", "expected"), [(1, {frozenset({3})}), (3, {frozenset({3, 8})})])
def test_one_misread_scene_adds_no_condition(scenes_of_exceptions: int, expected: set[frozenset[int]]) -> None:
    """Thirty scenes fail where 3 holds. Three steps do not, and 8 tells them apart: of three scenes that is a law, of one an accident."""
    columns = np.random.default_rng(0).random((40, 300)) < 0.4
    columns[3] = np.arange(300) < 33
    columns[8, :30], columns[8, 30:33] = True, False
    scenes = np.arange(300)
    scenes[30:33] = 1000 + np.arange(3) % scenes_of_exceptions
    found = induce(columns, np.ones(40, dtype=np.int64), np.arange(300) < 30, scenes=scenes)
    assert {frozenset(body) for body in found.bodies} == expected
