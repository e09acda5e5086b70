"""A session that is killed again and again, compared with the same session left in peace.

    python -m benchmarks.soak --kills 50 --seed 7          (or: make soak)

Each blow is a kill -9 at a random moment of a random process: the driver, a rollout worker, the miner or the learner. A killed driver is
started again with `siren sessions resume`; the others are Ray's to replace. In the end every episode that was acknowledged (its line stands
in the journal) must be on record exactly once, no row may be partial, and episodes and rules must be those of the undisturbed session.
The last line of standard output is one JSON object; exit code 1 when something was lost.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from siren.loop.journal import FILE, read_events
from siren.memory.inspection import inspect_record
from siren.memory.store import Store
from siren.symbolic.rulebook import Rulebook

NAME = "soak"
TARGETS = ("driver", "Rollout", "Miner", "Learner")
LATE_STARTS = 5  # of Ray, on a machine that others use too
PATIENCE = 280  # seconds without a new episode, on a machine that others use too


class Size(NamedTuple):
    """What the session does."""

    rounds: int
    episodes: int
    held_out: int

    @property
    def words(self) -> list[str]:
        amounts = zip(("--rounds", "--episodes", "--held-out"), map(str, self), strict=True)
        return [word for pair in amounts for word in pair] + ["--audit", "0", "--no-train"]


class Soak:
    """One session under blows."""

    def __init__(self, home: Path, size: Size, workers: int, seed: int) -> None:
        self.home = home
        self.blows: Counter[str] = Counter()
        self.orphans = 0
        self._late_starts = 0
        self._size = size
        self._workers = workers
        self._rng = np.random.default_rng(seed)
        self._running = self._start("learn", NAME, *size.words, "--workers", str(workers))

    def run(self, kills: int) -> None:
        """That many blows, or as many as the session lasts for; then let it end."""
        for number in range(kills):
            if not self._wait(self._episodes() + int(self._rng.integers(1, 4))):
                return
            time.sleep(self._rng.uniform(0, 0.3))
            self._strike(TARGETS[number % len(TARGETS)] if self._workers else "driver")
        self._running.wait(timeout=1200)
        while self._ended_badly():
            self._running.wait(timeout=1200)

    def _strike(self, target: str) -> None:
        family = psutil.Process(self._running.pid).children(recursive=True)
        named = [child for child in family if child.is_running() and target in " ".join(_words(child)[:1])]
        victim = psutil.Process(self._running.pid) if target == "driver" or not named else named[int(self._rng.integers(len(named)))]
        self.blows["driver" if victim.pid == self._running.pid else target.lower()] += 1
        victim.kill()
        if victim.pid == self._running.pid:
            self._running.wait()
            self._bury(family)
            self._running = self._start("sessions", "resume", NAME)

    def _bury(self, family: list[psutil.Process]) -> None:
        """Whatever of Ray outlives its driver by five seconds is counted and killed."""
        _, left = psutil.wait_procs(family, timeout=5)
        self.orphans += len(left)
        for process in left:
            process.kill()

    def _wait(self, count: int) -> bool:
        """Until that many episodes are told of; False when the session ended before."""
        deadline = time.monotonic() + PATIENCE
        while self._episodes() < count:
            if self._running.poll() is not None and not self._ended_badly():
                return False
            if time.monotonic() > deadline:
                raise RuntimeError(f"no new episode within {PATIENCE} s: {self._errors()}")
            time.sleep(0.02)
        return True

    def _ended_badly(self) -> bool:
        """Whether the session has to go on: Ray could not start on a busy machine. Any other bad end is an error."""
        if not self._running.returncode:
            return False
        if "Ray did not start" not in self._errors() or self._late_starts >= LATE_STARTS:
            raise RuntimeError(f"the session ended with {self._running.returncode}: {self._errors()}")
        self._late_starts += 1
        (self.home / "errors").unlink()
        self._running = self._start("sessions", "resume", NAME)
        return True

    def _episodes(self) -> int:
        path = self.home / "sessions" / NAME / FILE
        return path.read_bytes().count(b'"event": "episode"') if path.exists() else 0

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from siren.cli.app import main; main()", *words, "--home", str(self.home)]
        with (self.home / "errors").open("ab") as errors:
            return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)

    def _errors(self) -> str:
        return (self.home / "errors").read_text()[-1500:]


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def undisturbed(home: Path, size: Size) -> None:
    """The same session in one process, left in peace."""
    program = "from siren.cli.app import main; main()"
    command = [sys.executable, "-c", program, "learn", NAME, *size.words, "--workers", "0", "--home", str(home)]
    subprocess.run(command, check=True, capture_output=True)


def losses(home: Path, peaceful: Path) -> list[str]:
    """Everything that the blows changed; nothing, if SIREN keeps its word."""
    one, other = Store.open(home), Store.open(peaceful)
    kept, meant = _episodes(one), _episodes(other)
    lines = read_events(home / "sessions" / NAME / FILE)[1]
    told = Counter(event["id"] for event in lines if event["event"] == "episode")
    on_record = {episode.id for episode in one.episodes(NAME)}
    found = list(inspect_record(one).complaints)
    found += [f"on record {count} times: {key[:4]}" for key, count in kept.items() if count > 1]
    found += [f"missing, or another than in peace: {key[:4]}" for key in meant - kept]
    found += [f"not there in peace: {key[:4]}" for key in kept - meant]
    found += [f"acknowledged, but not on record: episode {number}" for number in told.keys() - on_record]
    found += [f"the journal tells of episode {number} {told[number]} times" for number in on_record if told[number] != 1]
    if [event["n"] for event in lines] != list(range(1, len(lines) + 1)):
        found.append("the lines of the journal are not numbered through")
    if _rules(home) != _rules(peaceful):
        found.append("the rules are not those of the undisturbed session")
    one.close()
    other.close()
    return found


def _episodes(store: Store) -> Counter[tuple[object, ...]]:
    return Counter(
        (one.round, one.use, one.task.seed, one.attempt, str(one.decision.plan), one.outcome.state_hash) for one in store.episodes(NAME)
    )


def _rules(home: Path) -> list[tuple[object, ...]]:
    book = Rulebook.load(home / "sessions" / NAME / "rules")
    return sorted((rule.id, rule.status, rule.text, rule.support, rule.against) for rule in book.rules.values())


def main() -> None:
    """Soak one session, and say what was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("kills", 50), ("seed", 7), ("workers", 2), ("rounds", 3), ("episodes", 40), ("held-out", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    size = Size(asked.rounds, asked.episodes, asked.held_out)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="siren-soak-") as folder:
        home, peaceful = Path(folder) / "soak", Path(folder) / "peace"
        home.mkdir()
        soak = Soak(home, size, asked.workers, asked.seed)
        soak.run(asked.kills)
        undisturbed(peaceful, size)
        lost = losses(home, peaceful)
        store = Store.open(home)
        answer = {
            "kills": sum(soak.blows.values()), "of": dict(soak.blows), "episodes": store.count_episodes(NAME),
            "rules": len(_rules(home)), "ray_processes_that_outlived_their_driver": soak.orphans,
            "minutes": round((time.monotonic() - begun) / 60, 1), "lost": lost,
        }  # fmt: skip
        store.close()
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
