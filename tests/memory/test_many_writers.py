"""Several processes write at once, and some are killed: every episode that was acknowledged is there, once and whole."""

import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from siren.core.episode import Episode
from siren.memory.store import Store

# Reads one episode as JSON, then records it under one seed after another and prints each seed once `record` has returned.
WRITER = """
import sys
from siren.core.episode import Episode
from siren.memory.store import Store
episode = Episode.model_validate_json(open(sys.argv[2]).read())
store = Store.open(sys.argv[1])
for seed in range(int(sys.argv[3]), int(sys.argv[4])):
    store.record(episode.model_copy(update={"task": episode.task.model_copy(update={"seed": seed})}))
    sys.stdout.write(f"{seed}\\n")
    sys.stdout.flush()
"""


class Office(NamedTuple):
    """Where writers write, and the episode that they write."""

    place: str
    letter: Path


def start_writer(office: Office, first: int, last: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, office.place, str(office.letter), str(first), str(last)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def office(tmp_path: Path, place: str, store: Store, episode) -> Office:
    letter = tmp_path / "episode.json"
    letter.write_text(episode().model_dump_json())
    return Office(place, letter)


@pytest.mark.slow
def test_four_processes_read_then_write_without_an_error(office, store):
    shared, own = 30, 40
    writers = [start_writer(office, 1000 * number, 1000 * number + own) for number in range(3)]
    writers += [start_writer(office, 0, shared)]  # delivers again what the first one delivers
    answers = [(writer, *writer.communicate(timeout=120)) for writer in writers]
    assert [(writer.returncode, problems) for writer, _, problems in answers] == [(0, "")] * 4
    assert store.count_episodes("evening") == 3 * own


@pytest.mark.slow
def test_kill_9_keeps_every_acknowledged_episode_once_and_whole(office, store, tables):
    acknowledged: set[int] = set()
    clock = random.Random(7)
    for life in range(8):
        writer = start_writer(office, 10_000 * life, 10_000 * (life + 1))
        assert writer.stdout is not None
        acknowledged.add(int(writer.stdout.readline()))
        time.sleep(clock.uniform(0.0, 0.3))
        writer.send_signal(signal.SIGKILL)
        acknowledged.update(int(line) for line in writer.communicate()[0].splitlines())
    seeds = [found.task.seed for found in store.episodes("evening")]
    assert acknowledged <= set(seeds)
    assert len(seeds) == len(set(seeds)) <= len(acknowledged) + 8  # one more a life: written, but not yet said
    with tables.connect() as db:
        if db.dialect.name == "sqlite":
            assert db.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        for table in ("steps", "events", "decisions", "verdicts"):
            assert db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == len(seeds)
        assert db.exec_driver_sql("SELECT count(*) FROM candidates").scalar() == 2 * len(seeds)


@pytest.mark.slow
def test_of_several_processes_that_open_a_new_database_all_find_the_schema(place, tmp_path):
    where = place if "://" in place else str(tmp_path / "new")
    program = "import sys; from siren.memory.store import Store; Store.open(sys.argv[1]).sessions()"
    openers = [subprocess.Popen([sys.executable, "-c", program, where], stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [(opener.communicate(timeout=120)[1], opener.returncode) for opener in openers] == [("", 0)] * 4


def test_threads_share_a_store(store, episode):
    def deliver(seed: int) -> Episode:
        return store.episode(store.record(episode(seed % 20)))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(deliver, range(40)))
    assert sorted(one.task.seed for one in found) == sorted(2 * list(range(20)))
    assert store.count_episodes("evening") == 20
