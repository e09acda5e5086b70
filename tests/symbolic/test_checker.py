"""Every broken rule is named, with its step and its things."""

from collections.abc import Callable

import numpy as np
import pytest
from learned_rules import LEARNED, learned

from siren.core import geometry
from siren.core.episode import Verdict, Violation
from siren.core.plan import Plan, Step, parse_plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.checker import SUSPICION, ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.world.expert import careless_plan, expert_plan
from siren.world.tasks import make_task, nominal_scene

GOAL = Goal(relation="in", object="egg", target="box")


def careless(scene: Scene) -> Plan:
    egg = scene.find("egg")
    assert egg is not None
    return Plan(
        steps=(
            geometry.pick_step(egg, 0, "fast", "firm"),
            geometry.put_step("place", egg, scene, "in", "box", (0.58, -0.16), 0.0, "high", "fast", "firm"),
        )
    )


def names(verdict: Verdict) -> set[tuple[str, int]]:
    return {(violation.rule, violation.step) for violation in verdict.violations}


def test_one_look_names_everything(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    (verdict,) = checker_with(*LEARNED).check(scene, [careless(scene)], GOAL)
    assert names(verdict) == {("r0001", 1), ("r0002", 1), ("r0006", 2), ("r0007", 2)}
    assert Violation(rule="r0001", args=("egg",), step=1) in verdict.violations
    assert not verdict.hard
    assert verdict.weight == pytest.approx(3.6)


def test_the_hand_cannot_do_two_things(scene: Scene, core_checker: ClingoChecker) -> None:
    pick, place = careless(scene).steps
    twice, empty = core_checker.check(scene, [Plan(steps=(pick, pick)), Plan(steps=(place,))], GOAL)
    assert names(twice) == {("c_hand_full", 2)}
    assert names(empty) == {("c_not_held", 1)}
    assert twice.hard
    assert empty.hard


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("pick egg from top | move to 0.300 0.280 0.030 rotate 0 180 0 speed slow force gentle close gripper", "c_nothing_there"),
        ("pick teapot from top | move to 0.400 -0.100 0.022 rotate 0 180 0 speed slow force gentle close gripper", "c_unknown_thing"),
        ("open egg | move to 0.400 -0.100 0.022 rotate 0 180 0 speed slow force gentle close gripper", "c_nothing_to_open"),
        ("pick egg from top | move to 0.400 -0.100 0.002 rotate 0 180 0 speed slow force gentle close gripper", "c_too_low"),
        ("pick egg from top | move to 0.400 -0.100 0.700 rotate 0 180 0 speed slow force gentle close gripper", "c_too_high"),
        ("pick egg from top | move to 0.900 -0.100 0.030 rotate 0 180 0 speed slow force gentle close gripper", "c_outside_x"),
        ("pick egg from top | move to 0.400 -0.400 0.030 rotate 0 180 0 speed slow force gentle close gripper", "c_outside_y"),
    ],
)
def test_core_rules_refuse(scene: Scene, core_checker: ClingoChecker, line: str, rule: str) -> None:
    (verdict,) = core_checker.check(scene, [parse_plan(line)], GOAL)
    assert (rule, 1) in names(verdict)
    assert verdict.hard


def test_only_containers_hold_things(scene: Scene, core_checker: ClingoChecker) -> None:
    pick, place = careless(scene).steps
    on_mat = place.model_copy(update={"target": "blue_mat", "keyframe": place.keyframe.model_copy(update={"position": (0.6, 0.2, 0.05)})})
    (verdict,) = core_checker.check(scene, [Plan(steps=(pick, on_mat))], GOAL)
    assert names(verdict) == {("c_no_container", 2)}


def test_many_plans_at_once_are_judged_as_one_by_one(checker_with: Callable[..., ClingoChecker]) -> None:
    checker = checker_with(*LEARNED)
    for seed in range(8):
        task = make_task(seed)
        scene, rng = nominal_scene(task), np.random.default_rng(seed)
        plans = [careless_plan(task, scene, rng) for _ in range(3)]
        together = checker.check(scene, plans, task.goal)
        assert together == tuple(checker.check(scene, [plan], task.goal)[0] for plan in plans)


def test_nothing_that_can_be_done_is_refused_by_the_core(core_checker: ClingoChecker) -> None:
    for seed in range(40):
        task = make_task(seed)
        scene = nominal_scene(task)
        plans = [expert_plan(task, scene), careless_plan(task, scene, np.random.default_rng(seed))]
        assert all(verdict.clean for verdict in core_checker.check(scene, plans, task.goal)), task.instruction


def test_shadow_rules_weigh_little_and_only_when_asked(scene: Scene, core_rules: Rulebook, knowledge: Knowledge) -> None:
    book = core_rules.with_rule(learned("r0001").model_copy(update={"status": "shadow"}))
    plan = careless(scene)
    assert ClingoChecker(book, knowledge).check(scene, [plan], GOAL)[0].clean
    suspicious = ClingoChecker(book, knowledge, suspicions=True).check(scene, [plan], GOAL)[0]
    assert names(suspicious) == {("r0001", 1)}
    assert suspicious.weight == pytest.approx(SUSPICION * 0.9)


def test_no_plans_no_verdicts(scene: Scene, core_checker: ClingoChecker) -> None:
    assert core_checker.check(scene, [], GOAL) == ()


def test_violations_come_in_the_order_of_steps(scene: Scene, checker_with: Callable[..., ClingoChecker]) -> None:
    steps: tuple[Step, ...] = careless(scene).steps
    (verdict,) = checker_with(*LEARNED).check(scene, [Plan(steps=steps + steps)], GOAL)
    assert [violation.step for violation in verdict.violations] == sorted(violation.step for violation in verdict.violations)
    assert {violation.step for violation in verdict.violations} == {1, 2, 3, 4}
