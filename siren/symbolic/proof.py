"""A violation as the reasons for it: the rule with its bindings, and each condition down to the facts that it rests on.

    proofs = prove(checker, scene, plan, goal)
    verified = verify(checker, scene, plan, goal, proofs[0].violation)

Every rule is solved a second time beside itself with a head that also tells its bindings and conditions, so a
reason is what the solver used and not a story told afterwards. Rules here have plain bodies; others count as facts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from pydantic import Field

from siren.core.episode import Violation
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.core.values import Value
from siren.symbolic import asp
from siren.symbolic.asp import ReadRule
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.rulebook import Rulebook

FIRED = "fired"
COMPARED = "compared"
ANYTHING = "anything"  # stands for an anonymous variable of an absent condition


class Reason(Value):
    """One condition with its values filled in, and why it holds."""

    text: str
    kind: Literal["fact", "derived", "absent", "comparison"]
    by: str = Field(default="", description="the rule that derives it, as written; only when derived")
    because: tuple["Reason", ...] = Field(default=(), description="the conditions of that rule; only when derived")


class Proof(Value):
    """Why one rule is broken at one step."""

    violation: Violation
    sentence: str = Field(description="the rule's sentence with names filled in")
    text: str = Field(description="the rule as written")
    bindings: dict[str, str] = Field(description="variable to value")
    body: tuple[Reason, ...]
    ways: int = Field(description="how many bindings break the rule in this way; the first of them is shown")


class _Firing(NamedTuple):
    rule: ReadRule
    bindings: dict[str, asp.Term]
    conditions: tuple[asp.Term, ...]


def prove(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, only: Iterable[Violation] | None = None) -> tuple[Proof, ...]:
    """A proof for every violation of the plan (or for those of `only` that hold), ordered by step and rule."""
    wanted = set(only) if only is not None else None
    verdict = checker.check(scene, [plan], goal)[0]
    return prove_these(checker, scene, plan, goal, [found for found in verdict.violations if wanted is None or found in wanted])


def prove_these(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, broken: Sequence[Violation]) -> tuple[Proof, ...]:
    """Proofs of violations that the checker has found. Only their rules are solved: no rule of a rulebook rests on another."""
    if not broken:
        return ()
    rules = {rule.id: rule for rule in checker.judging}
    named = [rules[name] for name in sorted({violation.rule for violation in broken})]
    facts = asp.fact_text(checker.facts(scene, [plan], goal))
    firings = _fire("\n".join((checker.knowledge.program, *(rule.text for rule in named))), facts)
    return tuple(_proof(violation, rules[violation.rule], firings) for violation in broken)


def verify(checker: ClingoChecker, scene: Scene, plan: Plan, goal: Goal, violation: Violation) -> bool:
    """Solve again with and without the named rule: true when with it the violation is there, and without it just its own are gone.

    Clingo solves both, so that a verdict of the compiled rules is put to the test by the reference.
    """
    shadows = any(rule.status == "shadow" for rule in checker.judging)
    books = (checker.rules, Rulebook(checker.rules.without(violation.rule).rules.values()))
    judges = (ClingoChecker(book, checker.knowledge, suspicions=shadows, compiled=False) for book in books)
    before, after = (judge.check(scene, [plan], goal)[0].violations for judge in judges)
    return violation in before and set(after) == {found for found in before if found.rule != violation.rule}


def fill(sentence: str, bindings: Mapping[str, str]) -> str:
    """A rule's sentence with the things' names in the place of {O}, {D}, {Y}; underscores are spoken as spaces."""
    return re.sub(r"\{(\w+)\}", lambda match: bindings.get(match.group(1), match.group()).replace("_", " "), sentence)


def _proof(violation: Violation, rule: Rule, firings: Mapping[str, Sequence[_Firing]]) -> Proof:
    head = f"violated({violation.rule},({','.join(violation.args)}{',' if len(violation.args) == 1 else ''}),{violation.step})"
    ways = firings.get(head, ())
    bindings = {name: str(value) for name, value in ways[0].bindings.items()} if ways else {}
    body = tuple(_reasons(ways[0], firings, frozenset([head]))) if ways else ()
    return Proof(
        violation=violation, sentence=fill(rule.sentence, bindings), text=rule.text, bindings=bindings, body=body, ways=max(1, len(ways))
    )


def _reasons(firing: _Firing, firings: Mapping[str, Sequence[_Firing]], above: frozenset[str]) -> list[Reason]:
    """The conditions of one rule with their values. `above` holds what is being explained, so that no reason rests on itself."""
    reasons = []
    for condition, value in zip(firing.rule.body, firing.conditions, strict=True):
        text = asp.put_in(condition.text, firing.bindings) if condition.compares else str(value)
        if condition.compares:
            reasons.append(Reason(text=f"not {text}" if condition.negated else text, kind="comparison"))
        elif condition.negated:
            reasons.append(Reason(text=text, kind="absent"))
        else:
            reasons.append(_derived(text, firings, above))
    return reasons


def _derived(text: str, firings: Mapping[str, Sequence[_Firing]], above: frozenset[str]) -> Reason:
    ways = firings.get(text, ())
    if not ways or text in above:
        return Reason(text=text, kind="fact")
    return Reason(text=text, kind="derived", by=ways[0].rule.text, because=tuple(_reasons(ways[0], firings, above | {text})))


def _fire(text: str, facts: str) -> dict[str, list[_Firing]]:
    """Every rule of the program that holds of the facts, by the text of the atom that it derives, in a fixed order."""
    rules = asp.read_rules(text)
    told = "\n".join(_told(number, rule) for number, rule in enumerate(rules))
    found = asp.solve(f"{text}\n{facts}\n{told}", shown={FIRED}) or frozenset()
    firings: dict[str, list[_Firing]] = defaultdict(list)
    for atom in sorted(found, key=str):
        number, head, values, conditions = atom.args
        assert isinstance(number, int)
        assert isinstance(values, tuple)
        assert isinstance(conditions, tuple)
        rule = rules[number]
        firings[str(head)].append(_Firing(rule, dict(zip(rule.variables, values, strict=True)), conditions))
    return firings


def _told(number: int, rule: ReadRule) -> str:
    """The rule with a head that tells its number, what it derives, its bindings and its conditions."""
    told = [COMPARED if condition.compares else asp.name_anonymous(condition.text, ANYTHING) for condition in rule.body]
    body = ", ".join(f"{'not ' if condition.negated else ''}{condition.text}" for condition in rule.body)
    values = f"({','.join(rule.variables)},)" if rule.variables else "()"
    return f"{FIRED}({number},{rule.head},{values},({','.join(told)},)) :- {body}."
