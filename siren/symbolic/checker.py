"""Plans in a scene as verdicts: which rules does each one break, where, with which objects.

    checker = ClingoChecker(Rulebook.load(rules), Knowledge.load(rules))
    verdicts = checker.check(scene, plans, goal)

Two tiers, one meaning: rules that are plain are compiled to bit masks, and plans are followed through rules/domain in Python; every
other rule, and every plan when rules/domain is not the one that was compiled, is clingo's. With `compiled=False` clingo does it all: the
reference. Learned rules weigh what they are believed; core rules make a verdict hard.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

from siren.core.episode import Verdict, Violation
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import asp, facts
from siren.symbolic.asp import Atom
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook, digest
from siren.symbolic.swift import SwiftTier

SUSPICION = 0.3  # what a rule weighs that is not yet accepted: soft shadows of the loop prototype
STRIDE = 100  # step numbers kept for each plan; plans have at most 12 steps


class ClingoChecker:
    """Judges plans by the active rules, and with `suspicions` also, at a third of their weight, by rules still in the shadow."""

    def __init__(self, rulebook: Rulebook, knowledge: Knowledge, *, suspicions: bool = False, compiled: bool = True) -> None:
        self.rules = rulebook
        self.knowledge = knowledge
        self.weights: dict[str, float] = {rule.id: rule.confidence for rule in rulebook.judging()}
        judging: list[Rule] = list(rulebook.judging())
        if suspicions:
            shadows = rulebook.having("shadow")
            judging += shadows
            self.weights |= {rule.id: SUSPICION * rule.confidence for rule in shadows}
        self.judging: tuple[Rule, ...] = tuple(judging)
        self.hard = frozenset(rule.id for rule in judging if rule.hard)
        self.program = "\n".join((knowledge.program, *(rule.text for rule in judging)))
        self._compiled = compiled

    @property
    def rulebook(self) -> str:
        """Hash of the rules that judge: those in force, and with `suspicions` those in the shadow too."""
        return digest(self.judging)

    def check(self, scene: Scene, plans: Sequence[Plan], goal: Goal) -> tuple[Verdict, ...]:
        """One verdict a plan, in the same order. Every broken rule is named, with its bindings and its step."""
        swift, slow = self._tiers
        broken = [swift.violations(scene, plan, goal) if swift else set() for plan in plans]
        if slow:
            program = f"{self.knowledge.program}\n{slow}\n{asp.fact_text(self.facts(scene, plans, goal))}"
            for atom in asp.solve(program, shown={"violated"}) or ():
                index, violation = read_violation(atom)
                broken[index].add(violation)
        return tuple(self.verdict(violations) for violations in broken)

    def model(self, scene: Scene, plan: Plan, goal: Goal) -> frozenset[Atom]:
        """Everything that is true of one plan: facts, what follows from them, and violations. Steps count from 1."""
        return asp.solve(f"{self.program}\n{asp.fact_text(self.facts(scene, [plan], goal))}") or frozenset()

    def facts(self, scene: Scene, plans: Sequence[Plan], goal: Goal) -> tuple[Atom, ...]:
        """The facts that the program is solved with. The steps of plan k (from 0) count from 100 k + 1."""
        atoms = [*facts.scene_facts(scene), *self.knowledge.scene_atoms(scene)]
        for index, plan in enumerate(plans):
            atoms += facts.plan_facts(scene, plan, goal, first=STRIDE * index + 1)
        return tuple(dict.fromkeys(atoms))

    def verdict(self, violations: Iterable[Violation]) -> Verdict:
        """Violations as a verdict: hard when a core rule is among them, weighed once a rule and step."""
        ordered = tuple(sorted(violations, key=lambda violation: (violation.step, violation.rule, violation.args)))
        broken = {(violation.rule, violation.step) for violation in ordered}
        weight = sum(self.weights[rule] for rule, _ in sorted(broken))
        return Verdict(violations=ordered, hard=any(rule in self.hard for rule, _ in broken), weight=round(weight, 6))

    @cached_property
    def _tiers(self) -> tuple[SwiftTier | None, str]:
        """The compiled rules, and the text of those that are left to clingo."""
        if not self._compiled:
            return None, "\n".join(rule.text for rule in self.judging)
        swift = SwiftTier(self.knowledge, self.judging)
        return swift, "\n".join(rule.text for rule in swift.rest)


def read_violation(atom: Atom) -> tuple[int, Violation]:
    """`violated(Id, Args, T)` as (index of the plan, violation)."""
    rule, args, number = atom.args
    if not isinstance(number, int) or not isinstance(args, tuple):
        raise TypeError(f"a rule derived {atom}; expected violated(id, (arguments,), step)")
    index, step = divmod(number - 1, STRIDE)
    return index, Violation(rule=str(rule), args=tuple(map(str, args)), step=step + 1)
