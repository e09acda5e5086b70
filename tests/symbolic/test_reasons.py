"""Minimal reasons: the few facts that force a violation, found by assumptions and tested by solving again."""

from collections.abc import Callable

import pytest
from learned_rules import LEARNED

from siren.core import geometry
from siren.core.episode import Violation
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import asp
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.reasons import minimal_reasons, verify_all

GOAL = Goal(relation="in", object="egg", target="box")


@pytest.fixture
def plan(scene: Scene) -> Plan:
    """The butter under the die, taken fast; and the egg, firmly, into the closed box."""
    butter, egg = scene.find("butter"), scene.find("egg")
    assert butter is not None
    assert egg is not None
    put = geometry.put_step("place", butter, scene, "on", "table", (0.40, 0.22), 0.0, "low", "slow", "firm")
    last = geometry.put_step("place", egg, scene, "in", "box", (0.58, -0.16), 0.0, "high", "slow", "firm")
    return Plan(steps=(geometry.pick_step(butter, 0, "fast", "firm"), put, geometry.pick_step(egg, 0, "slow", "firm"), last))


@pytest.mark.parametrize(
    ("rule", "step", "args", "facts"),
    [
        ("r0001", 3, ("egg",), {"step(3,pick,egg)", "force(3,firm)", "attribute(egg,fragile)"}),
        ("r0002", 1, ("butter",), {"step(1,pick,butter)", "speed(1,fast)", "attribute(butter,slippery)"}),
        ("r0003", 1, ("butter",), {"step(1,pick,butter)", "seen_on(die,butter)"}),
    ],
)
def test_the_facts_that_force_a_violation(
    scene: Scene, plan: Plan, checker_with: Callable[..., ClingoChecker], rule: str, step: int, args: tuple[str, ...], facts: set[str]
) -> None:
    found = minimal_reasons(checker_with(*LEARNED), scene, plan, GOAL, Violation(rule=rule, args=args, step=step))
    assert found is not None
    assert set(found.facts) == facts
    assert found.verified


def test_what_is_not_broken_has_no_reasons(scene: Scene, plan: Plan, checker_with: Callable[..., ClingoChecker]) -> None:
    assert minimal_reasons(checker_with(*LEARNED), scene, plan, GOAL, Violation(rule="r0001", args=("butter",), step=1)) is None


def test_every_explanation_of_a_plan_stands_the_test(scene: Scene, plan: Plan, checker_with: Callable[..., ClingoChecker]) -> None:
    tested = verify_all(checker_with(*LEARNED), scene, plan, GOAL)
    assert len(tested) >= 5
    assert all(one.stood for one in tested)


def test_a_core_cannot_be_made_smaller() -> None:
    program = "{ a(1) }. { a(2) }. { a(3) }. { a(4) }. both :- a(1), a(3). :- both. :- a(2), a(3), a(4)."
    atoms = [Atom("a", (number,)) for number in (1, 2, 3, 4)]
    core = asp.minimal_core(program, atoms)
    assert core in ((atoms[0], atoms[2]), (atoms[1], atoms[2], atoms[3]))
    assert asp.minimal_core(program, atoms[:2]) is None
