"""A home as the pages see it: its store, the rule files of each session, and the parts that judge. One for a running server.

Rule files are read again only when one of them has changed. A session without rule files of its own (decisions made by hand) shows those
of the session that lent them, or those that ship with SIREN; only files of a session can be edited.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from siren import build
from siren.config import shipped_rules
from siren.core.errors import RuleError, StoreError
from siren.core.rule import Rule
from siren.memory.browse import EpisodeIndex
from siren.memory.database import FILE_NAME
from siren.memory.frames import NAME, Frames
from siren.memory.store import Store
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook, read_rules

BY_HAND = "by-hand-"
T = TypeVar("T")


class Record(NamedTuple):
    """An open store, and all its episodes as short lines."""

    store: Store
    lines: EpisodeIndex


class Archive:
    """Everything on record in one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.frames = Frames(home)
        self._lock = threading.Lock()
        self._open: Record | None = None
        self._books: _Kept[Rulebook] = _Kept(Rulebook.load)
        self._sound: _Kept[Rulebook] = _Kept(build.rulebook)
        self._knowledge: _Kept[Knowledge] = _Kept(Knowledge.load)

    def record(self) -> Record | None:
        """The store of the home, or None as long as there is none: looking makes no file."""
        with self._lock:
            if self._open is None and (self.home / FILE_NAME).exists():
                store = Store.open(self.home)
                self._open = Record(store, EpisodeIndex(store))
            return self._open

    def need(self) -> Record:
        """The store, where a page is about something in it."""
        found = self.record()
        if found is None:
            raise StoreError(f"there is nothing on record in {self.home}; run siren learn first")
        return found

    def rules_folder(self, session: str) -> Path:
        """The folder that holds the rules of a session."""
        name = session.removeprefix(BY_HAND)
        folder = self.home / "sessions" / name / "rules"
        return folder if NAME.fullmatch(name) and folder.is_dir() else shipped_rules()

    def editable(self, session: str) -> bool:
        """Whether the session has rule files of its own."""
        return self.rules_folder(session) == self.home / "sessions" / session / "rules"

    def rulebook(self, session: str) -> Rulebook:
        """All rules of a session, to be shown."""
        return self._books.get(self.rules_folder(session))

    def sound_rulebook(self, session: str) -> Rulebook:
        """All rules of a session, validated, to be judged by."""
        return self._sound.get(self.rules_folder(session))

    def knowledge(self, session: str) -> Knowledge:
        """What the things of a session are."""
        return self._knowledge.get(self.rules_folder(session))

    def rule(self, session: str, name: str) -> Rule:
        """One rule. Raises RuleError when the session has none of that name."""
        found = self.rulebook(session).rules.get(name)
        if found is None:
            raise RuleError(f"session '{session}' has no such rule", source=name[:60])
        return found

    def rule_file(self, session: str, rule: Rule) -> Path:
        """Where a rule stands: a file of its own, or for core rules the file that it shares."""
        folder = self.rules_folder(session)
        if rule.origin != "core":
            return folder / ("retired" if rule.status == "retired" else "learned") / f"{rule.id}.lp"
        shared = sorted((folder / "core").glob("*.lp"))
        return next((path for path in shared if any(other.id == rule.id for other in read_rules(path))), folder / "core")


class _Kept(Generic[T]):
    """What was made of a folder of rules, until a file in it changes."""

    def __init__(self, make: Callable[[Path], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._kept: dict[Path, tuple[frozenset[tuple[str, int, int]], T]] = {}

    def get(self, folder: Path) -> T:
        mark = _mark(folder)
        with self._lock:
            kept = self._kept.get(folder)
            if kept is None or kept[0] != mark:
                kept = self._kept[folder] = (mark, self._make(folder))
            return kept[1]


def _mark(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Name, time and size of every rule file."""
    found: list[tuple[str, int, int]] = []
    for part in ("", "core", "domain", "knowledge", "learned", "retired"):
        if (folder / part).is_dir():
            with os.scandir(folder / part) as entries:
                stats = [(entry.path, entry.stat()) for entry in entries if entry.name.endswith(".lp")]
            found += [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]
    return frozenset(found)
