"""Directions are found again by cosine, and a file that is no good is begun anew."""

from pathlib import Path

import numpy as np

from siren.memory.likeness import Likeness

WIDTH = 16


def directions(count: int) -> np.ndarray:
    drawn = np.random.default_rng(0).normal(size=(count, WIDTH)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_the_nearest_are_those_of_largest_cosine(tmp_path: Path) -> None:
    likeness, rows = Likeness(tmp_path / "a.faiss"), directions(50)
    for number, row in enumerate(rows, 101):
        likeness.add(number, row)
    wanted = np.argsort(-(rows @ rows[7]))[:5] + 101
    found = likeness.nearest(rows[7], 5)
    assert [number for number, _ in found] == wanted.tolist()
    assert abs(found[0][1] - 1.0) < 1e-5
    assert (len(likeness), likeness.newest) == (50, 150)
    assert len(likeness.nearest(rows[0], 500)) == 50


def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    path, row = tmp_path / "deep" / "a.faiss", directions(1)[0]
    first = Likeness(path)
    assert first.nearest(row, 3) == ()
    first.add(7, row)
    first.save()
    again = Likeness(path)
    assert [number for number, _ in again.nearest(row, 3)] == [7]


def test_a_damaged_file_or_one_of_other_weights_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.faiss"
    path.write_bytes(b"IxM2 but then nothing of use")
    assert len(Likeness(path)) == 0
    good = Likeness(path)
    good.add(1, directions(1)[0])
    good.save()
    other = Likeness(path)
    wider = np.concatenate([directions(1)[0], np.zeros(WIDTH, np.float32)])
    assert other.nearest(wider, 1) == ()
    other.add(2, wider)
    assert [number for number, _ in other.nearest(wider, 5)] == [2]
