"""Rows of all episodes so far, and today's rules, as tomorrow's rules: born, kept, replaced, retired, or still a suspicion.

    miner.add(step_rows(...))            after every episode
    report = miner.mine(rulebook_rules)  after every round
    report.rules                         what the rulebook should hold from now on

For each group of steps and each family of events, conjunctions are sought on the scenes that may teach and judged on those held out.
Rules are then taken best first, each for what better ones leave unexplained. It does not know how many rules there are to be found.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from siren.core.rule import Rule, Status
from siren.learning import features
from siren.learning.drafts import Case, Draft, Gap, gap_of, settle
from siren.learning.failures import StepRow
from siren.learning.features import StepView
from siren.learning.induce import Induction, Search, induce
from siren.learning.literals import body_of, rule_sentence, rule_text
from siren.learning.matching import Body, by_name
from siren.learning.vetting import held_out, judge
from siren.symbolic.asp import Term

TAUGHT_BY = 20  # episode ids kept with a rule


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
    seconds: float


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

    def __init__(self, search: Search | None = None) -> None:
        self._search = search or Search()
        self._memory = _Memory()

    def __len__(self) -> int:
        return len(self._memory.rows)

    def add(self, rows: Sequence[StepRow]) -> None:
        """Take in the steps of one episode."""
        for row in rows:
            self._memory.rows.append(row)
            self._memory.views.append(features.view(row))
            self._memory.atoms.append(by_name(row.atoms))
            self._memory.held.append(held_out(row.seed))

    def mine(self, rules: Sequence[Rule], today: date | None = None) -> MiningReport:
        """Tomorrow's rules. Rules of people and of the core, and what a person disabled, come back untouched."""
        started = time.perf_counter()
        names = _Names(rules)
        after: dict[str, Rule] = {rule.id: rule for rule in rules}
        explained = np.zeros(len(self), dtype=bool)  # failures that a rule of a later family accounts for
        gaps = []
        for group, family, strikes in self._troubles():
            case = self._case(group, family, strikes, explained)
            drafts, reason = self._drafts(case, rules)
            kept = settle(case, drafts)
            for draft in kept:
                rule = self._recorded(case, draft, names, today)
                after[rule.id] = rule
                if draft.status == "active":
                    explained[case.index[draft.covered & case.labels]] = True
            gaps.append(gap_of(case, kept, reason))
        return _report(rules, after, gaps, len(self), time.perf_counter() - started)

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

    def _drafts(self, case: Case, rules: Sequence[Rule]) -> tuple[list[Draft], str]:
        """Today's rules of the family and the conjunctions just found, each judged; and why there are no conjunctions."""
        drafts = [draft for rule in rules if (draft := self._incumbent(case, rule)) is not None]
        known = {re.sub(r"\s+", "", draft.text.partition(":-")[2]) for draft in drafts}
        columns, found = self._induced(case)
        for body in found.bodies:
            chosen = [columns.literals[i] for i in body]
            text = rule_text(NAMELESS, case.group, chosen)
            if re.sub(r"\s+", "", text.partition(":-")[2]) in known:
                continue
            covered = np.asarray(columns.values[list(body)].all(axis=0))
            evidence = case.evidence(covered)
            sentence = rule_sentence(case.group, case.family, chosen)
            drafts.append(Draft(None, text, sentence, covered, evidence, judge(evidence, None)))
        return drafts, found.reason

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

    def _incumbent(self, case: Case, rule: Rule) -> Draft | None:
        """A mined rule of this family and group as it stands on the rows of today; None for every other rule."""
        if rule.origin != "mined" or rule.kind != case.family or rule.status == "disabled" or group_of_rule(rule) != case.group:
            return None
        covered = self.coverage(rule)
        if covered is None:
            return None
        evidence = case.evidence(covered[case.index])
        before = None if rule.status == "retired" else rule.status  # a refuted rule may come back on new evidence
        return Draft(rule, rule.text, rule.sentence, covered[case.index], evidence, judge(evidence, before))

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
    for skill in ("pick", "open"):
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
