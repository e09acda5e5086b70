"""Plans made to hurt are refused before anything moves, or end with an event."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from siren.core.action import Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.plan import MAX_STEPS, Plan, Step, parse_plan, write_plan
from siren.world.environment import COLUMNS, keyframe_of
from siren.world.expert import expert_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

TASK = make_task(1000)
PLAN = expert_plan(TASK, nominal_scene(TASK))
ANY_NUMBER = st.floats(allow_nan=True, allow_infinity=True)


@pytest.fixture(scope="module")
def world() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        tabletop.reset(TASK)
        yield tabletop


@settings(max_examples=200, deadline=None)
@given(st.tuples(ANY_NUMBER, ANY_NUMBER, ANY_NUMBER), st.tuples(ANY_NUMBER, ANY_NUMBER, ANY_NUMBER))
def test_numbers_that_are_none_or_lie_outside_move_nothing(
    world: Tabletop, position: tuple[float, float, float], rotation: tuple[float, float, float]
) -> None:
    before = world.proprioception()
    try:
        frame = Keyframe(position=position, rotation=rotation, speed="fast", force="firm", gripper="close")
    except ValidationError:
        assert not np.isfinite([*position, *rotation]).all()
        return
    if frame.inside_workspace():
        return
    with pytest.raises(PlanRefusedError, match="outside the workspace"):
        world.execute(Plan(steps=(Step(skill="pick", object=PLAN.steps[0].object, keyframe=frame),)))
    with pytest.raises(PlanRefusedError, match="outside the workspace"):
        world.act(frame)
    assert np.array_equal(world.proprioception(), before)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(width=32), min_size=9, max_size=9))
def test_any_action_is_a_keyframe_inside_the_workspace_or_refused(action: list[float]) -> None:
    try:
        frame = keyframe_of(np.array(action))
    except PlanRefusedError:
        assert not all(abs(value) <= 1 for value in action)
        return
    assert len(action) == len(COLUMNS)
    assert frame.inside_workspace()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(write_plan(PLAN)) - 1), st.text(max_size=30))
def test_text_that_was_tampered_with_is_a_plan_or_refused(place: int, insertion: str) -> None:
    text = write_plan(PLAN)
    try:
        plan = parse_plan(text[:place] + insertion + text[place:])
    except PlanSyntaxError:
        return
    assert len(plan.steps) <= MAX_STEPS


def test_ten_thousand_steps_are_too_many(world: Tabletop) -> None:
    with pytest.raises(PlanRefusedError, match=f"expected at most {MAX_STEPS} steps, got 10000"):
        world.execute(Plan(steps=PLAN.steps[:1] * 10_000))
    with pytest.raises(PlanSyntaxError, match=f"expected at most {MAX_STEPS} steps, got 10000"):
        parse_plan("\n".join([write_plan(Plan(steps=PLAN.steps[:1]))] * 10_000))


@pytest.mark.slow
@pytest.mark.parametrize("rotation", [(0.0, 0.0, 0.0), (90.0, 90.0, 90.0), (1e6, -1e6, 1e-300)], ids=["up", "sideways", "huge"])
def test_a_hand_that_cannot_be_turned_that_way_ends_with_an_event(world: Tabletop, rotation: tuple[float, float, float]) -> None:
    frame = PLAN.steps[0].keyframe.model_copy(update={"rotation": rotation, "position": (0.5, 0.1, 0.0)})
    outcome = world.execute(Plan(steps=(PLAN.steps[0].model_copy(update={"keyframe": frame}),)))
    assert outcome.events
    assert np.isfinite(world.proprioception()).all()
