"""Opening: a new file is brought to the newest schema; what is damaged, foreign or newer is refused and left as it is."""

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from siren.core.errors import StoreError
from siren.memory.database import HEAD, MIGRATIONS, open_database
from siren.memory.store import Store
from siren.memory.tables import Base


def test_migrations_make_exactly_the_tables_that_the_code_knows(place):
    engine = open_database(place)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_sqlite_is_set_to_lose_nothing(tmp_path):
    with open_database(tmp_path).connect() as connection:
        answers = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert answers == ["wal", 2, 1]


def test_a_newer_schema_is_refused_and_not_changed(tmp_path):
    Store.open(tmp_path).close()
    path = tmp_path / "siren.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE alembic_version SET version_num = 'v0099'")
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(
        StoreError, match="has schema 'v0099', and this SIREN knows schemas up to 'v0002'; nothing was changed; install the newer"
    ):
        Store.open(tmp_path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "siren.db").write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreError, match="is no database that can be read"):
        Store.open(tmp_path)
    assert (tmp_path / "siren.db").read_bytes().startswith(b"this is a letter")


def test_a_torn_file_is_refused(tmp_path, episode):
    store = Store.open(tmp_path)
    store.new_session("evening", "{}")
    for seed in range(40):
        store.record(episode(seed))
    store.close()
    path = tmp_path / "siren.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(StoreError, match="siren.db is (damaged|no database)"):
        Store.open(tmp_path)


def test_another_programs_database_is_refused(tmp_path):
    with closing(sqlite3.connect(tmp_path / "siren.db")) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="holds tables that SIREN did not make; nothing was changed"):
        Store.open(tmp_path)


def test_addresses_that_cannot_be_used_are_refused_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="expected a folder for the database"):
        Store.open(tmp_path / "file" / "home")
    for url in ("nosuch://host/name", "sqlite:///elsewhere.db", "postgresql://me:secret@host:port/name"):
        with pytest.raises(StoreError, match="expected a folder or") as refused:
            Store.open(url)
        assert "secret" not in str(refused.value)


def test_a_current_file_opens_without_alembic(tmp_path):

    Store.open(tmp_path).close()
    program = "import sys; from siren.memory.store import Store; Store.open(sys.argv[1]).sessions(); sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, timeout=60).returncode == 0
