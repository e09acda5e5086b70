"""One thing set right: where the hand goes, what the plan is about, in which order its steps come."""

import numpy as np

from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan, Step, require_executable
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.mending import amendments
from siren.testing.scenes import MAT, thing
from siren.world.expert import expert_plan
from siren.world.tasks import make_task, nominal_scene

EGG, CAN = thing("egg", 0.5, 0.0), thing("cola_can", 0.4, 0.15)
SCENE = Scene(objects=(EGG, CAN, MAT))
ON_MAT = Goal(relation="on", object="egg", target="blue_mat")


def taken(**frame: object) -> Step:
    step = pick_step(EGG, 0, "slow", "gentle")
    return step.model_copy(update={"keyframe": step.keyframe.model_copy(update=frame)})


def on_mat(x: float = 0.6, y: float = 0.2) -> Step:
    return put_step("place", EGG, SCENE, "on", "blue_mat", (x, y), 0.0, "low", "slow", "gentle")


def of_field(plan: Plan, goal: Goal, field: str) -> list[Plan]:
    return [change.plan for change in amendments(SCENE, plan, goal) if change.edit.field == field]


def test_a_hand_beside_above_or_tilted_is_brought_over_the_thing() -> None:
    right = Plan(steps=(taken(),))
    for frame in ({"position": (0.53, 0.04, 0.03)}, {"position": (0.5, 0.0, 0.08)}, {"rotation": (30.0, 180.0, 0.0)}):
        assert of_field(Plan(steps=(taken(**frame),)), Goal(relation="held", object="egg"), "aim") == [right]
    assert of_field(right, Goal(relation="held", object="egg"), "aim") == []


def test_a_thing_put_beside_its_place_is_put_on_the_middle() -> None:
    assert of_field(Plan(steps=(taken(), on_mat(0.7, 0.1))), ON_MAT, "aim") == [Plan(steps=(taken(), on_mat()))]


def test_another_thing_than_asked_for_becomes_the_one() -> None:
    can = pick_step(CAN, 0, "slow", "firm")
    plans = of_field(Plan(steps=(can, on_mat())), ON_MAT, "object")
    assert len(plans) == 8  # every turn, both forces
    assert all([step.symbolic_text() for step in plan.steps] == ["pick egg from top", "place egg on blue_mat"] for plan in plans)
    away = put_step("stack", EGG, SCENE, "on", "cola_can", (0.4, 0.15), 0.0, "low", "slow", "gentle")
    assert of_field(Plan(steps=(taken(), away)), ON_MAT, "target") == [Plan(steps=(taken(), on_mat()))]


def test_near_something_is_no_wrong_target() -> None:
    """What stands next to another thing stands on the table; of the wrong thing only the thing is exchanged."""
    near = Goal(relation="near", object="egg", target="cola_can")
    beside = put_step("place", EGG, SCENE, "on", "table", (0.4, 0.08), 0.0, "low", "slow", "gentle")
    assert of_field(Plan(steps=(taken(), beside)), near, "target") == []
    plans = of_field(Plan(steps=(pick_step(CAN, 0, "slow", "firm"), beside)), near, "object")
    assert {plan.steps[1].symbolic_text() for plan in plans} == {"place egg on table"}
    assert {plan.steps[1].keyframe.position[:2] for plan in plans} == {(0.4, 0.08)}


def test_steps_change_places() -> None:
    right = Plan(steps=(taken(), on_mat()))
    assert of_field(Plan(steps=right.steps[::-1]), ON_MAT, "order") == [right]


def test_amendments_of_real_plans_are_plans() -> None:
    """Each can be written, read and refused or run; none is the plan itself."""
    for seed in range(12):
        task = make_task(seed)
        scene = nominal_scene(task)
        plan = expert_plan(task, scene)
        spoilt = plan.steps[0].model_copy(update={"keyframe": plan.steps[0].keyframe.model_copy(update={"position": (0.3, 0.3, 0.3)})})
        changes = amendments(scene, Plan(steps=(spoilt, *plan.steps[1:])), task.goal)
        aims = [change for change in changes if change.edit.field == "aim" and change.edit.step == 1]
        assert all(change.plan != plan or change in aims for change in changes)
        for change in aims:
            require_executable(change.plan, scene.names())
            assert np.allclose(change.plan.steps[0].keyframe.position, plan.steps[0].keyframe.position, atol=0.02)
