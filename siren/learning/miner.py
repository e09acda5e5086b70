"""Rows of all episodes so far, and today's rules, as tomorrow's rules: born, kept, replaced, retired, or still a suspicion.

    miner.add(step_rows(...))            after every episode
    report = miner.mine(rulebook_rules)  after every round
    report.rules                         what the rulebook should hold from now on

For each group of steps and each family of events, conjunctions are sought on the scenes that may teach and judged on those held out.
Rules are then taken best first, each for what better ones leave unexplained. It does not know how many rules there are to be found.
"""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from siren.core.rule import Rule, Status
from siren.core.statistics import wilson
from siren.learning import features
from siren.learning.drafts import Case, Draft, Gap, settle, unexplained
from siren.learning.failures import StepRow
from siren.learning.features import StepView
from siren.learning.induce import Induction, Search, induce
from siren.learning.literals import Literal, body_of, rule_sentence, rule_text
from siren.learning.matching import Body, by_name
from siren.learning.rounding import covered, rounded
from siren.learning.silence import Place, why_silent
from siren.learning.vetting import STAYS_ABOVE, Z, held_out, judge
from siren.symbolic.asp import Term

TAUGHT_BY = 20  # episode ids kept with a rule
PILE, PILE_SHARE = 5, 0.03  # unexplained failures since the last mining that make the next one due; the share is of all failures


@dataclass(frozen=True)
class MiningReport:
    """What one round of mining came to."""

    rules: tuple[Rule, ...]  # every rule that was handed in or born, with its record as of now
    born: tuple[Rule, ...]  # became active now
    changed: tuple[Rule, ...]  # same status, other counts
    retired: tuple[Rule, ...]  # left today
    shadows: tuple[Rule, ...]  # suspicions: evaluated, not in force
    gaps: tuple[Gap, ...]
    rows: int
    seconds: float  # of processor time


@dataclass
class _Memory:
    """Rows and what was worked out about them, so that nothing is worked out twice."""

    rows: list[StepRow] = field(default_factory=list)
    views: list[StepView] = field(default_factory=list)
    atoms: list[dict[str, list[tuple[Term, ...]]]] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    matched: dict[str, list[bool]] = field(default_factory=dict)


NAMELESS = "r0000"


class RuleMiner:
    """Collects labelled steps and turns them into rules."""

    def __init__(self, search: Search | None = None, judges: Callable[[int], bool] = held_out) -> None:
        """`judges` says of a scene's seed whether its steps only judge rules and teach none."""
        self._search = search or Search()
        self._judges = judges
        self._memory = _Memory()
        self._mined = 0  # rows that the last mining has seen

    def __len__(self) -> int:
        return len(self._memory.rows)

    def add(self, rows: Sequence[StepRow]) -> None:
        """Take in the steps of one episode."""
        for row in rows:
            self._memory.rows.append(row)
            self._memory.views.append(features.view(row))
            self._memory.atoms.append(by_name(row.atoms))
            self._memory.held.append(self._judges(row.seed))

    def mine(self, rules: Sequence[Rule], today: date | None = None) -> MiningReport:
        """Tomorrow's rules. Rules of people and of the core, and what a person disabled, come back untouched."""
        started = time.process_time()
        self._mined = len(self)
        names = _Names(rules)
        after: dict[str, Rule] = {rule.id: rule for rule in rules}
        explained = np.zeros(len(self), dtype=bool)  # failures that a rule of a later family accounts for
        gaps = []
        for group, family, strikes in self._troubles():
            case = self._case(group, family, strikes, explained)
            columns, found = self._induced(case)
            drafts = self._drafts(case, rules, columns, found)
            kept = settle(case, drafts)
            for draft in kept:
                rule = self._recorded(case, draft, names, today)
                after[rule.id] = rule
                if draft.status == "active":
                    explained[case.index[draft.covered & case.labels]] = True
            gaps.append(self._gap(case, kept, columns, bool(found.bodies)))
        return _report(rules, after, gaps, len(self), time.process_time() - started)

    def due(self, rules: Sequence[Rule]) -> bool:
        """Whether mining again could change anything: failures have piled up that no rule in force explains, or a rule is refuted.

        Cheap: only what has come since the last call is looked at. At least five such failures, or 3 % of all, as in the last mining.
        """
        judging = [rule for rule in rules if rule.status in ("active", "probation") and rule.origin == "mined"]
        held = [(rule, covered) for rule in judging if (covered := self.coverage(rule)) is not None]
        explained = np.zeros(len(self), dtype=bool)
        for rule, covered in held:
            same = np.array([row.family == rule.kind for row in self._memory.rows], dtype=bool)
            explained |= covered & same
        failed = np.array([row.family is not None for row in self._memory.rows], dtype=bool)
        fresh = int((failed & ~explained)[self._mined :].sum())
        return fresh >= max(PILE, PILE_SHARE * int(failed.sum())) or any(self._refuted(rule, covered) for rule, covered in held)

    def _refuted(self, rule: Rule, covered: np.ndarray) -> bool:
        rows = [row for row, held in zip(self._memory.rows, covered, strict=True) if held and row.family in (rule.kind, None)]
        hits = sum(row.family == rule.kind for row in rows)
        return bool(rows) and wilson(hits, len(rows), Z)[0] <= STAYS_ABOVE

    def coverage(self, rule: Rule) -> np.ndarray | None:
        """On which rows the body of a rule holds, bool (rows,), or None when its text is beyond what is read here."""
        key = body_of(rule)
        known = self._memory.matched.setdefault(key, [])
        body = Body.read(rule.text)
        if body is None:
            return None
        known.extend(body.holds(atoms) for atoms in self._memory.atoms[len(known) :])
        return np.array(known, dtype=bool)

    def _troubles(self) -> list[tuple[str, str, int]]:
        """Every group and family seen so far, with the phase in which it mostly strikes; late ones first."""
        phases: dict[tuple[str, str], list[int]] = {}
        for row in self._memory.rows:
            if row.family is not None:
                phases.setdefault((row.group, row.family), []).append(row.phase)
        found = [(group, family, sorted(seen)[len(seen) // 2]) for (group, family), seen in phases.items()]
        return sorted(found, key=lambda trouble: (trouble[0], -trouble[2], trouble[1]))

    def _case(self, group: str, family: str, strikes: int, explained: np.ndarray) -> Case:
        """Beside the family's failures, steps that went well or failed later for no known reason.

        What failed before says nothing about this family; and what failed later by a known rule might have failed by this one as well,
        had the other not made the step go differently: a thing too wide for the fingers never lets the hand reach what stands on it.
        """
        rows = self._memory.rows
        index = [
            i
            for i, row in enumerate(rows)
            if row.group == group and (row.family == family or (row.phase > strikes and not (row.family is not None and explained[i])))
        ]
        labels = np.array([rows[i].family == family for i in index], dtype=bool)
        return Case(group, family, np.array(index, dtype=np.int64), labels, np.array([self._memory.held[i] for i in index], dtype=bool))

    def _drafts(self, case: Case, rules: Sequence[Rule], columns: features.Columns, found: Induction) -> list[Draft]:
        """Today's rules of the family and the conjunctions just found, each judged."""
        drafts = [draft for rule in rules if (draft := self._incumbent(case, rule)) is not None]
        known = {re.sub(r"\s+", "", draft.text.partition(":-")[2]) for draft in drafts}
        for body in found.bodies:
            chosen, holds = self._rounded(case, [columns.literals[i] for i in body])
            text = rule_text(NAMELESS, case.group, chosen)
            if re.sub(r"\s+", "", text.partition(":-")[2]) in known:
                continue
            known.add(re.sub(r"\s+", "", text.partition(":-")[2]))
            evidence = case.evidence(holds)
            sentence = rule_sentence(case.group, case.family, chosen)
            drafts.append(Draft(None, text, sentence, holds, evidence, judge(evidence, None)))
        return drafts

    def _gap(self, case: Case, kept: list[Draft], columns: features.Columns, some: bool) -> Gap:
        """What is left unexplained, and why. `some` says whether any conjunction was found."""
        left = unexplained(case, kept)
        why = None
        if left.any():
            places = [Place(episode=self._memory.rows[i].episode, step=self._memory.rows[i].step) for i in case.index]
            why = why_silent(columns.values, left, ~case.labels, places, self._search.min_support)
        reason = "" if some or why is None else str(why)
        return Gap(case.group, case.family, int(case.labels.sum()), int(left.sum()), reason, why)

    def _induced(self, case: Case) -> tuple[features.Columns, Induction]:
        """Conjunctions over the rows that may teach: once, and again with cuts read off what is left when the others are granted."""
        views = [self._memory.views[i] for i in case.index]
        teaching = ~case.held
        columns = features.build(views, case.labels, [teaching])
        found = self._search_in(columns, case.labels, teaching)
        covers = [columns.values[list(body)].all(axis=0) for body in found.bodies]
        if not covers:
            return columns, found
        others = [covers[:i] + covers[i + 1 :] for i in range(len(covers))]
        left = [teaching & ~np.any(granted, axis=0) for granted in (covers, *others) if granted]
        readings = [read for read in left if int((read & case.labels).sum()) >= self._search.min_support]
        if not readings:
            return columns, found
        columns = features.build(views, case.labels, [teaching, *readings])
        return columns, self._search_in(columns, case.labels, teaching)

    def _search_in(self, columns: features.Columns, labels: np.ndarray, teaching: np.ndarray) -> Induction:
        return induce(columns.values[:, teaching], columns.costs, labels[teaching], self._search, columns.kinds)

    def _rounded(self, case: Case, literals: Sequence[Literal]) -> tuple[tuple[Literal, ...], np.ndarray]:
        """Conditions with their best cuts, read off the rows that may teach; and on which rows of the case they hold."""
        atoms = [self._memory.atoms[i] for i in case.index]
        teaching = [row for row, held in zip(atoms, case.held, strict=True) if not held]
        chosen = rounded(case.group, literals, teaching, case.labels[~case.held], self._search.error)
        return chosen, covered(case.group, chosen, atoms)

    def _incumbent(self, case: Case, rule: Rule) -> Draft | None:
        """A mined rule of this family and group as it stands on the rows of today; None for every other rule."""
        if rule.origin != "mined" or rule.kind != case.family or rule.status == "disabled" or group_of_rule(rule) != case.group:
            return None
        everywhere = self.coverage(rule)
        if everywhere is None:
            return None
        evidence = case.evidence(everywhere[case.index])
        before = None if rule.status == "retired" else rule.status  # a refuted rule may come back on new evidence
        return Draft(rule, rule.text, rule.sentence, everywhere[case.index], evidence, judge(evidence, before))

    def _recorded(self, case: Case, draft: Draft, names: "_Names", today: date | None) -> Rule:
        """The draft as a rule with its record."""
        taught = dict.fromkeys(self._memory.rows[i].episode for i in case.index[draft.covered & case.labels])
        record: dict[str, object] = {
            "status": draft.status,
            "support": draft.evidence.support,
            "against": draft.evidence.against,
            "confidence": round(draft.evidence.bound, 4),
            "episodes": tuple(taught)[:TAUGHT_BY],
        }
        if draft.rule is not None:
            return Rule.model_validate({**draft.rule.model_dump(), **record})
        name = names.next()
        text = draft.text.replace(NAMELESS, name, 1)
        return Rule.model_validate({"id": name, "text": text, "sentence": draft.sentence, "kind": case.family, "created": today, **record})


class _Names:
    """r0001, r0002, ...: one beyond the highest that was ever given out."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        taken = [int(match[1]) for rule in rules if (match := re.fullmatch(r"r(\d+)", rule.id))]
        self._last = max(taken, default=0)

    def next(self) -> str:
        self._last += 1
        return f"r{self._last:04d}"


def group_of_rule(rule: Rule) -> str | None:
    """The group of steps that a learned rule speaks of, read off its text."""
    body = body_of(rule)
    for skill in ("pick", "open", "push", "tip"):
        if f"step(T,{skill},O)" in body:
            return skill
    return "put" if "target(T," in body else None


def _report(rules: Sequence[Rule], after: dict[str, Rule], gaps: list[Gap], rows: int, seconds: float) -> MiningReport:
    before = {rule.id: rule for rule in rules}
    in_force = ("active", "probation")

    def was(rule: Rule) -> Status | None:
        return before[rule.id].status if rule.id in before else None

    listed = tuple(after[name] for name in sorted(after))
    return MiningReport(
        rules=listed,
        born=tuple(rule for rule in listed if rule.status == "active" and was(rule) not in in_force),
        changed=tuple(rule for rule in listed if was(rule) == rule.status and before[rule.id] != rule),
        retired=tuple(rule for rule in listed if rule.status == "retired" and was(rule) not in (None, "retired")),
        shadows=tuple(rule for rule in listed if rule.status == "shadow"),
        gaps=tuple(gaps),
        rows=rows,
        seconds=seconds,
    )
