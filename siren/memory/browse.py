"""The record as lists that a person leafs through: episodes by filter and page, rounds, and the course of a rule.

`EpisodeIndex` keeps one short line an episode in memory (50,000 of them are about 15 MB) and reads only what is new, because episodes
are never changed: a page then costs no walk over rows that carry 10 kB of JSON each.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import Field
from sqlalchemy import select

from siren.core.episode import Episode
from siren.core.values import Value
from siren.memory.records import RoundRecord
from siren.memory.rows import read_text
from siren.memory.store import PAGE, Store
from siren.memory.tables import (
    CheckpointRow,
    DecisionRow,
    EpisodeRow,
    RoundRow,
    RuleRow,
    RuleStandingRow,
    RuleVersionRow,
    SessionRow,
    VerdictRow,
)


class EpisodeLine(NamedTuple):
    """What a list shows of one episode."""

    id: int
    session: str
    round: int
    use: str
    seed: int
    attempt: int
    instruction: str
    goal_object: str
    goal_target: str | None
    success: bool
    cause: str | None  # kind of the first event
    cause_object: str | None
    cause_step: int | None


class EpisodeFilter(Value):
    """Which episodes are wanted. Empty fields do not filter."""

    session: str = ""
    outcome: Literal["", "success", "failure"] = ""
    use: str = ""
    round: int | None = None
    cause: str = Field(default="", description="kind of the first thing that went wrong")
    rule: str = Field(default="", description="id of a rule that refused one of the proposals")
    object: str = Field(default="", description="a thing that the goal names, or that the first event befell")

    def accepts(self, line: EpisodeLine) -> bool:
        """Whether a line passes everything but the rule, which is not on the line."""
        return (
            self.session in ("", line.session)
            and (not self.outcome or line.success == (self.outcome == "success"))
            and self.use in ("", line.use)
            and self.round in (None, line.round)
            and self.cause in ("", line.cause)
            and self.object in ("", line.goal_object, line.goal_target, line.cause_object)
        )


class Page(NamedTuple):
    """Some lines, newest first, and how many there are in all. `older` is the next page's `before`, None on the last."""

    lines: tuple[EpisodeLine, ...]
    total: int
    older: int | None


class Standing(NamedTuple):
    """What was thought of a rule at the end of a round."""

    round: int
    version: int
    status: str
    support: int
    against: int
    confidence: float


class Tally:
    """Episodes of one session as counts by (round, use): how many, how many successes, and what first went wrong in the others."""

    def __init__(self) -> None:
        self.trials: Counter[tuple[int, str]] = Counter()
        self.successes: Counter[tuple[int, str]] = Counter()
        self.causes: dict[tuple[int, str], Counter[str]] = {}

    def add(self, line: EpisodeLine) -> None:
        """One episode more."""
        key = (line.round, line.use)
        self.trials[key] += 1
        self.successes[key] += line.success
        if not line.success:
            self.causes.setdefault(key, Counter())[line.cause or "goal not reached"] += 1


class EpisodeIndex:
    """All episodes of a store as short lines, oldest first. May be asked from several threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._lines: list[EpisodeLine] = []
        self._tallies: dict[str, Tally] = {}

    def tally(self, session: str) -> Tally:
        """The session's episodes by now, counted as they come in. A copy, since others may come in meanwhile."""
        self.all()
        with self._lock:
            return deepcopy(self._tallies.get(session, Tally()))

    def all(self) -> Sequence[EpisodeLine]:
        """Every episode on record by now."""
        with self._lock:
            last = self._lines[-1].id if self._lines else 0
            columns = (
                EpisodeRow.id, SessionRow.name, EpisodeRow.round, EpisodeRow.use, EpisodeRow.seed, EpisodeRow.attempt,
                EpisodeRow.instruction, EpisodeRow.goal_object, EpisodeRow.goal_target, EpisodeRow.success,
                EpisodeRow.root_kind, EpisodeRow.root_object, EpisodeRow.root_step,
            )  # fmt: skip
            query = select(*columns).join(SessionRow, SessionRow.id == EpisodeRow.session_id).where(EpisodeRow.id > last)
            with self._store.reading() as db:
                fresh = [EpisodeLine._make(row) for row in db.execute(query.order_by(EpisodeRow.id))]
            for line in fresh:
                self._tallies.setdefault(line.session, Tally()).add(line)
            self._lines += fresh
            return self._lines

    def line(self, number: int) -> EpisodeLine | None:
        """The line of one episode, or None when there is none of that id."""
        lines = self.all()
        place = bisect_left(lines, number, key=lambda line: line.id)
        return lines[place] if place < len(lines) and lines[place].id == number else None

    def page(self, wanted: EpisodeFilter, before: int | None = None, count: int = 50) -> Page:
        """The newest `count` episodes that pass the filter, of those with an id under `before`."""
        refused = self._refused_by(wanted.rule) if wanted.rule else None
        found = [line for line in self.all() if wanted.accepts(line) and (refused is None or line.id in refused)]
        left = found if before is None else [line for line in found if line.id < before]
        shown = tuple(reversed(left[-count:]))
        return Page(shown, len(found), shown[-1].id if len(left) > count else None)

    def _refused_by(self, rule: str) -> set[int]:
        with self._store.reading() as db:
            return set(db.scalars(select(VerdictRow.episode_id).where(VerdictRow.rule == rule)))


def repaired_among(store: Store, episodes: Sequence[int]) -> frozenset[int]:
    """Those of the episodes whose plan was changed by the rules."""
    with store.reading() as db:
        query = select(DecisionRow.episode_id).where(DecisionRow.episode_id.in_(episodes), DecisionRow.repaired)
        return frozenset(db.scalars(query))


def rounds_of(store: Store, session: str) -> tuple[RoundRecord, ...]:
    """All rounds of a session that were begun, in order."""
    with store.reading() as db:
        query = select(RoundRow).join(SessionRow, SessionRow.id == RoundRow.session_id).where(SessionRow.name == session)
        return tuple(
            RoundRecord(
                number=row.number,
                begun=datetime.fromisoformat(row.begun),
                committed=datetime.fromisoformat(row.committed) if row.committed else None,
                state=row.state,
            )
            for row in db.scalars(query.order_by(RoundRow.number))
        )


def course_of(store: Store, session: str, rule: str) -> tuple[Standing, ...]:
    """How a rule stood at the end of each round, oldest first; empty for a rule that the session has not recorded."""
    columns = (
        RuleStandingRow.round, RuleVersionRow.number, RuleStandingRow.status,
        RuleStandingRow.support, RuleStandingRow.against, RuleStandingRow.confidence,
    )  # fmt: skip
    query = select(*columns).join(RuleVersionRow, RuleVersionRow.id == RuleStandingRow.version_id)
    query = query.join(RuleRow, RuleRow.id == RuleVersionRow.rule_id).join(SessionRow, SessionRow.id == RuleRow.session_id)
    query = query.where(SessionRow.name == session, RuleRow.name == rule)
    with store.reading() as db:
        return tuple(Standing(*row) for row in db.execute(query.order_by(RuleStandingRow.round, RuleVersionRow.number)))


def checkpoint_rounds(store: Store, session: str) -> dict[str, int]:
    """The round in which each of a session's weights was made."""
    with store.reading() as db:
        query = select(CheckpointRow.name, CheckpointRow.round).join(SessionRow, SessionRow.id == CheckpointRow.session_id)
        return {name: number for name, number in db.execute(query.where(SessionRow.name == session))}


def newest_episodes(store: Store, session: str, count: int) -> Iterator[Episode]:
    """At most `count` episodes of a session, the newest first; fetched by the page, so any number will do."""
    number = select(SessionRow.id).where(SessionRow.name == store.session(session).name).scalar_subquery()
    columns = select(EpisodeRow.id, EpisodeRow.sha256, EpisodeRow.value)
    before, left = None, count
    while left > 0:
        query = columns.where(EpisodeRow.session_id + 0 == number)  # as in Store.episodes: not by the index, which would sort all texts
        if before is not None:
            query = query.where(EpisodeRow.id < before)
        with store.reading() as db:
            page = db.execute(query.order_by(EpisodeRow.id.desc()).limit(min(PAGE, left))).all()
        yield from (read_text(*row) for row in page)
        if len(page) < min(PAGE, left):
            return
        before, left = page[-1][0], left - len(page)
