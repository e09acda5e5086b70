"""Two tiers, one meaning: what the compiled rules say of a plan is what clingo says of it, case by case."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from learned_rules import LEARNED, RULES, learned

from siren.core.rule import Rule
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.conditions import conditions_of
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.reading import read_plain
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.swift import SwiftTier
from siren.testing.rules import random_plan, random_rule, random_table
from siren.testing.scenes import careless_steps, goal_of, random_scene


@seed(20261122)
@settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_compiled_verdicts_are_those_of_clingo(knowledge: Knowledge, core_rules: Rulebook, number: int) -> None:
    """2,000 plans on 400 tables, each table with the core and 15 random rules of its own: the very same verdicts."""
    rng = np.random.default_rng(number)
    book = Rulebook([*core_rules.rules.values(), *(random_rule(rng, f"x{index}") for index in range(15))])
    scene = random_table(rng)
    plans = [random_plan(rng, scene) for _ in range(5)]
    one, other = (str(name) for name in rng.permutation([thing.name for thing in scene.objects])[:2])
    goal = Goal(relation="near", object=one, target=other)
    plain = ClingoChecker(book, knowledge, compiled=False)
    assert ClingoChecker(book, knowledge).check(scene, plans, goal) == plain.check(scene, plans, goal)


def test_the_random_rules_do_speak() -> None:
    """Else two silent tiers would be equal: most random rules are compiled, and one in fifty breaks on a random plan."""
    rng = np.random.default_rng(7)
    rules = [random_rule(rng, f"x{index}") for index in range(300)]
    tier = SwiftTier(Knowledge.load(RULES), rules)
    assert len(tier.rest) < 15
    broken: set[str] = set()
    for _ in range(30):
        scene = random_table(rng)
        broken |= {violation.rule for violation in tier.violations(scene, random_plan(rng, scene))}
    assert len(broken) > 80


def test_core_and_learned_rules_are_all_compiled(knowledge: Knowledge, core_rules: Rulebook) -> None:
    rules = [*core_rules.judging(), *map(learned, LEARNED)]
    assert SwiftTier(knowledge, rules).rest == ()


@pytest.mark.parametrize(
    "body",
    [
        "step(T,pick,O), goal(_,O,_)",
        "step(T,pick,O), next(T,T2), step(T2,place,O)",
        "step(T,pick,O), attribute(O,A), attribute(Y,A), near(T,Y,_)",
        "step(T,pick,O), span(T,S), S + 5 > 80",
        "step(T,pick,O), on(Y,O,T), on(Z,Y,T), on(X,Z,T), attribute(X,heavy)",
        "step(T,pick,O), not span(T,40)",
        "step(T,pick,O), holding(_,T)",
        "step(T,pick,O), step(T2,pick,O), T != T2",
        "step(T,pick,O), Y != Y, on(Y,O,T)",
        "time(T), clear(O,T)",
    ],
)
def test_what_has_no_test_is_left_to_clingo(body: str, knowledge: Knowledge) -> None:
    """And the two tiers together still say what clingo says."""
    rule = Rule(id="x1", text=f"violated(x1, (O,), T) :- {body}.", sentence="odd")
    plain = read_plain(rule.text)
    assert plain is None or conditions_of(plain) is None
    book = Rulebook([rule, learned("r0002")])
    for number in range(5):
        rng = np.random.default_rng(number)
        scene, name = random_scene(rng)
        plans = [careless_steps(scene, name, rng) for _ in range(2)]
        both = (ClingoChecker(book, knowledge, compiled=compiled).check(scene, plans, goal_of(name)) for compiled in (True, False))
        assert next(both) == next(both)


def test_another_domain_is_followed_by_clingo(knowledge: Knowledge, core_rules: Rulebook) -> None:
    """Somebody teaches rules/domain that what is stacked on is no longer clear only when it is fragile: no compiled verdict is given."""
    other = Knowledge({}, knowledge.domain + "\nholding(O,T2) :- lets_go(O,T), next(T,T2), attribute(O,slippery).\n", knowledge.looks)
    tier = SwiftTier(other, core_rules.judging())
    assert tier.rest == core_rules.judging()
    rng = np.random.default_rng(1)
    scene, name = random_scene(rng)
    assert tier.violations(scene, careless_steps(scene, name, rng)) == set()


def test_rules_about_looks_that_speak_of_two_things_are_for_clingo(knowledge: Knowledge, core_rules: Rulebook) -> None:
    pairs = Knowledge({}, knowledge.domain, "attribute(O,tall) :- extent(O,height,H), extent(Y,height,G), H > G, kind(Y,die).")
    assert SwiftTier(pairs, core_rules.judging()).rest == core_rules.judging()
