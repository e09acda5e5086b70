"""The miner as a worker: everything on record becomes today's rules.

It keeps the rows it has already made, so each round it reads only what is new; after a restart it reads all again.
"""

from collections.abc import Iterator
from pathlib import Path

from siren import build
from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.learning.failures import StepRow, step_rows
from siren.learning.miner import RuleMiner
from siren.learning.overgeneral import ways_left
from siren.loop.jobs import MiningNews, Publication
from siren.memory.records import PRACTICE, Evidence
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.relations import relations
from siren.symbolic.rulebook import Rulebook

SEARCHED = "searched"  # metric of a round: 1 when new rules were sought in it


class Miner:
    """Reads practised episodes from the store, never the other way round."""

    def __init__(self, database: str) -> None:
        self._store = Store.open(database)
        self._session = ""
        self._seen: set[int] = set()
        self._miner = RuleMiner()
        self._rows: list[StepRow] = []
        self._rounds: dict[int, int] = {}  # the round of each episode
        self._scenes: dict[int, tuple[Scene, Goal]] = {}

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        """Rules from all practice of the session up to and with this round."""
        if session != self._session:
            self._begin(session, build.rulebook(Path(publication.rules)), Knowledge.load(Path(publication.rules)))
        rules = Path(publication.rules)
        observer = build.checker(rules)
        for episode in self._practised(session, turn):
            self._learn_from(episode, observer)
        searched = self._due(session, turn)
        report = self._miner.mine(build.learned_rules(rules), search=searched)
        gaps = sorted(report.gaps, key=lambda gap: -gap.unexplained)
        reasons = tuple(
            f"{gap.unexplained} of {gap.failures} '{gap.family}' at {gap.group} unexplained: {gap.reason}" for gap in gaps if gap.reason
        )
        return MiningNews(
            rules=report.rules,
            born=report.born,
            retired=report.retired,
            evidence=tuple(piece for rule in report.rules for piece in self._evidence(rule)),
            reasons=reasons,
            rows=report.rows,
            searched=searched,
            relations=tuple(found.sentence for found in relations([rule for rule in report.rules if rule.in_force])),
        )

    def _begin(self, session: str, book: Rulebook, knowledge: Knowledge) -> None:
        """Forget everything; what is on record is read again."""
        core = [rule for rule in book.judging() if rule.hard]
        self._session, self._seen, self._rows, self._rounds, self._scenes = session, set(), [], {}, {}
        self._miner = RuleMiner(objection=ways_left(self._scenes, core, knowledge))

    def _due(self, session: str, turn: int) -> bool:
        """Whether to seek new rules: enough has failed unexplained since they were last sought.

        Both the rules and the moment are those on record, so that a round that is done a second time comes to the same.
        """
        metrics = self._store.metrics(session)
        last = max((number for number, row in metrics.items() if number < turn and row.get(SEARCHED)), default=0)
        seen = sum(self._rounds[row.episode] <= last for row in self._rows)
        return self._miner.due(self._store.rules_before(session, turn), seen)

    def _learn_from(self, episode: Episode, observer: ClingoChecker) -> None:
        plan, number = episode.decision.plan, episode.id or 0
        model = observer.model(episode.scene, plan, episode.task.goal)
        rows = step_rows(number, episode.task.seed, plan, episode.outcome, model)
        self._miner.add(rows)
        self._rows += rows
        self._rounds[number] = episode.round
        self._scenes[number] = (episode.scene, episode.task.goal)
        self._seen.add(number)

    def _evidence(self, rule: Rule) -> Iterator[Evidence]:
        """Every executed step that the rule speaks of, and whether it came as the rule says: what bears it out, and what refuted it."""
        covered = self._miner.coverage(rule)
        if covered is None or not (rule.in_force or rule.status == "retired"):
            return
        for row, holds in zip(self._rows, covered, strict=True):
            if holds and row.family in (rule.kind, None):
                yield Evidence(rule=rule.id, episode=row.episode, step=row.step, polarity="for" if row.family else "against")

    def _practised(self, session: str, turn: int) -> list[Episode]:
        """What is new, in an order that does not depend on who finished first."""
        new = [
            episode
            for use in PRACTICE
            for episode in self._store.episodes(session, use=use)
            if episode.id not in self._seen and episode.round <= turn
        ]
        return sorted(new, key=lambda episode: (episode.round, episode.task.seed, episode.attempt))
