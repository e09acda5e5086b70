"""A violation as the few facts that are enough for it: with them it holds whatever the other facts are, and none of them can go.

    reasons = minimal_reasons(checker, scene, plan, goal, violation)      # ("force(1,gentle)", "attribute(soap,slippery)", ...)
    tested = verify_all(checker, scene, plan, goal)                       # every violation of the plan, each tested

Every fact is an assumption that clingo may drop; the core of assumptions that still forces the violation is made minimal, and then
solved again: with the core alone it is forced, without any one of its facts it is not. What is absent stays absent.
"""

from pydantic import Field

from siren.core.episode import Violation
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.core.values import Value
from siren.symbolic import asp, proof
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker

FRAME = frozenset({"first", "time", "next", "object", "goal"})  # what makes it a plan in a scene at all: never a reason


class MinimalReasons(Value):
    """The facts that force one violation."""

    violation: Violation
    facts: tuple[str, ...]
    verified: bool = Field(description="solved again: they force it, and without any one of them it need not hold")


class Tested(Value):
    """One violation of a plan, and what became of its explanation when it was solved again."""

    violation: Violation
    rule: bool = Field(description="it goes with its rule, and nothing else goes or comes")
    facts: bool = Field(description="its minimal reasons force it, and none of them can be left out")

    @property
    def stood(self) -> bool:
        return self.rule and self.facts


def minimal_reasons(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, violation: Violation) -> MinimalReasons | None:
    """The facts that are enough for the violation; None when the plan does not break the rule so."""
    program, free = _forbidden(checker, scene, plan, goal, violation)
    core = asp.minimal_core(program, free)
    if core is None:
        return None
    told = tuple(str(atom) for atom in core)
    return MinimalReasons(violation=violation, facts=told, verified=_holds(program, core))


def verify_all(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal) -> tuple[Tested, ...]:
    """Every violation of the plan, its rule and its reasons put to the test by clingo."""
    found = checker.check(scene, [plan], goal)[0].violations
    return tuple(_tested(checker, scene, plan, goal, violation) for violation in found)


def _tested(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, violation: Violation) -> Tested:
    reasons = minimal_reasons(checker, scene, plan, goal, violation)
    rule = proof.verify(checker, scene, plan, goal, violation)
    return Tested(violation=violation, rule=rule, facts=reasons is not None and reasons.verified)


def _forbidden(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, violation: Violation) -> tuple[str, tuple[Atom, ...]]:
    """A program that has a model exactly when the violation need not hold, and the facts that are free in it."""
    atoms = checker.facts(scene, [plan], goal)
    free = tuple(atom for atom in atoms if atom.name not in FRAME)
    rule = next(rule for rule in checker.judging if rule.id == violation.rule)
    arguments = tuple(int(value) if value.lstrip("-").isdigit() else value for value in violation.args)
    forbidden = Atom("violated", (violation.rule, arguments, violation.step))
    choices = " ".join(f"{{ {atom} }}." for atom in free)
    fixed = asp.fact_text(atom for atom in atoms if atom.name in FRAME)
    return f"{checker.knowledge.program}\n{rule.text}\n{fixed}\n{choices}\n:- {forbidden}.", free


def _holds(program: str, core: tuple[Atom, ...]) -> bool:
    """Whether the core leaves no model, and each part of it that lacks one fact leaves some."""
    parts = [tuple(atom for atom in core if atom is not left_out) for left_out in core]
    forced = asp.solve(program, assumptions=[(atom, True) for atom in core]) is None
    return forced and all(asp.solve(program, assumptions=[(atom, True) for atom in part]) is not None for part in parts)
