"""Curves of arms, on a record small enough to count by hand."""

from pathlib import Path

import pytest

from siren.config import SessionConfig
from siren.core.episode import Episode
from siren.eval.audit import Share
from siren.eval.curves import curve, episodes_to, joined
from siren.memory.store import Store
from siren.testing.episodes import egg_episode

CONFIG = SessionConfig(name="evening", rounds=2, held_out=3, evaluate_every=1)


def evaluation(turn: int, *successes: bool) -> list[Episode]:
    return [egg_episode(seed, round=turn, use="evaluate", success=won) for seed, won in enumerate(successes)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path)
    store.new_session("evening", CONFIG.model_dump_json())
    practice = [egg_episode(9), egg_episode(9, use="probe", attempt=1), egg_episode(8, round=2)]
    practice.append(egg_episode(8, round=2, use="experiment", attempt=1))
    for episode in [*evaluation(0, True, False, False), *practice, *evaluation(1, False, True, True), *evaluation(3, True, True, True)]:
        store.record(episode)
    return store


def test_a_curve_counts_practice_success_and_what_was_forgotten(store: Store) -> None:
    points = curve(store, CONFIG)
    assert [(point.round, point.episodes, point.success.count) for point in points] == [(0, 0, 1), (1, 2, 2), (3, 4, 3)]
    assert [(point.forgotten.count, point.forgotten.trials) for point in points] == [(0, 0), (1, 1), (0, 3)]
    assert (episodes_to(points, 0.6), episodes_to(points, 1.0), episodes_to(points[:2], 0.9)) == (2, 4, None)


def test_a_first_proposal_counts_as_violating_by_the_laws_themselves(store: Store) -> None:
    (first, *_) = curve(store, CONFIG)
    assert first.violating == Share(count=3, trials=3)  # a firm hand on an egg, whatever was made of it before it ran


def test_an_evaluation_that_is_under_way_is_no_point(store: Store) -> None:
    store.record(egg_episode(0, round=2, use="evaluate"))
    assert [point.round for point in curve(store, CONFIG)] == [0, 1, 3]


def test_seeds_are_joined_round_by_round(store: Store) -> None:
    points = curve(store, CONFIG)
    both = joined([points, points[:2]])
    assert [(point.episodes, point.success.count, point.success.trials) for point in both] == [(0, 2, 6), (2, 4, 6)]
