"""A session on Ray: the same record whoever does the work, and no death of any process loses an acknowledged episode."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from siren.memory.store import Store

SIZE = ["--rounds", "1", "--episodes", "6", "--held-out", "2", "--audit", "2", "--no-train", "--json"]


def start(home: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from siren.cli.app import main; main()", "learn", "ray", *words, "--home", str(home)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finish(running: subprocess.Popen[str]) -> dict[str, object]:
    out, err = running.communicate(timeout=560)
    assert running.returncode == 0, err[-2000:]
    answer: dict[str, object] = json.loads(out.splitlines()[-1])
    return answer


def recorded(home: Path) -> Counter[tuple[object, ...]]:
    """How often each episode is on record; nothing before the session has begun."""
    store = Store.open(home)
    begun = "ray" in {session.name for session in store.sessions()}
    episodes = store.episodes("ray") if begun else ()
    keys = Counter((episode.round, episode.use, episode.task.seed, episode.attempt) for episode in episodes)
    store.close()
    return keys


def wait_for_episodes(home: Path, count: int, running: subprocess.Popen[str]) -> None:
    """Until that many are on record. The store is only looked at once it is there."""
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        assert running.poll() is None, "the session ended before it was disturbed"
        if (home / "siren.db").exists() and sum(recorded(home).values()) >= count:
            return
        time.sleep(0.2)
    raise AssertionError(f"no {count} episodes within 200 s")


def kill_tree(process: psutil.Process) -> None:
    """kill -9 of a process and of everything it started."""
    for member in [*process.children(recursive=True), process]:
        try:
            member.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue


@pytest.fixture(scope="module")
def one_process(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[object, ...]]:
    """The same session in one process: what has to be on record."""
    home = tmp_path_factory.mktemp("alone")
    finish(start(home, *SIZE, "--workers", "0"))
    return recorded(home)


@pytest.mark.slow
def test_a_killed_driver_loses_nothing_and_the_session_goes_on(tmp_path: Path, one_process: Counter[tuple[object, ...]]) -> None:
    running = start(tmp_path, *SIZE, "--workers", "2")
    wait_for_episodes(tmp_path, 3, running)
    kill_tree(psutil.Process(running.pid))
    running.communicate()
    acknowledged = recorded(tmp_path)
    assert 3 <= sum(acknowledged.values()) < sum(one_process.values())
    assert set(acknowledged.values()) == {1}
    finish(start(tmp_path, "--resume", "--json", "--workers", "0"))
    assert recorded(tmp_path) == one_process


@pytest.mark.slow
def test_a_killed_worker_is_replaced(tmp_path: Path, one_process: Counter[tuple[object, ...]]) -> None:
    running = start(tmp_path, *SIZE, "--workers", "2")
    wait_for_episodes(tmp_path, 2, running)
    workers = [child for child in psutil.Process(running.pid).children(recursive=True) if "Rollout" in " ".join(child.cmdline()[:1])]
    assert workers, "Ray names the process of an actor after its class"
    os.kill(workers[0].pid, signal.SIGKILL)
    finish(running)
    assert recorded(tmp_path) == one_process
