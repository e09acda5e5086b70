"""A full disk, a folder that may not be written, a lock that somebody holds, a clock that is set back: one sentence, nothing lost."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from siren.core.errors import StoreError
from siren.core.rule import Rule
from siren.memory.store import Store

RULE = Rule(id="r0001", text="violated(r0001, (O,), T) :- step(T, pick, O), force(T, firm).", sentence="{O} is crushed")

# Records until something is wrong, and prints each seed once `record` has returned, then the complaint.
WRITER = """
import resource, sys
from siren.core.episode import Episode
from siren.core.errors import StoreError
from siren.memory.store import Store
episode = Episode.model_validate_json(open(sys.argv[2]).read())
store = Store.open(sys.argv[1])
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    for seed in range(10_000):
        store.record(episode.model_copy(update={"task": episode.task.model_copy(update={"seed": seed})}))
        print(seed)
except StoreError as error:
    print(error)
"""


def write_until_refused(home: Path, letter: Path, *limit: str) -> tuple[list[int], str]:
    """The seeds that were acknowledged, and the sentence."""
    command = [sys.executable, "-c", WRITER, str(home), str(letter), *limit]
    *seeds, complaint = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.splitlines()
    return [int(seed) for seed in seeds], complaint


@pytest.fixture
def letter(tmp_path: Path, episode) -> Path:
    path = tmp_path / "episode.json"
    path.write_text(episode().model_dump_json())
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with room for 600 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = (
        os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", folder], check=False).returncode == 0
    )
    if not mounted:
        pytest.skip("only root may mount a small disk; the limit on file sizes is tested without")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_full_disk_is_said_so_and_keeps_what_was_acknowledged(small_disk: Path, letter: Path, episode) -> None:
    begun = Store.open(small_disk)
    begun.new_session("evening", "{}")
    begun.close()
    acknowledged, complaint = write_until_refused(small_disk, letter)
    assert acknowledged
    assert "full" in complaint
    assert "make room on the disk and try again" in complaint
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    store = Store.open(small_disk)
    assert [found.task.seed for found in store.episodes("evening")] == acknowledged
    store.record(episode(20_000))
    assert store.count_episodes("evening") == len(acknowledged) + 1
    store.close()


def test_a_limit_on_file_sizes_is_like_a_full_disk(tmp_path: Path, letter: Path) -> None:
    store = Store.open(tmp_path)
    store.new_session("evening", "{}")
    store.close()
    size = (tmp_path / "siren.db").stat().st_size + 200_000
    acknowledged, complaint = write_until_refused(tmp_path, letter, str(size))
    assert acknowledged
    assert "make room on the disk and try again" in complaint
    assert [found.task.seed for found in Store.open(tmp_path).episodes("evening")] == acknowledged


def test_a_disk_that_may_only_be_read_is_said_so(small_disk: Path) -> None:
    Store.open(small_disk).close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(StoreError, match="make the file and its folder writable, or choose another --home"):
        Store.open(small_disk).new_session("evening", "{}")
    with pytest.raises(StoreError, match="expected a folder for the database at .*Read-only file system"):
        Store.open(small_disk / "new")


def test_a_lock_that_another_process_holds_is_waited_for_and_then_named(tmp_path: Path, episode, monkeypatch) -> None:
    monkeypatch.setattr("siren.memory.database.BUSY_SECONDS", 0.4)
    store = Store.open(tmp_path)
    store.new_session("evening", "{}")
    first = store.record(episode(1))
    program = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None); db.execute('BEGIN IMMEDIATE');"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "siren.db")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(StoreError, match=r"database is locked; another process held it for more than 0.4 s; stop that process"):
        store.record(episode(2))
    assert [found.id for found in store.episodes("evening")] == [first]  # reading goes on beside the lock
    holder.communicate()
    assert store.record(episode(2)) == first + 1
    store.close()


def test_a_clock_that_is_set_back_changes_no_order(store, episode, monkeypatch) -> None:
    def decided(seed: int, digest: str):
        made = episode(seed)
        return made.model_copy(update={"decision": made.decision.model_copy(update={"rulebook": digest})})

    monkeypatch.setattr("siren.memory.rule_log.datetime", Clock)
    store.record_rulebook("tomorrow", [])
    store.record(decided(1, "tomorrow"))
    Clock.year = 2001
    store.record_rulebook("yesterday", [RULE])
    store.record(decided(2, "yesterday"))
    assert store.newest_rulebook() == (RULE,)
    assert [found.task.seed for found in store.episodes("evening")] == [1, 2]


class Clock:
    """Tells the year that it was set to."""

    year = 2040

    @classmethod
    def now(cls, zone: object) -> "Clock":
        return cls()

    def isoformat(self) -> str:
        return f"{self.year}-01-01T00:00:00+00:00"
