"""A session as the few episodes worth showing, and the folder they are kept in."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.errors import StoreError
from siren.core.rule import Rule
from siren.memory.books import read_books, write_books
from siren.memory.sample import BOOKS, LINES, memorable, read_sample, write_sample
from siren.testing.episodes import egg_episode


def test_failures_that_a_probe_mended_come_first_and_stay_together() -> None:
    mended = [egg_episode(1, use="probe", success=True, attempt=1), egg_episode(1, success=False)]
    plain, hopeless = egg_episode(2, success=True), egg_episode(3, success=False)
    assert memorable([hopeless, plain, *mended], 2) == tuple(mended)
    assert memorable([hopeless, plain, *mended], 3) == (*mended, plain)
    assert memorable([hopeless, plain, *mended], 1) == (plain,)


def test_what_is_written_is_read_and_a_picture_is_kept_once(tmp_path: Path) -> None:
    images = [np.full((4, 4, 3), shade, np.uint8) for shade in (1, 1, 2)]
    rows = [(egg_episode(seed, success=True), image) for seed, image in zip((1, 1, 2), images, strict=True)]
    assert write_sample(tmp_path, rows) == 3
    assert sorted(file.name for file in tmp_path.glob("*.png")) == ["0.png", "2.png"]
    read = read_sample(tmp_path)
    assert [one for one, _ in read] == [one for one, _ in rows]
    assert [int(image[0, 0, 0]) for _, image in read] == [1, 1, 2]


def test_a_torn_line_is_named(tmp_path: Path) -> None:
    write_sample(tmp_path, [(egg_episode(1, success=True), np.zeros((4, 4, 3), np.uint8))])
    (tmp_path / LINES).write_text('{"session": 1}\n')
    with pytest.raises(StoreError, match=r"episodes.jsonl:1"):
        read_sample(tmp_path)


def test_the_rules_of_the_day_come_back_by_their_hash(tmp_path: Path) -> None:
    rule = Rule(
        id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O).", sentence="When {O} is picked up, it breaks.", origin="mined"
    )
    write_books(tmp_path / BOOKS, {"abc": (rule,), "def": ()})
    assert read_books(tmp_path / BOOKS) == {"abc": (rule,), "def": ()}
    (tmp_path / BOOKS).write_text('{"abc": [{"id": 1}]}')
    with pytest.raises(StoreError, match=r"rulebooks.json: expected rules by the hash"):
        read_books(tmp_path / BOOKS)
