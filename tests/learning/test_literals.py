"""Conditions as people read them: no negative lengths."""

import pytest

from siren.learning.literals import crowded, threshold


@pytest.mark.parametrize(
    ("name", "at_least", "cut", "words"),
    [
        ("depth", True, 40, "{O} is touched at least 40 mm below its top"),
        ("depth", False, 0, "{O} is touched above its top"),
        ("depth", False, -50, "{O} is touched more than 50 mm above its top"),
        ("depth", True, -50, "{O} is touched at most 50 mm above its top"),
        ("fit", False, 3, "{O} leaves the open hand less than 3 mm"),
        ("fit", True, 0, "{O} leaves room for the open hand"),
        ("fit", False, 0, "{O} is in the way of the open hand"),
        ("fit", False, -2, "{O} is in the way of the open hand by more than 2 mm"),
        ("fit", True, -2, "{O} is in the way of the open hand by at most 2 mm"),
        ("room", False, 45, "{O} goes where less than 45 mm of room is around it"),
        ("room", False, 0, "{O} goes where something else reaches into its place"),
        ("room", False, -20, "{O} goes where something else reaches into its place by more than 20 mm"),
        ("room", True, -20, "{O} goes where nothing reaches into its place by more than 20 mm"),
        ("tilt", True, 10, "{O} is handled with the hand tilted at least 10 degrees"),
    ],
)
def test_a_measure_is_told_as_people_would(name: str, at_least: bool, cut: int, words: str) -> None:
    literal = threshold(name, None, None, at_least, cut)
    assert literal.words == words
    assert literal.text == f"{name}(T, {{n}}), {{n}} {'>=' if at_least else '<'} {cut}"


@pytest.mark.parametrize(
    ("below", "words"),
    [
        (12, "{Y} stands less than 12 mm from the hand that comes down"),
        (0, "{Y} stands in the way of the hand that comes down"),
        (-4, "{Y} stands more than 4 mm in the way of the hand that comes down"),
    ],
)
def test_the_room_of_the_hand_is_told_as_people_would(below: int, words: str) -> None:
    assert crowded(below).words == words
