"""A plan without the policy: it reaches the goal, breaks nothing that it need not, and says when there is none."""

from collections.abc import Callable

import pytest
from learned_rules import LEARNED, learned, thing

from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.deadlock import culprits
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.planning import AspPlanner
from siren.symbolic.rulebook import Rulebook

GOALS = {
    "hold the egg": (Goal(relation="held", object="egg"), ["pick egg from top"]),
    "the egg in the box": (
        Goal(relation="in", object="egg", target="box"),
        ["open box", "place lid on table", "pick egg from top", "place egg in box"],
    ),
    "the covered butter, hemmed in by the juice box, on the mat": (
        Goal(relation="on", object="butter", target="blue_mat"),
        ["pick juice_box from top", "place juice_box on table", "pick die from top", "place die on table"]
        + ["pick butter from top", "place butter on blue_mat"],
    ),
    "the die on the juice box": (
        Goal(relation="on", object="die", target="juice_box"),
        ["pick die from top", "stack die on juice_box"],
    ),
}


@pytest.mark.parametrize("name", GOALS)
def test_under_all_rules_it_does_what_is_asked_and_what_has_to_come_before(
    scene: Scene, checker_with: Callable[..., ClingoChecker], name: str
) -> None:
    goal, steps = GOALS[name]
    checker = checker_with(*LEARNED)
    planned = AspPlanner(checker, seconds=20).plan(scene, goal)
    assert planned is not None
    assert [step.symbolic_text() for step in planned.plan.steps] == steps
    assert planned.residual == checker.check(scene, [planned.plan], goal)[0]
    assert planned.residual.clean


def test_without_rules_it_goes_straight_to_the_goal(scene: Scene, core_checker: ClingoChecker) -> None:
    planned = AspPlanner(core_checker, seconds=20).plan(scene, Goal(relation="in", object="egg", target="box"))
    assert planned is not None
    assert [step.symbolic_text() for step in planned.plan.steps] == ["pick egg from top", "place egg in box"]


def test_the_same_plan_comes_out_twice(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    plans = [AspPlanner(checker_with(*LEARNED), seconds=20).plan(scene, GOALS["the egg in the box"][0]) for _ in range(2)]
    assert plans[0] == plans[1]


def test_what_is_not_there_cannot_be_planned_for(scene: Scene, core_checker: ClingoChecker) -> None:
    planner = AspPlanner(core_checker, seconds=20)
    assert planner.plan(scene, Goal(relation="held", object="ghost")) is None
    assert planner.plan(scene, Goal(relation="on", object="egg", target="ghost")) is None
    assert planner.plan(scene, Goal(relation="held", object="blue_mat")) is None, "what is flat cannot be taken"
    assert planner.plan(scene, Goal(relation="in", object="egg", target="butter")) is None, "butter is no container"


def test_a_rule_that_leaves_no_way_is_broken_and_named(scene: Scene, core_rules: Rulebook, knowledge: Knowledge) -> None:
    everything = Rule(id="r0100", text="violated(r0100, (O,), T) :- step(T,pick,O), speed(T,_).", sentence="no", confidence=0.7)
    checker = ClingoChecker(core_rules.with_rule(everything).with_rule(learned("r0001")), knowledge)
    goal = Goal(relation="held", object="egg")
    planned = AspPlanner(checker, seconds=20).plan(scene, goal)
    assert planned is not None
    assert [violation.rule for violation in planned.residual.violations] == ["r0100"]
    assert culprits(checker, scene, goal) == ("r0100",)


def test_rules_that_contradict_each_other_in_a_scene_are_named_together(core_rules: Rulebook, knowledge: Knowledge) -> None:
    firm = Rule(id="r0101", text="violated(r0101, (O,), T) :- step(T,pick,O), force(T,firm).", sentence="no")
    book = core_rules.with_rule(firm).with_rule(learned("r0008")).with_rule(learned("r0003"))
    checker = ClingoChecker(book, knowledge)
    bare, goal = Scene(objects=(thing("brick", 0.5, 0.0, (0.05, 0.05, 0.05)),)), Goal(relation="held", object="brick")
    assert culprits(checker, bare, goal) == ("r0008", "r0101")
    assert culprits(ClingoChecker(core_rules.with_rule(firm), knowledge), bare, goal) == ()
