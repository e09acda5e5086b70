"""The simulated cluster obeys the arithmetic at both ends, where it can be done by hand."""

import numpy as np
import pytest

from benchmarks.scaling import Times, bottleneck, simulate

EVEN = Times(jobs=(1.0,), hand_out=0.0, record=0.0, mine=0.0, load=0.0)


def test_with_a_driver_that_takes_no_time_workers_never_wait() -> None:
    run = simulate(EVEN, 8, 800, np.random.default_rng(0))
    assert run.jobs_a_second == pytest.approx(8.0)
    assert (run.workers_busy, run.driver_busy) == (pytest.approx(1.0), 0.0)


def test_with_a_slow_driver_it_alone_sets_the_pace() -> None:
    times = EVEN._replace(hand_out=0.1, record=0.4)
    assert bottleneck(times)["workers_at_the_bend"] == 2.0
    slow = simulate(times, 16, 2000, np.random.default_rng(0))
    assert slow.jobs_a_second == pytest.approx(bottleneck(times)["most_jobs_a_second"], rel=0.02)
    assert slow.driver_busy > 0.98
    assert slow.workers_busy == pytest.approx(2.0 / 16, rel=0.02)


def test_every_job_is_done_once_however_uneven_they_are() -> None:
    uneven = Times(jobs=(0.1, 5.0), hand_out=0.01, record=0.01, mine=0.0, load=0.0)
    one, two = (simulate(uneven, workers, 500, np.random.default_rng(3)) for workers in (1, 2))
    assert two.jobs_a_second == pytest.approx(2 * one.jobs_a_second, rel=0.05)
    assert one.workers_busy > 0.99
