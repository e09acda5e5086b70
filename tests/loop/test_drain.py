"""SIGTERM: a running session finishes what it has in hand, ends within 30 s, and goes on as if nothing had been."""

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
from days import begin, finish, journal, keys, siren, wait_for_episodes

from siren.loop.drain import Drained, drain
from siren.loop.journal import read_events
from siren.loop.lock import driver_of


def test_a_wish_is_heeded_where_nothing_is_in_hand() -> None:
    with drain(60) as wish:
        wish.heed()
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(Drained):
            wish.heed()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_long_work_is_dropped_after_a_while() -> None:
    def ask_and_work_on() -> None:
        with drain(0.2):
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(30)

    begun = time.monotonic()
    with pytest.raises(Drained):
        ask_and_work_on()
    assert time.monotonic() - begun < 10


@pytest.mark.slow
def test_a_session_that_is_asked_to_stop_ends_in_time_and_goes_on(tmp_path: Path, undisturbed_day: Counter[tuple[object, ...]]) -> None:
    running = begin(tmp_path, workers=1)
    wait_for_episodes(tmp_path, 1, running)
    folder = tmp_path / "sessions" / "day"
    assert driver_of(folder) == running.pid
    asked = time.monotonic()
    told = subprocess.run(siren("sessions", "stop", "day", home=tmp_path), capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 0, told.stderr
    _, err = running.communicate(timeout=30)
    assert time.monotonic() - asked < 30
    assert (running.returncode, driver_of(folder)) == (143, None)
    assert "Go on with: siren learn day --resume" in " ".join(err.split())
    assert read_events(journal(tmp_path))[1][-1]["reason"] == "asked to stop"
    assert 0 < sum(keys(tmp_path).values()) <= sum(undisturbed_day.values())  # all, when the wish came just before the last commit
    finish(tmp_path)
    assert keys(tmp_path) == undisturbed_day
    told_of = [event["id"] for event in read_events(journal(tmp_path))[1] if event["event"] == "episode"]
    assert sorted(told_of) == sorted(set(told_of))
    assert len(told_of) == sum(undisturbed_day.values())
