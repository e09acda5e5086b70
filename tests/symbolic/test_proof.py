"""Every violation comes with the reasons that the solver used, and taking its rule away takes exactly it away."""

import pytest

from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.proof import fill, prove, verify

GOAL = Goal(relation="held", object="butter")


@pytest.fixture
def plan(scene) -> Plan:
    return Plan(steps=(pick_step(scene.find("butter"), 90, "fast", "firm"),))


def texts(reasons) -> list[str]:
    return [found for reason in reasons for found in (reason.text, *texts(reason.because))]


def test_a_proof_goes_down_to_what_was_seen(checker_with, scene, plan):
    (proof,) = prove(checker_with("r0003"), scene, plan, GOAL)
    assert proof.bindings == {"O": "butter", "T": "1", "Y": "die"}
    step, on = proof.body
    assert (step.text, step.kind) == ("step(1,pick,butter)", "fact")
    assert (on.text, on.kind, on.by) == ("on(die,butter,1)", "derived", "on(Y,O,T) :- first(T); seen_on(Y,O).")
    assert [(reason.text, reason.kind) for reason in on.because] == [("first(1)", "fact"), ("seen_on(die,butter)", "fact")]


def test_comparisons_and_absent_conditions_have_their_values(core_rules, knowledge, scene, plan):
    text = "violated(r0100, (O,), T) :- step(T,pick,O), near(T,Y,_), gap(T,Y,G), G <= 60, not speed(T,slow), not on(_,Y,T)."
    rule = Rule(id="r0100", text=text, sentence="{Y} is {G} mm from {O}")
    (proof,) = prove(ClingoChecker(core_rules.with_rule(rule), knowledge), scene, plan, GOAL)
    kinds = {reason.text: reason.kind for reason in proof.body}
    gap = int(proof.bindings["G"])
    assert kinds[f"{gap} <= 60"] == "comparison"
    assert kinds["speed(1,slow)"] == kinds["on(anything,juice_box,1)"] == "absent"
    assert proof.sentence == f"juice box is {gap} mm from butter"


def test_each_rule_is_verified_by_solving_without_it(checker_with, scene, plan):
    checker = checker_with("r0001", "r0002", "r0003", "r0004", "r0005")
    proofs = prove(checker, scene, plan, GOAL)
    assert len(proofs) >= 2
    assert all(verify(checker, scene, plan, GOAL, proof.violation) for proof in proofs)


def test_a_violation_that_is_not_there_is_not_verified(checker_with, scene, plan):
    checker = checker_with("r0003")
    (proof,) = prove(checker, scene, plan, GOAL)
    assert not verify(checker, scene, plan, GOAL, proof.violation.model_copy(update={"args": ("egg",)}))


def test_several_bindings_of_one_violation_are_counted(core_rules, knowledge, scene, plan):
    rule = Rule(id="r0100", text="violated(r0100, (O,), T) :- step(T,pick,O), object(Y), Y != O.", sentence="{O} is not alone")
    (proof,) = prove(ClingoChecker(core_rules.with_rule(rule), knowledge), scene, plan, GOAL)
    assert proof.ways == len(scene.objects) - 1


def test_fluents_are_followed_through_the_steps(core_checker, scene):
    butter = scene.find("butter")
    put = put_step("place", butter, scene, "on", "blue_mat", (0.6, 0.2), 0, "low", "slow", "gentle")
    picks = (pick_step(butter, 90, "slow", "gentle"), pick_step(scene.find("egg"), 0, "slow", "gentle"))
    (proof,) = prove(core_checker, scene, Plan(steps=(*picks, put)), GOAL)[:1]
    assert (proof.violation.rule, proof.violation.step) == ("c_hand_full", 2)
    assert "takes(1,butter)" in texts(proof.body)
    assert proof.sentence == "the hand already holds butter: it cannot take egg too"


def test_a_plan_that_breaks_nothing_has_no_proofs(core_checker, scene, plan):
    assert prove(core_checker, scene, plan, GOAL) == ()


def test_a_sentence_keeps_what_nothing_is_bound_to():
    assert fill("{O} rests on {D}", {"O": "gold_bar"}) == "gold bar rests on {D}"
