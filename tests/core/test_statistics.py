"""Intervals and paired tests against published values."""

import pytest

from siren.core.statistics import holm, mcnemar, wilson


def test_wilson_matches_the_worked_example() -> None:
    low, high = wilson(8, 10)
    assert (low, high) == (pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))


def test_nothing_seen_means_nothing_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_all_failures_leave_room_for_doubt() -> None:
    low, high = wilson(0, 20)
    assert low == 0.0
    assert 0.1 < high < 0.2


@pytest.mark.parametrize(("gained", "lost", "p"), [(0, 0, 1.0), (5, 0, 0.0625), (10, 2, 0.0386)])
def test_mcnemar_is_exact(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p, abs=1e-4)


def test_holm_matches_the_worked_example() -> None:
    assert holm((0.01, 0.04, 0.03, 0.005)) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_many_tests_never_make_a_p_value_smaller() -> None:
    assert holm(()) == ()
    assert holm((0.5,)) == (0.5,)
    assert holm((0.9, 0.9, 0.01)) == pytest.approx((1.0, 1.0, 0.03))
