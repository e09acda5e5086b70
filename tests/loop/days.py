"""A very small session in processes of its own, as a person runs it, and what it left on record."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from siren.loop.journal import FILE
from siren.memory.store import Store

SIZE = ["--rounds", "1", "--episodes", "3", "--held-out", "2", "--audit", "0", "--no-train", "--json"]


def siren(*words: str, home: Path) -> list[str]:
    """The command line."""
    return [sys.executable, "-c", "from siren.cli.app import main; main()", *words, "--home", str(home)]


def begin(home: Path, workers: int = 0) -> subprocess.Popen[str]:
    """The session `day`, in a process group of its own."""
    command = siren("learn", "day", *SIZE, "--workers", str(workers), home=home)
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def finish(home: Path) -> None:
    """Go on with it to its end."""
    subprocess.run(siren("sessions", "resume", "day", home=home), check=True, capture_output=True, timeout=250)


def journal(home: Path) -> Path:
    return home / "sessions" / "day" / FILE


def wait_for_episodes(home: Path, count: int, running: subprocess.Popen[str]) -> None:
    """Until its journal tells of that many."""
    deadline = time.monotonic() + 200
    while not (journal(home).exists() and journal(home).read_bytes().count(b'"episode"') >= count):
        assert running.poll() is None, "the session ended before it was disturbed"
        assert time.monotonic() < deadline, f"no {count} episodes within 200 s"
        time.sleep(0.05)


def keys(home: Path) -> Counter[tuple[object, ...]]:
    """How often each episode is on record, with what was done and what came of it."""
    store = Store.open(home)
    found = Counter(
        (one.round, one.use, one.task.seed, one.attempt, str(one.decision.plan), one.outcome.state_hash) for one in store.episodes("day")
    )
    store.close()
    return found
