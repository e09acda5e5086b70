"""Back to earlier weights by one command: what is in force changes, nothing is lost, and what is not sound is refused."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from siren import build
from siren.config import SessionConfig, shipped_checkpoint
from siren.core.errors import CheckpointError, SessionError
from siren.loop.journal import read_events
from siren.loop.lock import only_driver
from siren.loop.rollback import WEIGHTS, roll_back
from siren.memory.records import CheckpointRecord
from siren.memory.store import Store

CONFIG = SessionConfig(name="night", rounds=3)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A session that published `tuned-1`, then `tuned-2` made from it."""
    store = Store.open(tmp_path)
    store.new_session("night", CONFIG.model_dump_json())
    weights = tmp_path / "sessions" / "night" / "checkpoints"
    for number, parent in ((1, shipped_checkpoint().name), (2, "tuned-1")):
        path = weights / f"tuned-{number}"
        path.mkdir(parents=True)
        shutil.copy(shipped_checkpoint() / "config.json", path)
        (path / WEIGHTS).write_bytes(bytes([number]) * 100)
        digest = hashlib.sha256((path / WEIGHTS).read_bytes()).hexdigest()
        record = CheckpointRecord(name=path.name, path=path, sha256=digest, parent=parent, published=True, reason="no worse")
        store.record_checkpoint("night", number, record)
        store.begin_round("night", number)
        store.commit_round("night", number, {}, json.dumps({"checkpoint": str(path), "rulebook": "cafe"}))
    store.close()
    return tmp_path


def in_force(store: Store) -> str:
    return Path(build.committed_checkpoint(store.last_committed_round("night"), CONFIG)).name


def test_a_step_back_and_another_one(home: Path) -> None:
    store = Store.open(home)
    done = roll_back(store, CONFIG, home)
    assert (Path(done.left).name, Path(done.now).name, in_force(store)) == ("tuned-2", "tuned-1", "tuned-1")
    assert [(one.name, one.published) for one in store.checkpoints("night")] == [("tuned-1", True), ("tuned-2", False)]
    assert "no worse; rolled back to tuned-1 on " in store.checkpoints("night")[1].reason
    state = json.loads(store.last_committed_round("night").state)  # type: ignore[union-attr]
    assert state["rulebook"] == "cafe"
    roll_back(store, CONFIG, home)
    assert in_force(store) == shipped_checkpoint().name
    roll_back(store, CONFIG, home, "tuned-2")
    assert in_force(store) == "tuned-2"
    events = read_events(home / "sessions" / "night" / "events.jsonl")[1]
    assert [event["event"] for event in events] == ["rollback"] * 3


def test_weights_that_are_not_what_they_were_are_refused(home: Path) -> None:
    store = Store.open(home)
    (home / "sessions" / "night" / "checkpoints" / "tuned-1" / WEIGHTS).write_bytes(b"other")
    with pytest.raises(CheckpointError, match="is not what was recorded as 'tuned-1'"):
        roll_back(store, CONFIG, home)
    assert in_force(store) == "tuned-2"


def test_what_cannot_be_gone_back_to_is_named(home: Path) -> None:
    store = Store.open(home)
    with pytest.raises(SessionError, match="has no weights 'tuned-9'; weights on record: siren-tiny, tuned-1, tuned-2"):
        roll_back(store, CONFIG, home, "tuned-9")
    with pytest.raises(SessionError, match="uses 'tuned-2' already"):
        roll_back(store, CONFIG, home, "tuned-2")
    with only_driver(home / "sessions" / "night"), pytest.raises(SessionError, match="is being run by another process"):
        roll_back(store, CONFIG, home)
    assert in_force(store) == "tuned-2"
