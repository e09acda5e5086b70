"""`siren db`: what a person is told of the record, on a file and on a server."""

import hashlib
import json
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from calling import Siren

from siren.memory.records import CheckpointRecord
from siren.memory.store import Store


def answer(out: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(out.splitlines()[-1])
    return found


def test_a_database_is_made_upgraded_and_checked(here: Siren) -> None:
    made, again = here("db", "upgrade", "--json"), here("db", "upgrade", "--json")
    assert (answer(made.out)["before"], answer(made.out)["after"]) == (None, "v0002")
    assert answer(again.out)["before"] == "v0002"
    checked = here("db", "check", "--json")
    assert checked.code == 0
    assert answer(checked.out)["whole"] is True


def test_what_is_wrong_is_named(here: Siren, tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.new_session("evening", "{}")
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    store.record_checkpoint("evening", 1, CheckpointRecord(name="tuned", path=tmp_path, sha256=digest, published=True))
    store.close()
    assert here("db", "check").code == 0
    (tmp_path / "model.safetensors").write_bytes(b"weighty")
    with closing(sqlite3.connect(tmp_path / "siren.db")) as db:
        db.execute("INSERT INTO rounds VALUES (77, 1, '', NULL, '')")
        db.commit()
    said = here("db", "check")
    assert said.code == 1
    assert "the weights 'tuned'" in said.err
    assert "table rounds, row 1: names a row of sessions that is not there" in said.err


def test_a_backup_takes_the_place_of_what_was_lost(here: Siren, tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.new_session("evening", "{}")
    copied = here("db", "backup", str(tmp_path / "copy.db"), "--json")
    store.new_session("night", "{}")
    store.close()
    assert copied.code == 0, copied.err
    for leftover in tmp_path.glob("siren.db*"):
        leftover.unlink()
    shutil.copy(tmp_path / "copy.db", tmp_path / "siren.db")
    assert [record.name for record in Store.open(tmp_path).sessions()] == ["evening"]
    refused = here("db", "backup", str(tmp_path / "copy.db"))
    assert refused.code == 2
    assert "exists already" in refused.err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["check"], "nothing on record"),
        (["backup"], "no database to copy"),
        (["upgrade", "--database", "here"], "expected a database URL"),
        (["upgrade", "--database", "postgresql://siren@127.0.0.1:1/siren"], "check its address and that its server runs"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(here: Siren, words: list[str], complaint: str) -> None:
    said = here("db", *words)
    assert said.code == 2
    assert complaint in said.err.replace("\n", " ")
    assert "Traceback" not in said.err


def test_a_server_is_backed_up_and_restored_by_its_own_programs(here: Siren, postgres, tmp_path: Path, monkeypatch) -> None:
    url, empty = postgres.new_database(), postgres.new_database()
    monkeypatch.setenv("SIREN_DATABASE", url)
    store = Store.open(url)
    store.new_session("evening", "{}")
    store.close()
    assert here("db", "check").code == 0
    copied = here("db", "backup", str(tmp_path / "copy.dump"), "--json")
    assert copied.code == 0, copied.err
    assert postgres.password not in copied.out + copied.err
    subprocess.run(["pg_restore", f"--dbname={empty}", tmp_path / "copy.dump"], check=True)
    restored = Store.open(empty)
    assert [record.name for record in restored.sessions()] == ["evening"]
    restored.close()
