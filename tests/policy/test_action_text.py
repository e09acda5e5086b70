"""Plans and the model's words, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siren.core.action import FORCES, SPEEDS, WORKSPACE_HIGH, WORKSPACE_LOW, Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.plan import MAX_STEPS, Plan, Step
from siren.policy.action_text import read_words, write_words

TEXT = "pick egg x97 y88 r30 z12 slow gentle ; place egg in box x152 y128 r0 z25 slow firm"

names = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
positions = st.tuples(*(st.floats(low, high, allow_nan=False) for low, high in zip(WORKSPACE_LOW, WORKSPACE_HIGH, strict=True)))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    skill = draw(st.sampled_from(["pick", "place", "stack", "open"]))
    put = skill in ("place", "stack")
    frame = Keyframe(
        position=draw(positions),
        rotation=(0.0, 180.0, draw(st.floats(-360, 360, allow_nan=False))),
        speed=draw(st.sampled_from(SPEEDS)),
        force=draw(st.sampled_from(FORCES)),
        gripper="open" if put else "close",
    )
    relation = draw(st.sampled_from(["on", "in"])) if skill == "place" else "on" if put else None
    return Step(skill=skill, object=draw(names), relation=relation, target=draw(names) if put else None, keyframe=frame)


plans = st.lists(steps(), min_size=1, max_size=MAX_STEPS).map(lambda listed: Plan(steps=tuple(listed)))


@given(plans)
def test_every_plan_comes_back_within_the_grid(plan: Plan) -> None:
    back = read_words(write_words(plan))
    for before, after in zip(plan.steps, back.steps, strict=True):
        assert (after.skill, after.object, after.relation, after.target) == (before.skill, before.object, before.relation, before.target)
        assert (after.keyframe.speed, after.keyframe.force) == (before.keyframe.speed, before.keyframe.force)
        assert all(abs(a - b) <= 0.00176 for a, b in zip(after.keyframe.position, before.keyframe.position, strict=True))
        assert abs((after.keyframe.yaw - before.keyframe.yaw + 90) % 180 - 90) <= 0.7501


@given(plans)
def test_words_come_back_word_for_word(plan: Plan) -> None:
    words = write_words(plan)
    assert write_words(read_words(words)) == words


def test_an_end_word_is_allowed_and_the_text_reads_as_written() -> None:
    assert write_words(read_words(TEXT + " <eos>")) == TEXT


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("", 1, "at least one step"),
        ("fly egg", 1, "a skill"),
        ("pick egg x97 y88 r120 z12 slow gentle", 18, "'r0' to 'r119'"),
        ("pick egg x256 y88 r1 z12 slow gentle", 10, "'x0' to 'x255'"),
        ("pick egg x07 y88 r1 z12 slow gentle", 10, "'x0' to 'x255'"),
        ("stack egg in box x1 y1 r1 z1 slow firm", 11, "'on'"),
        ("pick ../egg x1 y1 r1 z1 slow firm", 6, "the name of an object"),
        ("pick egg x1 y1 r1 z1 slow firm ;", 33, "a skill"),
        ("pick egg x1 y1 r1 z1 slow firm and more", 32, "';'"),
        ("pick egg xnan y1 r1 z1 slow firm", 10, "'x0' to 'x255'"),
    ],
)
def test_hostile_text_is_refused_with_its_column(text: str, column: int, expected: str) -> None:
    with pytest.raises(PlanSyntaxError, match=expected) as caught:
        read_words(text)
    assert caught.value.column == column


@given(st.text(max_size=80))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        plan = read_words(text)
    except PlanSyntaxError:
        return
    assert plan.steps


def test_a_pose_that_no_word_can_say_is_refused() -> None:
    step = read_words(TEXT).steps[0]
    outside = step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (0.9, 0.0, 0.1)})})
    tilted = step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"rotation": (0.0, 90.0, 0.0)})})
    with pytest.raises(PlanRefusedError, match=r"between 0\.17 and 0\.81 m, got 0\.900"):
        write_words(Plan(steps=(outside,)))
    with pytest.raises(PlanRefusedError, match="points down"):
        write_words(Plan(steps=(tilted,)))
