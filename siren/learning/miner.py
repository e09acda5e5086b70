"""Rows of all episodes so far, and today's rules, as tomorrow's rules: born, kept, replaced, retired, or still a suspicion.

    miner.add(step_rows(...))            after every episode
    report = miner.mine(rulebook_rules)  after every round
    report.rules                         what the rulebook should hold from now on

For each group of steps and each family of events, conjunctions are sought on the scenes that may teach and judged on those held out.
Rules are then taken best first, each for what better ones leave unexplained. It does not know how many rules there are to be found.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from siren.core.rule import IN_FORCE, Rule, Status
from siren.core.statistics import wilson
from siren.learning import features
from siren.learning.crossing import FEW, LEAST, NOTHING, Crossed, cross
from siren.learning.drafts import Case, Draft, Gap, quarantine, settle, unexplained
from siren.learning.failures import StepRow
from siren.learning.features import StepView
from siren.learning.induce import Induction, Search, induce
from siren.learning.lifecycle import because, moved, superseded
from siren.learning.literals import Literal, body_of, rule_sentence, rule_text
from siren.learning.matching import Body, by_name
from siren.learning.rounding import covered, rounded
from siren.learning.silence import Place, why_silent
from siren.learning.tally import cases, scenes_of
from siren.learning.vetting import STAYS_ABOVE, Z, held_out, judge, unwitnessed
from siren.symbolic.asp import Atom, Term
from siren.symbolic.relations import equivalent

TAUGHT_BY = 20  # episode ids kept with a rule
PILE, PILE_SHARE = 5, 0.03  # unexplained failures since the last mining that make the next one due; the share is of all failures


@dataclass(frozen=True)
class MiningReport:
    """What one round of mining came to."""

    rules: tuple[Rule, ...]  # every rule that was handed in or born, with its record as of now
    born: tuple[Rule, ...]  # came into force now
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
    known: set[tuple[int, str | None, int, frozenset[Atom]]] = field(default_factory=set)
    new: list[bool] = field(default_factory=list)  # whether its scene had not shown the very same before
    matched: dict[str, list[bool]] = field(default_factory=dict)


NAMELESS = "r0000"
Finding = tuple[tuple[Literal, ...], np.ndarray]  # conditions, and on which rows of the case they hold
Objection = Callable[[Rule, Sequence[int]], str]


def no_objection(rule: Rule, episodes: Sequence[int]) -> str:
    """For mining where there are no scenes to try a rule in."""
    return ""


class RuleMiner:
    """Collects labelled steps and turns them into rules."""

    def __init__(self, search: Search | None = None, judges: Callable[[int], bool] = held_out, objection: Objection = no_objection) -> None:
        """`judges` says of a scene's seed whether its steps only judge rules and teach none.

        `objection` is asked before a rule comes into force, with the episodes of the failures that it explains: why it must not, or "".
        """
        self._search = search or Search()
        self._judges = judges
        self._objection = objection
        self._memory = _Memory()

    def __len__(self) -> int:
        return len(self._memory.rows)

    def add(self, rows: Sequence[StepRow]) -> None:
        """Take in the steps of one episode. What a scene has shown before tells nothing new: a probe repeats all that it leaves alone."""
        for row in rows:
            key = (row.seed, row.family, row.phase, row.atoms)
            self._memory.new.append(key not in self._memory.known)
            self._memory.known.add(key)
            self._memory.rows.append(row)
            self._memory.views.append(features.view(row))
            self._memory.atoms.append(by_name(row.atoms))
            self._memory.held.append(self._judges(row.seed))

    def mine(self, rules: Sequence[Rule], today: date | None = None, *, search: bool = True) -> MiningReport:
        """Tomorrow's rules. Rules of people and of the core, and what a person pinned, banned or disabled, come back untouched.

        Without `search` no new rules are sought; those there are, are judged again all the same.
        """
        started = time.process_time()
        names = _Names(rules)
        after: dict[str, Rule] = {rule.id: rule for rule in rules}
        explained = np.zeros(len(self), dtype=bool)  # failures that a rule of a later family accounts for
        gaps = []
        said: list[str] = []  # texts that came into force for later families, which need not be said again for another trouble
        for group, family, strikes in self._troubles():
            case = self._case(group, family, strikes, explained)
            columns, found = self._found(case) if search else (None, ())
            if not search and self._few(case):
                case.crossed = NOTHING  # all steps may have suggested a suspicion, so none of them can bear it out
            granted = self._granted(case, rules)
            kept = settle(case, self._drafts(case, rules, found, said), granted)
            said += [draft.text for draft in kept if draft.status in IN_FORCE]
            after |= {rule.id: rule for rule in self._recorded(case, kept, names, today)}
            accounted = [draft.covered for draft in kept if draft.status in IN_FORCE]
            explained[case.index[np.any([granted, *accounted], axis=0) & case.labels]] = True
            gaps.append(self._gap(case, unexplained(case, kept, granted), columns, bool(found)))
        return _report(rules, after, gaps, len(self), time.process_time() - started)

    def due(self, rules: Sequence[Rule], seen: int) -> bool:
        """Whether a search could change anything: failures have piled up that no rule in force explains, or a rule is refuted.

        Cheap: nothing is sought. `seen` is the number of rows that the last search has seen; after them there have to be at least five
        unexplained failures, or 3 % of all failures.
        """
        held = [(rule, covered) for rule in rules if rule.in_force and (covered := self.coverage(rule)) is not None]
        explained = np.zeros(len(self), dtype=bool)
        for rule, covered in held:
            same = np.array([row.family == rule.kind for row in self._memory.rows], dtype=bool)
            explained |= covered & same
        failed = np.array([row.family is not None for row in self._memory.rows], dtype=bool)
        fresh = int((failed & ~explained)[seen:].sum())
        refuted = any(_judged_here(rule) and self._refuted(rule, covered) for rule, covered in held)
        return fresh >= max(PILE, PILE_SHARE * int(failed.sum())) or refuted

    def _refuted(self, rule: Rule, covered: np.ndarray) -> bool:
        families = np.array([row.family or "" for row in self._memory.rows])
        scenes = scenes_of(row.seed for row in self._memory.rows)
        hits, misses = cases(covered & (families == rule.kind), scenes), cases(covered & (families == ""), scenes)
        return hits + misses > 0 and wilson(hits, hits + misses, Z)[0] <= STAYS_ABOVE

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
            if self._memory.new[i]
            and row.group == group
            and (row.family == family or (row.phase > strikes and not (row.family is not None and explained[i])))
        ]
        labels = np.array([rows[i].family == family for i in index], dtype=bool)
        held = np.array([self._memory.held[i] for i in index], dtype=bool)
        well = np.array([rows[i].family is None for i in index], dtype=bool)
        scenes = scenes_of(rows[i].seed for i in index)
        return Case(group, family, np.array(index, dtype=np.int64), labels, held, well, scenes)

    def _granted(self, case: Case, rules: Sequence[Rule]) -> np.ndarray:
        """What rules that people keep in force explain: they are not judged here, and nothing is sought beside them. bool (M,)"""
        granted = np.zeros(len(case.labels), dtype=bool)
        for rule in rules:
            if rule.in_force and not _judged_here(rule) and rule.kind == case.family and group_of_rule(rule) == case.group:
                covered = self.coverage(rule)
                granted |= covered[case.index] if covered is not None else False
        return granted

    def _drafts(self, case: Case, rules: Sequence[Rule], found: Sequence[Finding], said: Sequence[str]) -> list[Draft]:
        """Today's rules of the family and the conjunctions just found, each judged.

        What is in force for a later trouble (`said`) is not found again for an earlier one: of what it forbids, the steps that an earlier
        trouble stopped are all that is left to look at, so it seems to be their reason as well.
        """
        drafts = [draft for rule in rules if (draft := self._incumbent(case, rule)) is not None]
        known = [*said, *(draft.text for draft in drafts)] + [rule.text for rule in rules if rule.banned or rule.status == "disabled"]
        for chosen, holds in found:
            text = rule_text(NAMELESS, case.group, chosen)
            if any(equivalent(text, other) for other in known):
                continue
            known.append(text)
            evidence = case.evidence(holds)
            sentence = rule_sentence(case.group, case.family, chosen)
            drafts.append(Draft(None, text, sentence, holds, evidence, judge(evidence, None)))
        if found:
            self._witness(case, drafts)
        for draft in drafts:
            quarantine(case, draft, self._objected(case, draft))
        return drafts

    def _witness(self, case: Case, drafts: Sequence[Draft]) -> None:
        """Judge by cross-fitting what no held-out scene happens to show: that chance held none of its scenes out says nothing of a rule."""
        in_force = np.any([draft.covered for draft in drafts if draft.status in IN_FORCE], axis=0)
        left = case.labels & ~in_force
        waiting = [draft for draft in drafts if unwitnessed(draft.evidence) and case.count(draft.covered & left) >= LEAST]
        if not waiting:
            return
        crossed = self._crossed(case)
        for draft in waiting:
            draft.evidence = replace(draft.evidence, crossed=crossed.judged(draft.covered))
            draft.status = judge(draft.evidence, draft.status)

    def _objected(self, case: Case, draft: Draft) -> str:
        """What speaks against a rule that would come into force now; empty when nothing does."""
        if not draft.new:
            return ""
        return self._objection(self._as_rule(case, draft, NAMELESS, None), self._episodes(case, draft.covered & case.labels))

    def _episodes(self, case: Case, rows: np.ndarray) -> tuple[int, ...]:
        """The episodes of some rows of the case, each once."""
        return tuple(dict.fromkeys(self._memory.rows[i].episode for i in case.index[rows]))

    def _gap(self, case: Case, left: np.ndarray, columns: features.Columns | None, some: bool) -> Gap:
        """What is left unexplained, and why. `some` says whether any conjunction was found."""
        why = None
        if left.any() and columns is not None:
            places = [Place(episode=self._memory.rows[i].episode, step=self._memory.rows[i].step) for i in case.index]
            why = why_silent(columns.values, left, ~case.labels, places, self._search.min_support)
        reason = "" if some or why is None else str(why)
        return Gap(case.group, case.family, int(case.labels.sum()), int(left.sum()), reason, why)

    def _found(self, case: Case) -> tuple[features.Columns, tuple[Finding, ...]]:
        """Conjunctions for the failures of a case. Of few steps all may teach: each is judged by what is found without it."""
        if not self._few(case):
            return self._learned(case, ~case.held)
        case.crossed = self._crossed(case)
        return self._learned(case, np.ones(len(case.labels), dtype=bool))

    def _crossed(self, case: Case) -> Crossed:
        """What the search finds without each part of the scenes of a case."""
        return cross(case.scenes, case.units, case.labels, lambda teaching: [holds for _, holds in self._learned(case, teaching)[1]])

    @staticmethod
    def _few(case: Case) -> bool:
        """Whether its steps are too few to hold some of them out."""
        return len(case.labels) <= FEW and bool(case.held.any())

    def _learned(self, case: Case, teaching: np.ndarray) -> tuple[features.Columns, tuple[Finding, ...]]:
        """Conjunctions found on the rows that teach, bool (M,), with their best cuts; and on which rows of the case each holds."""
        columns, found = self._induced(case, teaching)
        bodies = ([columns.literals[i] for i in body] for body in found.bodies)
        return columns, tuple(self._rounded(case, body, teaching) for body in bodies)

    def _induced(self, case: Case, teaching: np.ndarray) -> tuple[features.Columns, Induction]:
        """Conjunctions over the rows that may teach: once, and again with cuts read off what is left when the others are granted."""
        views = [self._memory.views[i] for i in case.index]
        columns = features.build(views, case.labels, [teaching])
        found = self._search_in(columns, case, teaching)
        covers = [columns.values[list(body)].all(axis=0) for body in found.bodies]
        if not covers:
            return columns, found
        others = [covers[:i] + covers[i + 1 :] for i in range(len(covers))]
        left = [teaching & ~np.any(granted, axis=0) for granted in (covers, *others) if granted]
        readings = [read for read in left if case.count(read & case.labels) >= self._search.min_support]
        if not readings:
            return columns, found
        columns = features.build(views, case.labels, [teaching, *readings])
        return columns, self._search_in(columns, case, teaching)

    def _search_in(self, columns: features.Columns, case: Case, teaching: np.ndarray) -> Induction:
        values = columns.values[:, teaching]
        return induce(values, columns.costs, case.labels[teaching], self._search, columns.kinds, case.units[teaching])

    def _rounded(self, case: Case, literals: Sequence[Literal], teaching: np.ndarray) -> Finding:
        """Conditions with their best cuts, read off the rows that may teach; and on which rows of the case they hold."""
        atoms = [self._memory.atoms[i] for i in case.index]
        taught = [row for row, teaches in zip(atoms, teaching, strict=True) if teaches]
        chosen = rounded(case.group, literals, taught, case.labels[teaching], case.units[teaching], self._search.error)
        return chosen, covered(case.group, chosen, atoms)

    def _incumbent(self, case: Case, rule: Rule) -> Draft | None:
        """A mined rule of this family and group as it stands on the rows of today; None for every other rule."""
        if not _judged_here(rule) or rule.kind != case.family or group_of_rule(rule) != case.group:
            return None
        everywhere = self.coverage(rule)
        if everywhere is None:
            return None
        evidence = case.evidence(everywhere[case.index])
        # what was refuted may come back on new evidence, and what is in quarantine when it forbids no more than it may
        before = None if rule.status in ("retired", "quarantined", "proposed") else rule.status
        return Draft(rule, rule.text, rule.sentence, everywhere[case.index], evidence, judge(evidence, before))

    def _recorded(self, case: Case, kept: Sequence[Draft], names: "_Names", today: date | None) -> Iterable[Rule]:
        """The drafts as rules with their records. Those that go because of better ones come last, and name them."""
        standing: list[Rule] = []
        for draft in sorted(kept, key=lambda draft: draft.superseded):
            if draft.superseded:
                draft.reason = superseded([rule for rule in standing if rule.in_force])
            elif not draft.reason:
                before = draft.rule.status if draft.rule is not None else None
                refuted_by = self._episodes(case, draft.covered & ~case.labels)
                draft.reason = because(before, draft.status, draft.evidence, refuted_by)
            standing.append(self._as_rule(case, draft, draft.rule.id if draft.rule is not None else names.next(), today))
        return standing

    def _as_rule(self, case: Case, draft: Draft, name: str, today: date | None) -> Rule:
        """The draft as a rule with its record."""
        record: dict[str, object] = {
            "support": int((draft.covered & case.labels).sum()),
            "against": int((draft.covered & ~case.labels).sum()),
            "confidence": round(draft.evidence.bound, 4),
            "episodes": self._episodes(case, draft.covered & case.labels)[:TAUGHT_BY],
        }
        if draft.rule is not None:
            return moved(Rule.model_validate({**draft.rule.model_dump(), **record}), draft.status, draft.reason)
        told = {"text": draft.text.replace(NAMELESS, name, 1), "sentence": draft.sentence, "kind": case.family, "created": today}
        return Rule.model_validate({"id": name, "status": draft.status, "reason": draft.reason, **told, **record})


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


def _judged_here(rule: Rule) -> bool:
    """Whether the machine may change the rule: it was mined, and no person pinned, banned or disabled it."""
    return rule.origin == "mined" and not rule.pinned and not rule.banned and rule.status != "disabled"


def _report(rules: Sequence[Rule], after: dict[str, Rule], gaps: list[Gap], rows: int, seconds: float) -> MiningReport:
    before = {rule.id: rule for rule in rules}

    def was(rule: Rule) -> Status | None:
        return before[rule.id].status if rule.id in before else None

    listed = tuple(after[name] for name in sorted(after))
    return MiningReport(
        rules=listed,
        born=tuple(rule for rule in listed if rule.in_force and was(rule) not in IN_FORCE),
        changed=tuple(rule for rule in listed if was(rule) == rule.status and before[rule.id] != rule),
        retired=tuple(rule for rule in listed if rule.status == "retired" and was(rule) not in (None, "retired")),
        shadows=tuple(rule for rule in listed if rule.status == "shadow"),
        gaps=tuple(gaps),
        rows=rows,
        seconds=seconds,
    )
