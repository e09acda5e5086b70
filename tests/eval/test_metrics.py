"""The figures of a session, on records small enough to count by hand."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from siren.config import SessionConfig
from siren.core.episode import Episode, Verdict
from siren.eval.metrics import MASTERY, WINDOW, compare, executed, measure
from siren.eval.practised import practised, weakest_line
from siren.memory.overview import tally
from siren.memory.store import Store
from siren.testing.episodes import egg_episode

CONFIG = SessionConfig(name="evening", rounds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path)
    store.new_session("evening", CONFIG.model_dump_json())
    yield store
    store.close()


def keep(store: Store, episodes: Iterable[Episode]) -> None:
    for episode in episodes:
        store.record(episode)


def evaluation(turn: int, *successes: bool) -> list[Episode]:
    return [egg_episode(seed, round=turn, use="evaluate", success=won) for seed, won in enumerate(successes)]


def as_proposed(episode: Episode) -> Episode:
    """The first proposal ran, though a rule spoke against it."""
    return episode.model_copy(update={"decision": episode.decision.model_copy(update={"repair": None})})


def test_before_and_after_are_paired(store: Store) -> None:
    keep(store, evaluation(0, True, True, False, False))
    keep(store, [egg_episode(seed) for seed in range(10)])
    assert measure(store, CONFIG).after is None
    keep(store, evaluation(2, True, False, True, True))
    found = measure(store, CONFIG)
    assert found.change is not None
    assert found.after is not None
    assert (found.change.tasks, found.change.gained, found.change.lost) == (4, 2, 1)
    assert (found.forgetting.count, found.forgetting.trials) == (1, 2)
    assert found.self_improvement_rate == pytest.approx(25 * 1000 / 10)  # 25 points after 10 episodes
    assert (found.after.success.count, found.after.steps, found.after.seconds) == (3, 1.0, pytest.approx(700 / 240))


def test_a_session_without_practice_or_end_has_no_rate(store: Store) -> None:
    keep(store, evaluation(0, True))
    found = measure(store, CONFIG)
    assert (found.self_improvement_rate, found.change, found.episodes_to_mastery) == (None, None, None)
    assert (found.forgetting.trials, found.recovery.trials, found.best_window.trials) == (0, 0, 0)


def test_mastery_counts_the_probes_on_the_way(store: Store) -> None:
    fails = WINDOW - int(MASTERY * WINDOW)
    outcomes = [False] * (fails + 2) + [True] * WINDOW
    keep(store, [egg_episode(seed, success=won) for seed, won in enumerate(outcomes)])
    keep(store, [egg_episode(0, use="probe", attempt=1), egg_episode(len(outcomes) - 1, use="probe", attempt=1)])
    # The first window with no more than `fails` failures begins with the third failure: 2 + WINDOW tries, and the first one's probe.
    assert measure(store, CONFIG).episodes_to_mastery == 2 + WINDOW + 1


def test_experiments_are_practice_and_mend_nothing(store: Store) -> None:
    keep(store, [egg_episode(1, success=True), egg_episode(2), egg_episode(1, use="experiment", attempt=1, success=True)])
    found = measure(store, CONFIG)
    assert found.practice_episodes == 3
    assert (found.recovery.count, found.recovery.trials) == (0, 0)


def test_recovery_counts_failed_tasks_not_probes(store: Store) -> None:
    keep(store, [egg_episode(1), egg_episode(2), egg_episode(3), egg_episode(4, success=True)])
    keep(store, [egg_episode(1, use="probe", attempt=1), egg_episode(1, use="probe", attempt=2, success=True)])
    keep(store, [egg_episode(2, use="probe", attempt=1)])
    found = measure(store, CONFIG).recovery
    assert (found.count, found.trials) == (1, 2)


def test_a_warning_is_what_the_rules_said_of_the_plan_that_ran(store: Store) -> None:
    repaired, warned = egg_episode(1, success=True), as_proposed(egg_episode(2))
    assert executed(repaired) == Verdict()
    assert not executed(warned).clean  # type: ignore[union-attr]
    keep(store, [repaired, warned, as_proposed(egg_episode(3, success=True)), egg_episode(4)])
    found = measure(store, CONFIG).failure_prediction
    assert (found.warned.count, found.warned.trials) == (1, 2)  # of two failures one was foreseen
    assert (found.right.count, found.right.trials) == (1, 2)  # of two warnings one came true


def test_the_shield_is_counted_and_so_is_sound_reasoning(store: Store) -> None:
    keep(store, [egg_episode(0, round=0, use="evaluate"), as_proposed(egg_episode(1, round=0, use="evaluate"))])
    before = measure(store, CONFIG).before
    assert (before.shield_dependency.count, before.shield_dependency.trials) == (1, 2)
    assert (before.reasoning_accuracy.count, before.reasoning_accuracy.trials) == (2, 4)  # every second proposal is no plan


def test_only_the_same_task_is_paired() -> None:
    other = egg_episode(1, success=True)
    other = other.model_copy(update={"task": other.task.model_copy(update={"instruction": "take the egg"})})
    assert compare([egg_episode(1), egg_episode(2)], [other, egg_episode(2, success=True)]).tasks == 1


def test_a_tally_is_one_line_a_round_and_use(store: Store) -> None:
    keep(store, [egg_episode(1), egg_episode(2, success=True), egg_episode(1, use="probe", attempt=1)])
    assert [(one.round, one.use, one.episodes, one.successes) for one in tally(store, "evening")] == [
        (1, "collect", 2, 1), (1, "probe", 1, 0),
    ]  # fmt: skip


def test_what_was_practised_is_told_with_the_reason_of_its_time(store: Store) -> None:
    keep(store, [egg_episode(1), egg_episode(2), egg_episode(3, round=2)])
    for turn, weak in ((1, 1.0), (2, 0.8)):
        store.begin_round("evening", turn)
        store.commit_round("evening", turn, {"weak/family/pick": weak, "weak/object/egg": weak, "rows": 3.0}, "{}")
    first, second = practised(store, CONFIG)
    assert (first.tasks, second.tasks) == ({"pick": 2}, {"pick": 1})
    assert (first.weakness, second.weakness) == ({"pick": 1.0}, {"pick": 0.8})
    assert weakest_line((first, second)) == "egg 80 %"
