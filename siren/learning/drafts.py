"""Rules in the making as those that stand: judged on their evidence, then taken best first for what better ones leave unexplained."""

from dataclasses import dataclass

import numpy as np

from siren.core.rule import IN_FORCE, Rule, Status
from siren.core.statistics import wilson
from siren.learning.crossing import FEW, Crossed
from siren.learning.lifecycle import overreach
from siren.learning.silence import Silence
from siren.learning.tally import cases, share
from siren.learning.vetting import STAYS_ABOVE, Evidence, Z

INCUMBENT = 0.03  # by how much a newcomer's bound has to be better than that of the rule it would replace


@dataclass(frozen=True)
class Gap:
    """Failures of one family at one group of steps that no active rule explains, and why no rule was found for them."""

    group: str
    family: str
    failures: int
    unexplained: int
    reason: str  # why no conjunction was found at all; empty when some were
    why: Silence | None = None  # why the unexplained ones have none; None when all are explained


@dataclass
class Case:
    """All steps of a group that say something about a family: its failures, and steps that got past the point where it strikes."""

    group: str
    family: str
    index: np.ndarray  # into the miner's rows, int (M,)
    labels: np.ndarray  # bool (M,), True for a failure of the family
    held: np.ndarray  # bool (M,), True where the scene only judges
    well: np.ndarray  # bool (M,), True where nothing at all went wrong
    scenes: np.ndarray  # int (M,), the seeds of the scenes
    crossed: Crossed | None = None  # where steps are few: what the search finds without each part of them

    def evidence(self, covered: np.ndarray) -> Evidence:
        failed, other = covered & self.labels, covered & ~self.labels
        return Evidence(
            hits=self.count(failed & ~self.held),
            misses=self.count(other & ~self.held),
            held_hits=self.count(failed & self.held),
            held_misses=self.count(other & self.held),
            base=share(self.labels, self.units),
            crossed=None if self.crossed is None else self.crossed.judged(covered),
        )

    def count(self, rows: np.ndarray) -> int:
        """How many cases some of its steps come to. rows: bool (M,)"""
        return cases(rows, self.units)

    def witnesses(self, rows: np.ndarray) -> int:
        """How many scenes some of its steps are from: what one scene shows five times may be that scene's alone. rows: bool (M,)"""
        return len(np.unique(self.scenes[rows]))

    @property
    def units(self) -> np.ndarray:
        """What its steps are counted by, int (M,): scenes; where steps are few each by itself, since folds keep scenes apart there."""
        return self.scenes if len(self.labels) > FEW else np.arange(len(self.labels))


@dataclass(eq=False)
class Draft:
    """A rule in the making: one of today's rules, or a conjunction just found."""

    rule: Rule | None  # None for a newcomer
    text: str  # with the id of the rule, or NAMELESS
    sentence: str
    covered: np.ndarray  # over the rows of the case
    evidence: Evidence
    status: Status

    reason: str = ""
    superseded: bool = False

    @property
    def rank(self) -> float:
        """Pooled bound; one that is in force already is not pushed aside by a hair."""
        in_force = self.rule is not None and self.rule.in_force
        return self.evidence.bound + (INCUMBENT if in_force else 0.0)

    @property
    def new(self) -> bool:
        """Whether it would come into force now."""
        return self.status in IN_FORCE and (self.rule is None or not self.rule.in_force)


def quarantine(case: Case, draft: Draft, objection: str) -> None:
    """Keep a rule out of force that forbids too much, with the reason. `objection`: what else speaks against its being in force."""
    if draft.status not in IN_FORCE:
        return
    draft.reason = overreach(int(case.well.sum()), int((draft.covered & case.well).sum()), draft.evidence) or objection
    if draft.reason:
        draft.status = "quarantined"


def settle(case: Case, drafts: list[Draft], granted: np.ndarray) -> list[Draft]:
    """Best first, each for what better ones leave: what adds nothing is retired if it was a rule, and forgotten if it was not.

    granted: bool (M,), what rules of people explain already. Rules in quarantine and on stand-by are kept beside the others.
    """
    covered = granted.copy()
    kept: list[Draft] = []
    for statuses in (IN_FORCE, ("standby",), ("shadow",)):
        for draft in sorted((draft for draft in drafts if draft.status in statuses), key=lambda draft: (-draft.rank, draft.text)):
            fresh = draft.covered & ~covered
            hits, misses = case.count(fresh & case.labels), case.count(fresh & ~case.labels)
            suspicion = draft.status == "shadow"
            told = case.witnesses(fresh & case.labels) if suspicion else hits
            bar = STAYS_ABOVE * (0.5 if suspicion else 1)
            if told >= 2 and wilson(hits, hits + misses, Z)[0] > bar:
                covered |= draft.covered
                kept.append(draft)
            elif draft.rule is not None:
                draft.status, draft.superseded = "retired", True
                kept.append(draft)
    kept = [draft for draft in kept if not _swallowed(draft, kept) or draft.rule is not None]
    gone = (draft for draft in drafts if draft.status == "retired" and draft not in kept and draft.rule is not None)
    return [*kept, *gone, *(draft for draft in drafts if draft.status == "quarantined")]


def _swallowed(draft: Draft, kept: list[Draft]) -> bool:
    """Whether a rule in force forbids nothing that a wider one in force does not forbid as well; if it was a rule, it is retired."""
    ahead = kept.index(draft)
    for place, other in enumerate(kept):
        if other is draft or draft.status not in IN_FORCE or other.status not in IN_FORCE or (draft.covered & ~other.covered).any():
            continue
        if place < ahead or (other.covered & ~draft.covered).any():
            draft.status, draft.superseded = "retired", True
    return draft.superseded


def unexplained(case: Case, kept: list[Draft], granted: np.ndarray) -> np.ndarray:
    """Failures of the case that no rule in force explains. granted: what rules of people explain. bool (M,)"""
    explained = granted.copy()
    for draft in kept:
        if draft.status in (*IN_FORCE, "standby"):
            explained |= draft.covered
    return np.asarray(case.labels & ~explained)
