"""A database as one file that can be put in its place: SQLite by its backup interface, PostgreSQL by pg_dump.

Both see one moment of the database while others go on writing. The copy is written aside, looked at, synced and renamed.
Frames, rules and weights lie in the home and are files already; they are not part of it.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from siren.core.errors import StoreError
from siren.core.values import Value
from siren.memory.database import BUSY_SECONDS, FILE_NAME, found_schema


class Backup(Value):
    """A copy, and how it is put to use."""

    file: str
    bytes: int
    database_schema: str
    restore: str


def back_up(place: str | Path, out: Path) -> Backup:
    """Copy the database of a folder, or of a URL, to a new file. Raises StoreError, and then leaves nothing behind."""
    schema = found_schema(place)
    if schema is None:
        raise StoreError(f"there is no database to copy in {_shown(place)}; siren learn makes one")
    if out.exists():
        raise StoreError(f"expected the name of a new file, but {out} exists already; choose another name")
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    is_server = "://" in str(place)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if is_server:
            _dump(make_url(str(place)), aside)
        else:
            _copy(Path(place) / FILE_NAME, aside)
        _sync(aside)
        aside.rename(out)
        _sync(out.parent)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"the copy {out} cannot be written: {error}; make room or choose another place") from error
    finally:
        aside.unlink(missing_ok=True)
    restore = f"pg_restore --dbname=URL {out}" if is_server else f"cp {out} HOME/{FILE_NAME}"
    return Backup(file=str(out), bytes=out.stat().st_size, database_schema=schema, restore=restore)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(sqlite3.connect(f"file:{source.resolve()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        complaint = new.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if complaint != "ok":
        raise StoreError(f"the copy of {source} is damaged ({complaint}), so {source} is; use an older backup")


def _dump(url: URL, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise StoreError("a backup of PostgreSQL needs pg_dump, which is not installed; install it (Debian: postgresql-client)")
    where = url.set(drivername="postgresql")._replace(password=None).render_as_string()
    secret = {"PGPASSWORD": url.password} if url.password else {}
    command = [program, "--format=custom", "--no-password", f"--file={target}", f"--dbname={where}"]
    done = subprocess.run(command, env=os.environ | secret, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StoreError(f"pg_dump could not copy {where}: {' '.join(done.stderr.split())}; nothing was written")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _shown(place: str | Path) -> str:
    return make_url(str(place)).render_as_string() if "://" in str(place) else str(place)
