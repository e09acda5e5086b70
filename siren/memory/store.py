"""The record: core values in, one transaction each, and the same values out again.

    store = Store.open(home)
    store.new_session("evening", config_json)
    store.begin_round("evening", 1)
    number = store.record(episode)              # delivered twice: the same number, and nothing changes
    store.record_rules("evening", 1, rules, evidence)
    store.commit_round("evening", 1, {"success": 0.4}, state_json)

What a call returned from is on disk (SQLite: WAL, synchronous=FULL). Several processes may write at once. A store is opened
in the process that uses it, never carried over a fork. Everything refused is a StoreError.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from siren.core.episode import Episode, Use
from siren.core.errors import StoreError
from siren.core.rule import Rule
from siren.memory import rule_log, training_log
from siren.memory.database import open_database, refusals
from siren.memory.records import Batch, CheckpointRecord, Evidence, RoundRecord, RuleTransition, RuleVersion, Sample, SessionRecord
from siren.memory.rows import episode_row, part_rows, read_episode, read_text
from siren.memory.tables import EpisodeRow, MetricRow, RoundRow, SessionRow

PAGE = 200  # episodes fetched at once by `episodes`; about 2 MB of JSON


class Store:
    """One open database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(read_only=True, postgresql_readonly=True)
        self._place = engine.url.render_as_string(hide_password=True).removeprefix("sqlite:///")

    @classmethod
    def open(cls, place: str | Path) -> "Store":
        """The store in a folder (made when missing), or at a database URL; brought to the newest schema."""
        return cls(open_database(place))

    @property
    def place(self) -> str:
        """The file, or the URL without its password."""
        return self._place

    def close(self) -> None:
        """Give back all connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A read-only transaction for queries of `siren.memory`."""
        with refusals(self._place), Session(self._reader) as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with refusals(self._place), Session(self._engine) as db, db.begin():
            yield db

    # Sessions and rounds.

    def new_session(self, name: str, config: str) -> SessionRecord:
        """Begin a session. `config` is JSON text. A name can be used once."""
        if not name or len(name) > 200:
            raise StoreError(f"expected a session name of 1 to 200 characters, got {len(name)}")
        row = SessionRow(name=name, created=_now(), config=config)
        with self._writing() as db:
            if db.scalar(select(SessionRow.id).where(SessionRow.name == name)) is not None:
                raise StoreError(f"session '{name}' exists already; choose another name, or resume it")
            db.add(row)
            db.flush()
            return _session_record(row)

    def session(self, name: str) -> SessionRecord:
        """The session of that name."""
        with self.reading() as db:
            return _session_record(_session_row(db, name))

    def sessions(self) -> tuple[SessionRecord, ...]:
        """All sessions, oldest first."""
        with self.reading() as db:
            return tuple(_session_record(row) for row in db.scalars(select(SessionRow).order_by(SessionRow.id)))

    def newest_session(self) -> SessionRecord:
        """The session that was begun last."""
        sessions = self.sessions()
        if not sessions:
            raise StoreError(f"{self._place} holds no session yet; begin one with `siren learn`")
        return sessions[-1]

    def begin_round(self, session: str, number: int) -> None:
        """Note that a round is under way. A round that was begun before is gone on with."""
        with self._writing() as db:
            key = (_session_row(db, session).id, number)
            if db.get(RoundRow, key) is None:
                db.add(RoundRow(session_id=key[0], number=number, begun=_now(), committed=None, state="{}"))

    def commit_round(self, session: str, number: int, metrics: Mapping[str, float], state: str) -> None:
        """End a round: its figures, and as JSON text what the driver needs to go on. A committed round stays as it is."""
        with self._writing() as db:
            row = db.get(RoundRow, (_session_row(db, session).id, number))
            if row is None:
                raise StoreError(f"round {number} of session '{session}' was never begun; call begin_round first")
            if row.committed is not None:
                return
            row.committed, row.state = _now(), state
            db.add_all(MetricRow(session_id=row.session_id, round=number, name=name, value=value) for name, value in metrics.items())

    def amend_round(self, session: str, number: int, state: str, checkpoints: Iterable[CheckpointRecord]) -> None:
        """Change what the driver goes on with after a committed round, and the marks of weights, in one transaction: a person's word."""
        with self._writing() as db:
            row = db.get(RoundRow, (_session_row(db, session).id, number))
            if row is None or row.committed is None:
                raise StoreError(f"round {number} of session '{session}' is not committed; only a committed round can be amended")
            row.state = state
            for record in checkpoints:
                training_log.write_checkpoint(db, row.session_id, number, record)

    def last_committed_round(self, session: str) -> RoundRecord | None:
        """Where to go on from, or None before the first commit."""
        with self.reading() as db:
            query = select(RoundRow).where(RoundRow.session_id == _session_row(db, session).id, RoundRow.committed.is_not(None))
            row = db.scalar(query.order_by(RoundRow.number.desc()).limit(1))
            return _round_record(row) if row else None

    def metrics(self, session: str) -> dict[int, dict[str, float]]:
        """The figures of every committed round, by round and name."""
        found: dict[int, dict[str, float]] = {}
        with self.reading() as db:
            query = select(MetricRow).where(MetricRow.session_id == _session_row(db, session).id)
            for row in db.scalars(query.order_by(MetricRow.round, MetricRow.name)):
                found.setdefault(row.round, {})[row.name] = row.value
        return found

    # Episodes.

    def record(self, episode: Episode) -> int:
        """Keep an episode and return its id. The first delivery of (session, round, seed, attempt, use) stands."""
        try:
            with self._writing() as db:
                found = _find_episode(db, episode)
                return found if found is not None else _insert_episode(db, episode)
        except StoreError as error:
            # On PostgreSQL two processes can deliver the same episode at once; the second finds what the first wrote.
            if not isinstance(error.__cause__, IntegrityError):
                raise
            with self.reading() as db:
                found = _find_episode(db, episode)
            if found is None:
                raise
            return found

    def episode(self, number: int) -> Episode:
        """The episode of that id, exactly as it was recorded."""
        with self.reading() as db:
            row = db.get(EpisodeRow, number)
            if row is None:
                last = db.scalar(select(func.max(EpisodeRow.id)))
                known = f"ids go from 1 to {last}" if last else "it holds no episodes yet"
                raise StoreError(f"no episode {number} in {self._place}; {known}")
            return read_episode(row)

    def episodes(
        self, session: str, round: int | None = None, use: Use | None = None, limit: int | None = None, after: int = 0
    ) -> Iterator[Episode]:
        """Episodes in the order of recording, at most `limit`, of ids greater than `after`; fetched by the page, so any number will do."""
        last, left = after, limit
        while left is None or left > 0:
            count = PAGE if left is None else min(PAGE, left)
            with self.reading() as db:
                query = _select_episodes(db, session, round, use).where(EpisodeRow.id > last).order_by(EpisodeRow.id).limit(count)
                page = db.execute(query.with_only_columns(EpisodeRow.id, EpisodeRow.sha256, EpisodeRow.value)).all()
            for number, digest, text in page:  # one by one: with a page of values alive the garbage collector takes most of the time
                yield read_text(number, digest, text)
            if len(page) < count:
                return
            last = page[-1][0]
            left = None if left is None else left - len(page)

    def attempts(self, session: str, round: int, seed: int) -> tuple[Episode, ...]:
        """The agent's own try of a seed in a round, then its probes in order; evaluations are left out."""
        with self.reading() as db:
            query = _select_episodes(db, session, round, None).where(EpisodeRow.seed == seed, EpisodeRow.use != "evaluate")
            return tuple(read_episode(row) for row in db.scalars(query.order_by(EpisodeRow.attempt, EpisodeRow.id)))

    def count_episodes(self, session: str, round: int | None = None, use: Use | None = None) -> int:
        """How many episodes of that kind are recorded."""
        with self.reading() as db:
            return db.scalar(select(func.count()).select_from(_select_episodes(db, session, round, use).subquery())) or 0

    # Rules.

    def record_rules(self, session: str, round: int, rules: Iterable[Rule], evidence: Iterable[Evidence] = ()) -> None:
        """Note how the rules stand, and what has changed. A new version is made only where text or sentence changed."""
        with self._writing() as db:
            rule_log.write_rules(db, _session_row(db, session).id, round, rules, evidence)

    def record_rulebook(self, digest: str, rules: Iterable[Rule]) -> None:
        """Keep all rules in force under the hash that decisions carry, so that they can be judged again later."""
        with self._writing() as db:
            rule_log.write_rulebook(db, digest, rules)

    def rulebook(self, digest: str) -> tuple[Rule, ...] | None:
        """The rules of that hash, or None when they were not kept."""
        with self.reading() as db:
            return rule_log.read_rulebook(db, digest)

    def newest_rulebook(self) -> tuple[Rule, ...]:
        """The rules that were kept last; none when none ever were."""
        with self.reading() as db:
            return rule_log.read_newest_rulebook(db)

    def rule_history(self, rule: str, session: str | None = None) -> tuple[RuleVersion, ...]:
        """All wordings, oldest first. Without a session: of the newest session that has the rule."""
        with self.reading() as db:
            return rule_log.read_history(db, rule, session)

    def rules_before(self, session: str, round: int) -> tuple[Rule, ...]:
        """Every rule of the session as it stood when the rounds before that one had ended, by id."""
        with self.reading() as db:
            return rule_log.read_standing(db, _session_row(db, session).id, round)

    def rule_transitions(self, rule: str, session: str | None = None) -> tuple[RuleTransition, ...]:
        """Every change of its status and of what people wish about it, oldest first. Without a session: of the newest that has the rule."""
        with self.reading() as db:
            return rule_log.read_transitions(db, rule, session)

    def evidence(self, rule: str, session: str | None = None, text: str | None = None) -> tuple[Evidence, ...]:
        """The steps that speak for or against the rule in that wording; without a text, as it is now worded."""
        with self.reading() as db:
            return rule_log.read_evidence(db, rule, session, text)

    def lessons_of(self, episode: int) -> tuple[Evidence, ...]:
        """The rules that an episode speaks for or against."""
        with self.reading() as db:
            return rule_log.read_lessons(db, episode)

    # Weights.

    def record_checkpoint(self, session: str, round: int, checkpoint: CheckpointRecord) -> None:
        """Note weights that lie on disk, and whether the agent uses them from now on."""
        with self._writing() as db:
            training_log.write_checkpoint(db, _session_row(db, session).id, round, checkpoint)

    def checkpoints(self, session: str) -> tuple[CheckpointRecord, ...]:
        """All weights of a session, oldest first."""
        with self.reading() as db:
            return training_log.read_checkpoints(db, _session_row(db, session).id)

    def published_checkpoint(self, session: str) -> CheckpointRecord | None:
        """The weights in use, or None when the session has published none."""
        return next((record for record in reversed(self.checkpoints(session)) if record.published), None)

    def record_batch(self, session: str, round: int, checkpoint: str, samples: Sequence[Sample]) -> int:
        """Note what a fine-tuning run was fed and which checkpoint it made. Returns the batch's id."""
        with self._writing() as db:
            return training_log.write_batch(db, _session_row(db, session).id, round, checkpoint, samples)

    def batches_of(self, episode: int) -> tuple[Batch, ...]:
        """The fine-tuning runs that used that episode, with the samples made of it."""
        with self.reading() as db:
            return training_log.read_batches_of(db, episode)


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _session_row(db: Session, name: str) -> SessionRow:
    row = db.scalar(select(SessionRow).where(SessionRow.name == name))
    if row is None:
        names = db.scalars(select(SessionRow.name).order_by(SessionRow.id.desc()).limit(5)).all()
        raise StoreError(f"no session '{name}' in the store; {'the newest are: ' + ', '.join(names) if names else 'it holds none yet'}")
    return row


def _session_record(row: SessionRow) -> SessionRecord:
    return SessionRecord(name=row.name, created=datetime.fromisoformat(row.created), config=row.config)


def _round_record(row: RoundRow) -> RoundRecord:
    committed = datetime.fromisoformat(row.committed) if row.committed else None
    return RoundRecord(number=row.number, begun=datetime.fromisoformat(row.begun), committed=committed, state=row.state)


def _find_episode(db: Session, episode: Episode) -> int | None:
    query = select(EpisodeRow.id).where(EpisodeRow.session_id == _session_row(db, episode.session).id)
    query = query.where(EpisodeRow.round == episode.round, EpisodeRow.seed == episode.task.seed)
    return db.scalar(query.where(EpisodeRow.attempt == episode.attempt, EpisodeRow.use == episode.use))


def _insert_episode(db: Session, episode: Episode) -> int:
    row = episode_row(episode, _session_row(db, episode.session).id)
    db.add(row)
    db.flush()
    db.add_all(part_rows(episode, row.id))
    return row.id


def _select_episodes(db: Session, session: str, round: int | None, use: Use | None) -> Select[EpisodeRow]:
    """`+ 0` keeps SQLite from the index on sessions: it would sort all rows of the session, texts and all, for every page."""
    number = _session_row(db, session).id
    if round is None:
        query = select(EpisodeRow).where(EpisodeRow.session_id + 0 == number)
    else:
        query = select(EpisodeRow).where(EpisodeRow.session_id == number, EpisodeRow.round == round)
    return query if use is None else query.where(EpisodeRow.use == use)
