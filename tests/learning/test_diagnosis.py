"""A failure and what mattered: told by a world in which it is known, and by injected failures of the real one."""

import pytest

from siren.core.episode import Event, Outcome
from siren.core.errors import PlanRefusedError
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.learning.diagnosis import diagnose
from siren.symbolic.mending import amendments
from siren.testing.scenes import thing
from siren.world.injection import failures
from siren.world.tabletop import Tabletop

SCENE = Scene(objects=(thing("egg", 0.5, 0.0), thing("soap", 0.4, 0.2)))
EGG = Goal(relation="held", object="egg")


def plan_with(speed: str, force: str, name: str = "egg") -> Plan:
    found = SCENE.find(name)
    assert found is not None
    return Plan(steps=(pick_step(found, 0, speed, force),))


def ends(kind: str | None, phase: str = "lift") -> Outcome:
    events = (Event(kind=kind, step=1, phase=phase, tick=5, subject="egg"),) if kind else ()
    return Outcome(success=not events, goal_reached=not events, events=events, ticks=9, state_hash="x")


def fragile_egg(plan: Plan) -> Outcome:
    """Crushed in a firm grip; lost when lifted fast; else held, if it is the egg that was taken."""
    (step,) = plan.steps
    if step.keyframe.force == "firm":
        return ends("crushed", "grasp")
    if step.keyframe.speed == "fast":
        return ends("dropped")
    return ends(None if step.object == "egg" else "goal_missed", "end")


def found_for(plan: Plan, **options: int):
    return diagnose(plan, fragile_egg(plan), lambda one: amendments(SCENE, one, EGG), fragile_egg, **options)


def test_the_argument_that_mattered_is_named_and_what_helped_is_kept() -> None:
    found = found_for(plan_with("slow", "firm"))
    assert (found.step, found.fields, found.confirmed) == (1, ("force",), True)
    assert [trial.plan for trial in found.mended] == [plan_with("slow", "gentle")]
    assert found_for(plan_with("fast", "gentle")).fields == ("speed",)


def test_two_wrongs_at_one_step_are_set_right_together() -> None:
    found = found_for(plan_with("fast", "firm"))
    assert set(found.fields) == {"speed", "force"}
    assert all({edit.field for edit in trial.edits} == {"speed", "force"} for trial in found.mended)
    assert [trial.edits[0].field for trial in found.further] == ["force"]  # gentle alone comes as far as the lift


def test_another_thing_than_asked_for_is_seen() -> None:
    found = found_for(plan_with("slow", "gentle", "soap"))
    assert found.fields == ("object",)
    assert found.mended[0].edits[0].after == "egg"


def test_the_budget_holds_and_what_was_not_found_is_said() -> None:
    found = found_for(plan_with("slow", "firm"), budget=1)
    assert found.runs == 1
    hopeless = diagnose(plan_with("slow", "firm"), ends("crushed", "grasp"), lambda one: [], fragile_egg)
    assert (hopeless.step, hopeless.fields, hopeless.confirmed, hopeless.runs) == (1, (), False, 0)


def test_a_plan_that_the_world_refuses_is_no_help() -> None:
    found = diagnose(plan_with("slow", "firm"), ends("crushed", "grasp"), lambda one: amendments(SCENE, one, EGG), lambda one: None)
    assert not found.confirmed
    assert found.runs > 0


def test_a_success_has_no_cause() -> None:
    with pytest.raises(ValueError, match="diagnose failures only"):
        found_for(plan_with("slow", "gentle"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["slip", "crushed", "no_grasp", "rotation", "wrong_target"])
def test_causes_that_are_known_are_found_in_the_real_world(kind: str) -> None:
    """Two injected failures of each kind: the step is the one that was spoilt. `benchmarks.diagnosis` counts more."""
    with Tabletop() as world:
        spoilt = [failure for failure, _ in zip(failures(world, (kind,), iter(range(300, 400))), range(2), strict=False)]
        for failure in spoilt:
            scene = world.reset(failure.task)

            def again(plan: Plan, failure=failure) -> Outcome | None:
                world.reset(failure.task)
                try:
                    return world.execute(plan)
                except PlanRefusedError:
                    return None

            wanted = failure.task.goal
            found = diagnose(failure.plan, failure.outcome, lambda one, scene=scene, goal=wanted: amendments(scene, one, goal), again)
            assert found.step == failure.step, failure.change
            assert found.fields
    assert len(spoilt) == 2
