"""Suites: what they hold, in which shares, and that one trial is the same table wherever it comes up."""

from collections import Counter

import pytest

from siren.config import AUDIT_SEEDS, BENCH_SEEDS, HELD_OUT_SEEDS, PRACTICE_SEEDS, TRIAL_SEEDS
from siren.core.errors import BenchError
from siren.eval.bench.suites import EPISODES, FULL, USUAL, Trial, groups_of, parted, suite
from siren.world.splits import SPLITS
from siren.world.stress import LEVELS, STRESSES


def test_full_is_six_thousand_tables_of_every_split() -> None:
    counts = Counter(trial.group for trial in suite("full"))
    assert sum(counts.values()) == 6000
    assert set(counts) == set(SPLITS)
    shares = {"seen": 0.40, "reasoning": (counts["reasoning"] + counts["use"]) / 6000}
    assert counts["seen"] / 6000 == shares["seen"]
    assert shares["reasoning"] == 0.15
    assert (counts["unseen"] + counts["background"] + counts["layout"]) / 6000 == 0.30


def test_quick_is_a_part_of_full() -> None:
    quick = suite("quick")
    assert len(quick) == EPISODES["quick"] == 300
    assert set(quick) <= set(suite("full"))
    assert set(suite("laws", episodes=20)) <= set(suite("full"))


def test_another_seed_has_other_tables() -> None:
    first, other = ({trial.seed for trial in suite("full", seed=seed)} for seed in (0, 1))
    assert not first & other


def test_no_table_is_ever_practised_on_or_trained_on() -> None:
    lowest = min(trial.seed for trial in suite("full"))
    assert lowest >= BENCH_SEEDS > 2**32
    assert max(HELD_OUT_SEEDS, AUDIT_SEEDS, TRIAL_SEEDS, 1_000_000 * PRACTICE_SEEDS) < lowest
    assert max(trial.seed for trial in suite("full", seed=9999)) < 2**53  # JSON of others holds no larger number


def test_robustness_is_the_same_tables_under_every_stress() -> None:
    trials = suite("robustness", episodes=2 * (1 + len(STRESSES) * len(LEVELS)))
    assert len(groups_of(trials)) == 1 + len(STRESSES) * len(LEVELS)
    by_group = {group: [trial.seed for trial in trials if trial.group == group] for group in groups_of(trials)}
    assert all(seeds == by_group[USUAL] for seeds in by_group.values())
    assert len(by_group[USUAL]) == 2


def test_other_bodies() -> None:
    assert {trial.body for trial in suite("kuka", episodes=5)} == {"kuka"}
    assert set(suite("kuka", episodes=10)) & set(suite("full")) == set()
    panda = {(trial.group, trial.number): trial.task() for trial in suite("seen", episodes=2)}
    for trial in (trial for trial in suite("kuka", episodes=4) if trial.group == "seen" and trial.number < 2):
        assert trial.task() == panda[trial.group, trial.number]  # so two robots can be compared on one table
    fetch = suite("fetch", episodes=1)[0]
    assert (fetch.body, fetch.task().family) == ("husky", "fetch")


def test_parts_add_up() -> None:
    for count in (1, 7, 9, 300, 5999):
        assert sum(parted(FULL, count).values()) == count
    assert parted({"seen": 1, "laws": 1}, 3) == {"seen": 2, "laws": 1}


def test_a_stress_is_part_of_the_task() -> None:
    trial = next(trial for trial in suite("robustness") if trial.group == "light 4")
    plain = Trial(group="seen", number=trial.number, split="seen", seed=trial.seed)
    assert trial.task().backdrop is not None
    assert trial.task().model_copy(update={"backdrop": None}) == plain.task()


def test_an_unknown_suite_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(BenchError, match="got 'robustnes'; did you mean 'robustness'"):
        suite("robustnes")
