"""The miner as a worker: everything on record becomes today's rules.

It keeps the rows it has already made, so each round it reads only what is new; after a restart it reads all again.
"""

from collections.abc import Iterator
from pathlib import Path

from siren import build
from siren.core.episode import Episode, Use
from siren.core.rule import Rule
from siren.learning.failures import StepRow, step_rows
from siren.learning.miner import RuleMiner
from siren.loop.jobs import MiningNews, Publication
from siren.memory.records import Evidence
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker

PRACTICE: tuple[Use, ...] = ("collect", "probe")


class Miner:
    """Reads practised episodes from the store, never the other way round."""

    def __init__(self, database: str) -> None:
        self._store = Store.open(database)
        self._session = ""
        self._seen: set[int] = set()
        self._miner = RuleMiner()
        self._rows: list[StepRow] = []

    def mine(self, session: str, turn: int, publication: Publication) -> MiningNews:
        """Rules from all practice of the session up to and with this round."""
        if session != self._session:
            self._session, self._seen, self._miner, self._rows = session, set(), RuleMiner(), []
        rules = Path(publication.rules)
        observer = build.checker(rules)
        for episode in self._practised(session, turn):
            self._learn_from(episode, observer)
        report = self._miner.mine(build.learned_rules(rules))
        gaps = sorted(report.gaps, key=lambda gap: -gap.unexplained)
        reasons = tuple(
            f"{gap.unexplained} of {gap.failures} '{gap.family}' at {gap.group} unexplained: {gap.reason}" for gap in gaps if gap.reason
        )
        return MiningNews(
            rules=report.rules,
            born=report.born,
            retired=tuple(rule for rule in report.retired if rule.status == "retired"),
            evidence=tuple(piece for rule in report.rules for piece in self._evidence(rule)),
            reasons=reasons,
            rows=report.rows,
        )

    def _learn_from(self, episode: Episode, observer: ClingoChecker) -> None:
        plan, number = episode.decision.plan, episode.id or 0
        model = observer.model(episode.scene, plan, episode.task.goal)
        rows = step_rows(number, episode.task.seed, plan, episode.outcome, model)
        self._miner.add(rows)
        self._rows += rows
        self._seen.add(number)

    def _evidence(self, rule: Rule) -> Iterator[Evidence]:
        """Every executed step that the rule speaks of, and whether it came as the rule says."""
        covered = self._miner.coverage(rule)
        if covered is None or rule.status != "active":
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
