"""Had a fact been otherwise: the rules are solved again, and what they no longer or newly say is the answer."""

import pytest

from siren.core.errors import RuleError
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.task import Goal
from siren.symbolic.counterfactual import least_change, what_if

GOAL = Goal(relation="held", object="butter")


@pytest.fixture
def plan(scene) -> Plan:
    return Plan(steps=(pick_step(scene.find("butter"), 0, "fast", "firm"),))


def broken(violations) -> set[str]:
    return {violation.rule for violation in violations}


@pytest.fixture
def checker(checker_with):
    return checker_with("r0001", "r0002", "r0003", "r0004", "r0005", "r0008")


@pytest.mark.parametrize(
    ("text", "vanished", "appeared"),
    [
        ("not on(die,butter)", {"r0003"}, set()),
        ("no on(die, butter, 1).", {"r0003"}, set()),
        ("speed(1,slow)", {"r0002"}, set()),
        ("not attribute(butter,slippery)", {"r0002"}, set()),
        ("attribute(butter,fragile)", set(), {"r0001"}),
        ("gap(1,juice_box,80)", {"r0004"}, set()),
        ("colour(butter,red)", set(), set()),
    ],
)
def test_one_changed_fact(checker, scene, plan, text, vanished, appeared):
    before = {found.rule for found in checker.check(scene, [plan], GOAL)[0].violations}
    assert before == {"r0002", "r0003", "r0004"}
    answer = what_if(checker, scene, plan, GOAL, text)
    assert (broken(answer.vanished), broken(answer.appeared)) == (vanished, appeared)
    assert broken(answer.remaining) == before - vanished


def test_a_hand_turned_another_way_sees_other_neighbours(checker, scene, plan):
    answer = what_if(checker, scene, plan, GOAL, "yaw(1,90)")
    turned = Plan(steps=(pick_step(scene.find("butter"), 90, "fast", "firm"),))
    assert broken(answer.vanished) == {"r0004"}
    assert broken(answer.remaining) | broken(answer.appeared) == broken(checker.check(scene, [turned], GOAL)[0].violations)


def test_several_changes_at_once(checker, scene, plan):
    answer = what_if(checker, scene, plan, GOAL, ["not on(die,butter)", "speed(1,normal)", "gap(1,juice_box,90)"])
    assert not answer.remaining
    assert not answer.appeared


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("let it be", "expected a fact such as force"),
        ("force(1", "expected a fact such as force"),
        ("forc(1,gentle)", "did you mean force?"),
        ("violated(r0001,(egg,),1)", "is not a fact that can be changed; one of"),
        ("force(7,gentle)", "the plan has steps 1 to 1, got step 7"),
        ("force(1,soft)", "force is one of gentle, firm, got 'soft'"),
        ("on(dog,butter)", "there is no 'dog' on the table; there are: blue_mat, box"),
        ("on(die,butter,2)", "can be changed before step 1 only"),
        ("force(gentle,1)", "expected the number of a step as first argument"),
        ("#include(x)", "expected a fact such as force"),
        ("on(die,butter). on(die,egg)", "expected one ground atom"),
    ],
)
def test_text_that_is_no_change_is_refused_in_a_sentence(checker, scene, plan, text, message):
    with pytest.raises(RuleError, match=message.replace("?", r"\?")):
        what_if(checker, scene, plan, GOAL, text)


def test_the_least_change_breaks_nothing_and_less_would_not_do(checker, scene, plan):
    answer = least_change(checker, scene, plan, GOAL)
    assert answer.proven
    assert answer.changes is not None
    told = [change.fact if change.holds else f"not {change.fact}" for change in answer.changes]
    assert len(told) == 3
    assert not what_if(checker, scene, plan, GOAL, told).remaining
    for left_out in told:
        assert what_if(checker, scene, plan, GOAL, [change for change in told if change != left_out]).remaining


def test_a_plan_that_breaks_nothing_needs_no_change(checker_with, scene, plan):
    assert least_change(checker_with("r0001"), scene, plan, GOAL).changes == ()


def test_none_within_the_vocabulary_is_an_answer(core_checker, scene):
    twice = pick_step(scene.find("butter"), 0, "slow", "gentle"), pick_step(scene.find("egg"), 0, "slow", "gentle")
    answer = least_change(core_checker, scene, Plan(steps=twice), GOAL)
    assert answer.changes is None
    assert answer.proven
