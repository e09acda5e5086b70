"""A folder or a URL as an open database of the newest schema: engine, pragmas, migration, and every refusal on the way.

SQLite runs in WAL mode with synchronous=FULL and foreign keys on. A transaction that writes says BEGIN IMMEDIATE: with the
default BEGIN, 900 of 1200 read-then-write transactions of four processes failed as locked in spite of a busy timeout.
This file knows no tables.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from siren.core.errors import StoreError

FILE_NAME = "siren.db"
HEAD = "v0001"  # newest migration; a test compares it with the folder, so that opening a current file need not import alembic
BUSY_SECONDS = 60.0
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(place: str | Path) -> Engine:
    """An engine on the newest schema. `place` is a folder (made when missing) or a database URL.

    Raises StoreError for a damaged file, one that is not SIREN's, and one of a newer schema; those are left as they are.
    """
    if "://" in str(place):
        return _open_url(str(place))
    path = Path(place) / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"expected a folder for the database at {path.parent}, but {error.strerror}; choose another --home") from error
    if path.exists() and path.stat().st_size:
        _look_at(path)
    with refusals(str(path)):
        engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        _bring_to_head(engine, str(path))
    return engine


@contextmanager
def refusals(place: str) -> Iterator[None]:
    """Turns what the driver raises inside into StoreError with one sentence."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the database {place} cannot be used: {error.orig}; {_remedy(str(error.orig))}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database {place} cannot be used: {error}; check its address and that its server runs") from error


def _open_url(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StoreError(f"expected a folder or a URL such as postgresql+psycopg://user@host/name, got '{url}' ({error})") from error
    place = engine.url.render_as_string(hide_password=True)
    if engine.dialect.name == "sqlite":
        raise StoreError(f"expected a folder or the URL of a server, got '{place}'; hand in the folder that holds {FILE_NAME}")
    with refusals(place):
        _bring_to_head(engine, place)
    return engine


def _look_at(path: Path) -> None:
    """Refuse, before anything is written, a file that is damaged, foreign or of a newer schema."""
    try:
        with closing(sqlite3.connect(f"file:{path.resolve()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as connection:
            complaint = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
    except sqlite3.Error as error:
        raise StoreError(f"{path} is no database that can be read ({error}); put a backup in its place or choose another --home") from error
    if complaint != "ok":
        raise StoreError(f"{path} is damaged ({complaint}); put a backup in its place or choose another --home")
    _refuse_unknown(version[0] if version else None, bool(tables), str(path))


def _refuse_unknown(version: str | None, has_tables: bool, place: str) -> None:
    if version is None and has_tables:
        raise StoreError(f"{place} holds tables that SIREN did not make; nothing was changed; choose another --home")
    if version is None or version == HEAD:
        return
    from alembic.script import ScriptDirectory  # 0.15 s, and only an older or newer file needs it

    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if version not in known:
        raise StoreError(
            f"{place} has schema '{version}', and this SIREN knows schemas up to '{HEAD}'; nothing was changed; "
            "install the newer SIREN that wrote it, or choose another --home"
        )


def _bring_to_head(engine: Engine, place: str) -> None:
    """Migrate in one transaction. Of several processes that open a new file, the first migrates and the others wait."""
    with engine.begin() as connection:
        tables = inspect(connection).get_table_names()
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if "alembic_version" in tables else None
        if found == HEAD:
            return
        _refuse_unknown(found, bool(tables), place)
        _migrate(connection)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # SIREN says BEGIN itself, see _begin_sqlite
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    options: Any = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN" if options.get("read_only") else "BEGIN IMMEDIATE")


def _remedy(reason: str) -> str:
    if "locked" in reason:
        return f"another process held it for more than {BUSY_SECONDS:.0f} s; stop that process and try again"
    if "malformed" in reason or "not a database" in reason:
        return "put a backup in its place or choose another --home"
    if "full" in reason:
        return "make room on the disk and try again"
    return "check that it may be read and written"
