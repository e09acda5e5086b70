"""Asked about a real evening, the record answers with tested reasons, and nonsense gets one sentence."""

import pytest

from siren.core.errors import PlanSyntaxError, RuleError, StoreError
from siren.explain.query import explain_episode, what_if, why, why_not
from siren.symbolic.rulebook import Rulebook


def test_the_chain_of_a_mended_decision(evening):
    answer = explain_episode(evening.store, evening.mended, evening.knowledge)
    first, second = answer.candidates
    (refusal,) = first.refusals
    assert (first.rank, answer.chosen, second.is_plan) == (0, 0, False)
    assert refusal.proof.sentence == "egg is fragile: it does not bear a firm grip"
    assert refusal.proof.bindings["O"] == "egg"
    assert (refusal.taught_by, refusal.contradicted_by) == ((evening.failed,), ())
    assert [lesson.story for lesson in refusal.lessons] == ["pick up the egg: egg crushed at step 1, grasp"]
    assert [(edit.field, edit.before, edit.after) for edit in answer.edits] == [("force", "firm", "gentle")]
    assert (answer.residual, answer.success, answer.cause) == ((), True, None)
    assert (answer.proofs, answer.verified) == (1, 1)
    assert answer.rules_of_the_day
    assert answer.agrees
    assert answer.least_change is not None
    assert [change.fact for change in answer.least_change.changes or ()] == ["force(1,gentle)"]


def test_the_failure_that_taught_it(evening):
    answer = explain_episode(evening.store, evening.failed, evening.knowledge)
    assert answer.cause is not None
    assert (answer.cause.kind, answer.cause.step, answer.cause.subject) == ("crushed", 1, "egg")
    assert answer.candidates[0].refusals == ()
    assert answer.teaches == ("r0001",)
    assert answer.trained == ("tuned-1",)
    (trial,) = answer.trials
    assert (trial.episode, trial.changes, trial.success) == (evening.probe, ("step 1: gentle",), True)


def test_a_probe_has_no_proposals_and_is_judged_by_the_rules_as_they_are(evening):
    answer = explain_episode(evening.store, evening.probe, evening.knowledge)
    assert answer == explain_episode(evening.store, evening.probe, evening.knowledge, evening.book)
    assert (answer.candidates, answer.chosen, answer.rules_of_the_day) == ((), -1, False)
    assert [trial.episode for trial in answer.trials] == [evening.failed]


def test_rules_that_were_not_kept_are_asked_for(evening, monkeypatch):
    monkeypatch.setattr(evening.store, "rulebook", lambda digest: None)
    with pytest.raises(StoreError, match="the rules that judged episode .* were not kept"):
        explain_episode(evening.store, evening.mended, evening.knowledge)
    today = explain_episode(evening.store, evening.mended, evening.knowledge, Rulebook(()))
    assert not today.rules_of_the_day
    assert not today.agrees


def test_why_one_step(evening):
    answer = why(evening.store, evening.mended, 1, evening.knowledge)
    assert answer.text.startswith("pick egg from top |")
    assert (answer.proposed, [edit.after for edit in answer.edits]) == (1, ["gentle"])
    assert [refusal.proof.violation.rule for refusal in answer.refusals] == ["r0001"]
    assert answer.residual == ()
    assert (answer.proofs, answer.verified) == (1, 1)
    assert [event.kind for event in why(evening.store, evening.failed, 1, evening.knowledge).events][0] == "crushed"


def test_why_not_another_plan(evening):
    proposal = evening.store.episode(evening.mended).decision.candidates[0].text
    answer = why_not(evening.store, evening.mended, proposal, evening.knowledge)
    assert (answer.rank, answer.hard, answer.weight, answer.run_weight) == (0, False, 0.8, 0.0)
    outside = proposal.replace("move to 0.", "move to 1.")
    refused = why_not(evening.store, evening.mended, outside, evening.knowledge)
    assert refused.hard
    assert "c_outside_x" in {refusal.proof.violation.rule for refusal in refused.refusals}
    assert refused.verified == refused.proofs
    assert refused.least_change is not None
    assert refused.least_change.changes is None


def test_what_if_a_fact_were_otherwise(evening):
    answer = what_if(evening.store, evening.mended, "force(1,gentle)", evening.knowledge)
    assert (answer.vanished, answer.appeared, answer.remaining) == (("egg is fragile: it does not bear a firm grip",), (), ())
    again = what_if(evening.store, evening.mended, "force(1,firm)", evening.knowledge, of="run")
    assert again.appeared == ("egg is fragile: it does not bear a firm grip",)


def test_nonsense_gets_one_sentence(evening):
    store, knowledge = evening.store, evening.knowledge
    with pytest.raises(StoreError, match=r"no episode 999 in .*; ids go from 1 to 3"):
        explain_episode(store, 999, knowledge)
    with pytest.raises(RuleError, match="ran steps 1 to 1, got step 2"):
        why(store, evening.mended, 2, knowledge)
    with pytest.raises(PlanSyntaxError, match="line 1, column 1: expected a skill"):
        why_not(store, evening.mended, "throw egg", knowledge)
    with pytest.raises(RuleError, match="expected a fact such as"):
        what_if(store, evening.mended, "what?", knowledge)


def test_every_answer_survives_json(evening):
    store, knowledge = evening.store, evening.knowledge
    for answer in (
        explain_episode(store, evening.mended, knowledge),
        why(store, evening.mended, 1, knowledge),
        what_if(store, evening.mended, "force(1,gentle)", knowledge),
    ):
        assert type(answer).model_validate_json(answer.model_dump_json()) == answer
