"""A session that is killed again and again, compared with the same session left in peace.

    python -m benchmarks.soak --kills 50 --seed 7          (or: make soak)
    python -m benchmarks.soak --kills 12 --nodes --postgres

Each blow is a kill -9 at a random moment: of the driver, a rollout worker, the miner or the learner, by turns; with --nodes also of the
raylet of the second of two nodes of a Ray on this machine, with --postgres also of the database server. A killed driver is started again
with `siren sessions resume`, and so is one that gave up in one sentence because its server was gone; the rest is Ray's to replace. In the
end every episode that was acknowledged (its line stands in the journal) must be on record exactly once, no row may be partial, and
episodes and rules must be those of the undisturbed session.
The last line of standard output is one JSON object; exit code 1 when something was lost.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from benchmarks.ray_nodes import RayNodes
from siren.loop.journal import FILE, read_events
from siren.memory.inspection import inspect_record
from siren.memory.store import Store
from siren.symbolic.rulebook import Rulebook
from tests.postgres_server import PostgresServer, find_programs

NAME = "soak"
TARGETS = ("driver", "Rollout", "Miner", "Learner")
SERVER_LOST = ("database", "server")  # both are in what a driver says that lost its server
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

    def __init__(
        self, home: Path, size: Size, workers: int, seed: int, nodes: RayNodes | None = None, server: PostgresServer | None = None
    ) -> None:
        """`nodes`: a Ray to join, whose second node is a victim; `server`: keeps the record, and is a victim too."""
        self.home = home
        self.record = server.new_database() if server else str(home)
        self._nodes, self._server = nodes, server
        self._targets = [*(TARGETS if workers else ("driver",)), *(["raylet"] if nodes else []), *(["database"] if server else [])]
        self.blows: Counter[str] = Counter()
        self.orphans = 0
        self.lost_servers = 0  # how often the session gave up over its server
        self._late_starts = 0
        self._size = size
        self._workers = workers
        self._rng = np.random.default_rng(seed)
        joined = ["--address", nodes.address] if nodes else []
        self._running = self._start("learn", NAME, *size.words, "--workers", str(workers), *joined)

    def run(self, kills: int) -> None:
        """That many blows, or as many as the session lasts for; then let it end."""
        for number in range(kills):
            if not self._wait(self._episodes() + int(self._rng.integers(1, 4))):
                return
            time.sleep(self._rng.uniform(0, 0.3))
            self._strike(self._targets[number % len(self._targets)])
        self._running.wait(timeout=1200)
        while self._ended_badly():
            self._running.wait(timeout=1200)

    def _strike(self, target: str) -> None:
        if target in ("raylet", "database"):
            self._strike_below(target)
            return
        family = psutil.Process(self._running.pid).children(recursive=True)
        family += self._nodes.family() if self._nodes else []
        named = [child for child in family if child.is_running() and target in " ".join(_words(child)[:1])]
        victim = psutil.Process(self._running.pid) if target == "driver" or not named else named[int(self._rng.integers(len(named)))]
        self.blows["driver" if victim.pid == self._running.pid else target.lower()] += 1
        victim.kill()
        if victim.pid == self._running.pid:
            self._running.wait()
            self._bury([] if self._nodes else family)  # what hung on a driver ends with its Ray, but this Ray is there to stay
            self._running = self._start("sessions", "resume", NAME)

    def _strike_below(self, target: str) -> None:
        """What the session stands on falls, and is set up again."""
        self.blows[target] += 1
        if target == "raylet" and self._nodes is not None:
            self._nodes.kill_second()
            self._nodes.start_second()
        elif self._server is not None:
            self._server.kill()
            self._server.start()

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
        """Whether the session has to go on: Ray could not start on a busy machine, or its server was killed. Any other end is an error."""
        if not self._running.returncode:
            return False
        lost = self.blows["database"] > self.lost_servers and all(word in self._errors() for word in SERVER_LOST)
        late = "Ray did not start" in self._errors() and self._late_starts < LATE_STARTS
        if not (lost or late):
            raise RuntimeError(f"the session ended with {self._running.returncode}: {self._errors()}")
        self._late_starts += late
        self.lost_servers += lost
        (self.home / "errors").unlink()
        self._running = self._start("sessions", "resume", NAME)
        return True

    def _episodes(self) -> int:
        path = self.home / "sessions" / NAME / FILE
        return path.read_bytes().count(b'"event": "episode"') if path.exists() else 0

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from siren.cli.app import main; main()", *words, "--home", str(self.home)]
        environment = {**(self._nodes.environment if self._nodes else os.environ)}
        if self._server:
            environment["SIREN_DATABASE"] = self.record
        with (self.home / "errors").open("ab") as errors:
            return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=errors)

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


def losses(home: Path, peaceful: Path, record: str) -> list[str]:
    """Everything that the blows changed; nothing, if SIREN keeps its word. `record`: the home or the URL of its database."""
    one, other = Store.open(record), Store.open(peaceful)
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


def _ground(asked: argparse.Namespace, stack: ExitStack) -> tuple[RayNodes | None, PostgresServer | None]:
    """What the session stands on, as far as it was asked for."""
    nodes, server = None, None
    if asked.postgres:
        programs = find_programs()
        if programs is None:
            sys.exit("--postgres needs the programs of a PostgreSQL server (initdb, postgres); none were found")
        server = PostgresServer(programs, fsync=True)
        stack.callback(server.stop)
        server.start()
    if asked.nodes:
        nodes = RayNodes(cpus=asked.workers + 1)
        stack.callback(nodes.stop)
    return nodes, server


def main() -> None:
    """Soak one session, and say what was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("kills", 50), ("seed", 7), ("workers", 2), ("rounds", 3), ("episodes", 40), ("held-out", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--nodes", action="store_true", help="join a Ray of two nodes, and kill the second")
    parser.add_argument("--postgres", action="store_true", help="keep the record on a PostgreSQL server of its own, and kill it")
    asked = parser.parse_args()
    size = Size(asked.rounds, asked.episodes, asked.held_out)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="siren-soak-") as folder, ExitStack() as stack:
        home, peaceful = Path(folder) / "soak", Path(folder) / "peace"
        home.mkdir()
        soak = Soak(home, size, asked.workers, asked.seed, *_ground(asked, stack))
        soak.run(asked.kills)
        undisturbed(peaceful, size)
        lost = losses(home, peaceful, soak.record)
        store = Store.open(soak.record)
        answer = {
            "kills": sum(soak.blows.values()), "of": dict(soak.blows), "episodes": store.count_episodes(NAME),
            "rules": len(_rules(home)), "ray_processes_that_outlived_their_driver": soak.orphans,
            "given_up_over_the_server": soak.lost_servers,
            "minutes": round((time.monotonic() - begun) / 60, 1), "lost": lost,
        }  # fmt: skip
        store.close()
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.exit(bool(lost))


if __name__ == "__main__":
    main()
