"""A folder or a URL as an open database of the newest schema: engine, pragmas, migration, and every refusal on the way.

SQLite runs in WAL mode with synchronous=FULL and foreign keys on. A transaction that writes says BEGIN IMMEDIATE: with the
default BEGIN, 900 of 1200 read-then-write transactions of four processes failed as locked in spite of a busy timeout.
PostgreSQL runs with synchronous_commit=on, whatever its server's default. This file knows no tables.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from siren.core.errors import StoreError

FILE_NAME = "siren.db"
HEAD = "v0002"  # newest migration; a test compares it with the folder, so that opening a current file need not import alembic
BUSY_SECONDS = 60.0
CONNECT_SECONDS = 10  # an address where nobody answers is said so after that long
MIGRATION_LOCK = 0x51AE4E  # any number, the same for all: whoever migrates a PostgreSQL database holds it
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


def found_schema(place: str | Path) -> str | None:
    """The schema of a database as it is, None when there is none yet. Changes nothing; refuses what `open_database` refuses."""
    if "://" not in str(place):
        path = Path(place) / FILE_NAME
        return _look_at(path) if path.exists() and path.stat().st_size else None
    engine = _url_engine(str(place))
    with refusals(engine.url.render_as_string(hide_password=True)):
        try:
            with engine.connect() as connection:
                return _version_in(connection)
        finally:
            engine.dispose()


@contextmanager
def refusals(place: str) -> Iterator[None]:
    """Turns what the driver raises inside into StoreError with one sentence."""
    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())
        raise StoreError(f"the database {place} cannot be used: {reason}; {_remedy(reason)}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"the database {place} cannot be used: {error}; check its address and that its server runs") from error


def _open_url(url: str) -> Engine:
    engine = _url_engine(url)
    place = engine.url.render_as_string(hide_password=True)
    with refusals(place):
        _bring_to_head(engine, place)
    return engine


def _url_engine(url: str) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=True, connect_args=_postgres_arguments(url))
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:  # ValueError: a port that is no number
        raise StoreError(_unusable_address(url, error)) from error
    if engine.dialect.name == "sqlite":
        raise StoreError(f"expected a folder or the URL of a server, got '{url}'; hand in the folder that holds {FILE_NAME}")
    return engine


def _postgres_arguments(url: str) -> dict[str, Any]:
    """What a connection needs so that a commit that returned is on disk."""
    if not url.startswith("postgresql"):
        return {}
    return {"connect_timeout": CONNECT_SECONDS, "options": "-c synchronous_commit=on", "application_name": "siren"}


def _unusable_address(url: str, error: Exception) -> str:
    """One sentence, and no password in it."""
    if isinstance(error, ModuleNotFoundError):
        return f"PostgreSQL needs the package '{error.name}', which is not installed; install it with: pip install 'siren-vla[postgres]'"
    shown = re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", url)
    return f"expected a folder or a URL such as postgresql://user@host/name, got '{shown}'; write it in that form"


def _look_at(path: Path) -> str | None:
    """Its schema. Refuses, before anything is written, a file that is damaged, foreign or of a newer schema."""
    try:
        with closing(sqlite3.connect(f"file:{path.resolve()}?mode=ro", uri=True, timeout=BUSY_SECONDS)) as connection:
            complaint = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path} cannot be opened: {error}; {_remedy(str(error))}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{path} is no database that can be read ({error}); put a backup in its place or choose another --home") from error
    if complaint != "ok":
        raise StoreError(f"{path} is damaged ({complaint}); put a backup in its place or choose another --home")
    found = version[0] if version else None
    _refuse_unknown(found, bool(tables), str(path))
    return found


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
    """Migrate, or refuse and let go of every connection."""
    try:
        with engine.begin() as connection:
            _upgrade(connection, place)
    except (StoreError, SQLAlchemyError):
        engine.dispose()
        raise


def _upgrade(connection: Connection, place: str) -> None:
    """In the caller's transaction. Of several processes that open a new database, the first migrates and the others wait."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    found = _version_in(connection)
    if found != HEAD:
        _refuse_unknown(found, bool(inspect(connection).get_table_names()), place)
        _migrate(connection)


def _version_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


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
        return f"another process held it for more than {BUSY_SECONDS:g} s; stop that process and try again"
    if "malformed" in reason or "not a database" in reason:
        return "put a backup in its place or choose another --home"
    if "full" in reason or "disk I/O error" in reason or "No space" in reason:
        return "make room on the disk and try again"
    if "readonly" in reason or "unable to open" in reason:
        return "make the file and its folder writable, or choose another --home"
    if "authentication failed" in reason or "no password supplied" in reason:
        return "check the user, and hand in the password by PGPASSWORD or ~/.pgpass"
    if "connection" in reason or "could not translate" in reason:
        return "check its address and that its server runs"
    return "check that it may be read and written"
