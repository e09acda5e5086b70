"""Violations of several plans put to the test at once: every rule is left out in turn, and clingo solves again each time.

    tests = verify_all(checker, scene, plans, goal, (violations of the first plan, of the second, ...))

A violation stands the test when with all rules it is there, and without its rule exactly the violations of that rule are gone. All plans
and all rules are ground once; a switch in every rule's body turns that rule off. The compiled tier has no part in it: this is what its
verdicts are tested by.
"""

from collections.abc import Sequence

from siren.core.episode import Violation
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import asp
from siren.symbolic.checker import ClingoChecker, read_violation

OFF = "switched_off"
Found = frozenset[tuple[int, Violation]]  # the index of a plan, and what is wrong with it


def verify_all(
    checker: ClingoChecker, scene: Scene, plans: Sequence[Plan], goal: Goal, told: Sequence[Sequence[Violation]]
) -> tuple[tuple[bool, ...], ...]:
    """For each violation of each plan whether it stands the test. Rules that cannot have a switch are taken out of the program instead."""
    named = sorted({violation.rule for violations in told for violation in violations})
    if not named:
        return tuple(() for _ in told)
    answers = _solved(checker, scene, plans, goal, named)
    everything = answers[""]
    holds = {name: answers[name] == frozenset((index, found) for index, found in everything if found.rule != name) for name in named}
    return tuple(
        tuple((index, violation) in everything and holds[violation.rule] for violation in violations)
        for index, violations in enumerate(told)
    )


def _solved(checker: ClingoChecker, scene: Scene, plans: Sequence[Plan], goal: Goal, named: Sequence[str]) -> dict[str, Found]:
    """What is broken with all rules (under the empty name), and without each of the named ones."""
    facts = asp.fact_text(checker.facts(scene, plans, goal))
    texts = {rule.id: _with_switch(rule) for rule in checker.judging}
    fixed = [rule.text for rule in checker.judging if texts[rule.id] is None]
    switched = [text for text in texts.values() if text is not None]
    program = "\n".join((checker.knowledge.program, facts, *fixed, *switched))
    switches = [name for name in named if texts[name] is not None]
    models = asp.solve_switched(program, [asp.Atom(OFF, (name,)) for name in switches], shown={"violated"})
    found = dict(zip(("", *switches), map(_violations, models), strict=True))
    for name in (name for name in named if texts[name] is None):
        rest = "\n".join(rule.text for rule in checker.judging if rule.id != name)
        found[name] = _violations(asp.solve(f"{checker.knowledge.program}\n{facts}\n{rest}", shown={"violated"}) or frozenset())
    return found


def _with_switch(rule: Rule) -> str | None:
    """The rule with one condition more: that nobody has turned it off. None when it cannot be taken apart."""
    read = asp.read_rules(rule.text)
    if len(read) != 1:
        return None
    switch = asp.Atom(OFF, (rule.id,))
    return f"{read[0].text.removesuffix('.')}; not {switch}. #external {switch}."


def _violations(model: frozenset[asp.Atom]) -> Found:
    return frozenset(map(read_violation, model))
