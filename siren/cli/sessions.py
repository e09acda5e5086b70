"""Where a command looks: the session that was named, else the newest one of the home, else what ships with SIREN."""

from pathlib import Path
from typing import NamedTuple

from siren.config import SessionConfig, database, shipped_rules
from siren.core.errors import SessionError
from siren.memory.database import FILE_NAME
from siren.memory.store import Store


class Place(NamedTuple):
    """A home, and the session in it that a command is about. Without any session: the shipped rules and no store."""

    home: Path
    session: str
    rules: Path
    config: SessionConfig


def open_record(home: Path, url: str, *, existing: bool = False) -> Store:
    """The store of a home, or at the URL that was given or that the environment names. `existing`: an empty place is refused."""
    where = database(url, home)
    if existing and "://" not in where and not (home / FILE_NAME).exists():
        raise SessionError(f"there is nothing on record in {home}; run siren learn or siren run first, or name another --home")
    return Store.open(where)


def rules_folder(home: Path, session: str) -> Path:
    """The rules of the session, without opening the database: `siren rules list` stays quick."""
    sessions = home / "sessions"
    if session:
        folder = sessions / session / "rules"
        if not folder.is_dir():
            known = ", ".join(sorted(path.name for path in sessions.iterdir())) if sessions.is_dir() else "none"
            raise SessionError(f"there is no session '{session}' in {home}; there are: {known}")
        return folder
    newest = max(sessions.glob("*/rules"), key=lambda path: path.parent.stat().st_mtime, default=None)
    return newest or shipped_rules()


def find_place(home: Path, store: Store, session: str) -> Place:
    """The session by name, or the newest, with its configuration."""
    names = [record.name for record in store.sessions() if not record.name.startswith("by-hand")]
    if not session and not names:
        return Place(home, "", shipped_rules(), SessionConfig())
    record = store.session(session or names[-1])
    return Place(home, record.name, rules_folder(home, record.name), SessionConfig.model_validate_json(record.config))
