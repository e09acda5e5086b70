"""A mixture keeps its shares exactly, gives every row once an epoch, and goes on after a stop with the very same rows."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siren.learning.mixture import CURRICULUM, Mixture, MixtureState, share_at
from siren.learning.pools import Pool, write_pool
from siren.learning.regions import PLANES
from siren.learning.samples import Row, Text

ROBOT, WEB = 13, 7  # rows
SIZE = 6
schedules = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pools whose texts say which row they belong to."""
    home = tmp_path_factory.mktemp("pools")
    for half, count in (("robot", ROBOT), ("web", WEB)):
        numbers = iter(range(count))

        def row(half: str = half, numbers: object = numbers) -> Row:
            number = next(numbers)  # type: ignore[call-overload]
            texts = tuple(Text(f"{half} {number}", f"text {text}") for text in range(6))
            return Row(np.full((96, 96, 3), number, np.uint8), texts, np.full((PLANES, 8, 8), number, np.int16))

        write_pool(home / half, row, count)
    return home


def mixture(folder: Path, seed: int = 0, size: int = SIZE) -> Mixture:
    return Mixture(Pool(folder / "robot", seed), Pool(folder / "web", seed), size)


def said(rows: list[Row]) -> list[tuple[Text, ...]]:
    return [row.texts for row in rows]


@settings(max_examples=50)
@given(shares=schedules)
def test_the_number_of_web_rows_differs_from_its_share_by_less_than_one(folder: Path, shares: list[float]) -> None:
    mixed, owed, given_out = mixture(folder), 0.0, 0
    for share in shares:
        batch = mixed.batch(share)
        owed += share * SIZE
        given_out += len(batch.web)
        assert len(batch.rows) == SIZE
        assert abs(given_out - owed) < 1


@settings(max_examples=50)
@given(counts=st.lists(st.integers(0, 9), min_size=1, max_size=12), seed=st.integers(0, 5))
def test_every_row_comes_once_before_any_comes_twice(folder: Path, counts: list[int], seed: int) -> None:
    pool = Pool(folder / "robot", seed)
    numbers = [int(row.image[0, 0, 0]) for count in counts for row in pool.draw(count, 2)]
    for start in range(0, len(numbers), ROBOT):
        epoch = numbers[start : start + ROBOT]
        assert len(set(epoch)) == len(epoch)
    assert pool.position == sum(counts)


@settings(max_examples=50)
@given(shares=schedules, stop=st.integers(0, 30))
def test_stopped_anywhere_it_goes_on_with_the_very_same_rows(folder: Path, shares: list[float], stop: int) -> None:
    stop = min(stop, len(shares))
    whole = mixture(folder)
    batches = [said(whole.batch(share).rows) for share in shares]
    first = mixture(folder)
    before = [said(first.batch(share).rows) for share in shares[:stop]]
    kept = MixtureState(*first.state)
    again = mixture(folder).resume(kept)
    assert before + [said(again.batch(share).rows) for share in shares[stop:]] == batches


def test_another_epoch_and_another_seed_have_another_order(folder: Path) -> None:
    pool = Pool(folder / "robot", 0)
    once, again = (said(pool.draw(ROBOT, 6)) for _ in range(2))
    assert once != again
    assert {texts[0].prompt for texts in once} == {texts[0].prompt for texts in again}
    assert said(Pool(folder / "robot", 1).draw(ROBOT, 6)) != once
    assert said(Pool(folder / "robot", 0).draw(ROBOT, 6)) == once


def test_a_row_brings_as_many_of_its_texts_as_asked_for_each_once(folder: Path) -> None:
    (row,) = Pool(folder / "web", 0).draw(1, 4)
    assert len(set(row.texts)) == 4


def test_the_curriculum_goes_by_thirds_and_a_fixed_ratio_stays() -> None:
    assert [share_at(CURRICULUM, progress) for progress in (0.0, 0.33, 0.34, 0.7, 1.0)] == [0.9, 0.9, 0.5, 0.1, 0.1]
    assert {share_at((0.66,), progress) for progress in (0.0, 0.5, 1.0)} == {0.66}


def test_over_the_curriculum_the_halves_come_to_equal_numbers(folder: Path) -> None:
    mixed = mixture(folder, size=10)
    batches = [mixed.batch(share_at(CURRICULUM, step / 90)) for step in range(90)]
    assert [sum(len(batch.web) for batch in batches[at : at + 30]) for at in (0, 30, 60)] == [270, 150, 30]


def test_a_share_that_is_none_is_refused(folder: Path) -> None:
    with pytest.raises(ValueError, match="between 0 and 1, got 90"):
        mixture(folder).batch(90)
