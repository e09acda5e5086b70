"""How much the policy still needs a rule: broken by first proposals once, and no longer."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.episode import Candidate, Decision, Episode
from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.core.task import Task
from siren.learning.absorption import call_back, dependencies, stand_by
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.testing.parts import FINE
from siren.testing.scenes import careless_steps, goal_of, random_scene

RULES = Path(__file__).parents[2] / "rules"
FAST = Rule(id="r0001", text="violated(r0001, (O,), T) :- step(T,pick,O), speed(T,fast).", sentence="{O} is taken fast")
CHECKER = ClingoChecker(Rulebook([FAST]), Knowledge.load(RULES))


def decided(speed: str, checkpoint: str) -> Episode:
    """A first proposal that takes the thing at that speed."""
    rng = np.random.default_rng(3)
    scene, name = random_scene(rng)
    plan = careless_steps(scene, name, rng)
    steps = [step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"speed": speed})}) for step in plan.steps]
    plan = plan.model_copy(update={"steps": tuple(steps)})
    task = Task(seed=3, family="place", split="seen", instruction="put it there", goal=goal_of(name), layout=())
    candidate = Candidate(text=str(plan), score=0.0, plan=plan)
    decision = Decision(candidates=(candidate,), chosen=0, plan=plan, rulebook="", checkpoint=checkpoint)
    return Episode(session="day", round=0, use="collect", task=task, scene=scene, decision=decision, outcome=FINE)


EARLY, LATE = [decided("fast", "old")] * 12 + [decided("slow", "old")] * 28, [decided("slow", "new")] * 40


def test_what_first_proposals_no_longer_break_is_absorbed_and_may_stand_by() -> None:
    (found,) = dependencies([*EARLY, *LATE], CHECKER)
    assert str(found) == "r0001: 12 of 40 first proposals broke it before, 0 of 40 under new"
    assert found.absorbed
    waiting = stand_by(FAST, found)
    assert (waiting.status, waiting.in_force) == ("standby", False)
    assert waiting.reason == f"absorbed: {found}"


@pytest.mark.parametrize("late", [LATE[:3], [*LATE, decided("fast", "new")]])
def test_few_decisions_or_one_that_breaks_it_show_nothing(late: list[Episode]) -> None:
    (found,) = dependencies([*EARLY, *late], CHECKER)
    assert not found.absorbed
    with pytest.raises(RuleError, match="r0001: expected a rule that the policy has absorbed"):
        stand_by(FAST, found)


def test_what_a_person_pinned_does_not_stand_by() -> None:
    (found,) = dependencies([*EARLY, *LATE], CHECKER)
    with pytest.raises(RuleError, match="pinned by kim"):
        stand_by(FAST.model_copy(update={"pinned": "kim"}), found)


def test_a_rule_on_stand_by_is_called_back_when_it_is_broken_again() -> None:
    waiting = FAST.model_copy(update={"status": "standby"})
    quiet = dependencies([*EARLY, *LATE], CHECKER)
    loud = dependencies([*EARLY, *LATE, decided("fast", "new")], CHECKER)
    assert call_back([waiting], quiet) == (waiting,)
    (back,) = call_back([waiting], loud)
    assert back.status == "active"
    assert back.reason.startswith("needed again: r0001: 12 of 40")


def test_without_decisions_there_is_nothing_to_say() -> None:
    assert dependencies([], CHECKER) == ()
