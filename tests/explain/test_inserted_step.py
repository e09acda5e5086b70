"""A step that the repair put in is explained by what the rules would say without it."""

from pathlib import Path

import pytest

from siren.core.episode import Candidate, Decision, Episode
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.explain.narrate import narrate
from siren.explain.query import why
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook
from siren.testing.scenes import MAT, outcome_of, task_of, thing

RULES = Path(__file__).parents[2] / "rules"
COVERED = Rule(
    id="r0001", text="violated(r0001, (O,Y), T) :- step(T,pick,O), on(Y,O,T).", sentence="{Y} stands on {O}: it falls", confidence=0.9
)


@pytest.fixture
def mended(tmp_path) -> tuple[Store, int]:
    sponge = thing("sponge", 0.45, -0.05)
    scene = Scene(objects=(sponge, thing("die", 0.45, -0.05, bottom=sponge.top, support="sponge"), MAT))
    checker = ClingoChecker(Rulebook.load(RULES).with_rule(COVERED), Knowledge.load(RULES))
    task, plan = task_of("sponge", 1), Plan(steps=(pick_step(sponge, 0, "slow", "firm"),))
    repair = AspRepairer(checker).repair(scene, plan, task.goal)
    verdict = checker.check(scene, [plan], task.goal)[0]
    decision = Decision(
        candidates=(Candidate(text=str(plan), score=-1.0, plan=plan, verdict=verdict),),
        chosen=0,
        plan=repair.plan,
        repair=repair,
        rulebook=checker.rulebook,
        checkpoint="none",
    )
    store = Store.open(tmp_path)
    store.new_session("evening", "{}")
    store.record_rulebook(checker.rulebook, checker.judging)
    episode = Episode(session="evening", round=1, use="run", task=task, scene=scene, decision=decision, outcome=outcome_of())
    return store, store.record(episode)


def test_it_names_the_rule_that_would_be_broken_without_it(mended):
    store, number = mended
    assert [step.symbolic_text() for step in store.episode(number).decision.plan.steps] == [
        "pick die from top",
        "place die on table",
        "pick sponge from top",
    ]
    for step in (1, 2):
        answer = why(store, number, step, Knowledge.load(RULES))
        assert answer.proposed is None
        assert [refusal.proof.sentence for refusal in answer.refusals] == ["die stands on sponge: it falls"]
        assert (answer.proofs, answer.verified) == (1, 1)
        assert "Without it there would be rules against the plan:" in narrate(answer)


def test_the_step_that_was_proposed_keeps_its_number(mended):
    store, number = mended
    answer = why(store, number, 3, Knowledge.load(RULES))
    assert (answer.proposed, answer.edits, answer.residual) == (1, (), ())
    assert [refusal.proof.violation.step for refusal in answer.refusals] == [1]
