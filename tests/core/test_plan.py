"""Plan text: what goes out comes back, and what is not a plan is refused with its place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siren.core.action import FORCES, SPEEDS, Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.plan import Plan, Step, parse_plan, require_executable, write_plan

GOOD = """pick egg from top | move to 0.412 -0.103 0.031 rotate 0 180 45 speed slow force gentle close gripper
place egg in box | move to 0.550 0.201 0.062 rotate 0 180 0 speed slow force gentle open gripper"""

names = st.sampled_from(["egg", "cola_can", "box", "lid"])
positions = st.tuples(*(st.integers(low, high).map(lambda mm: mm / 1000) for low, high in ((170, 810), (-320, 320), (0, 640))))
rotations = st.tuples(st.just(0.0), st.just(180.0), st.integers(0, 1799).map(lambda tenth: tenth / 10))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    skill = draw(st.sampled_from(["pick", "place", "stack", "open"]))
    puts = skill in ("place", "stack")
    frame = Keyframe(
        position=draw(positions),
        rotation=draw(rotations),
        speed=draw(st.sampled_from(SPEEDS)),
        force=draw(st.sampled_from(FORCES)),
        gripper="open" if puts else "close",
    )
    relation = draw(st.sampled_from(["on", "in"] if skill == "place" else ["on"])) if puts else None
    return Step(skill=skill, object=draw(names), keyframe=frame, relation=relation, target=draw(names) if puts else None)


@settings(deadline=None)
@given(st.lists(steps(), min_size=1, max_size=12))
def test_what_is_written_reads_back(drawn: list[Step]) -> None:
    plan = Plan(steps=tuple(drawn))
    assert parse_plan(write_plan(plan)) == plan


def test_text_survives_the_value() -> None:
    assert write_plan(parse_plan(GOOD)) == GOOD


@given(st.text(max_size=200))
def test_any_other_text_is_refused_by_name(text: str) -> None:
    place = (1, 1)
    try:
        plan = parse_plan(text)
    except PlanSyntaxError as error:
        place = (error.line, error.column)
    else:
        assert parse_plan(write_plan(plan)) == plan
    assert min(place) >= 1


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (GOOD.replace("45", "left"), "line 1, column 61: expected a number after 'rotate', got 'left'"),
        (GOOD.replace("0.550", "nan"), "line 2, column 28: expected a number after 'to', got 'nan'"),
        (GOOD.replace("pick egg", "juggle egg"), "expected a skill (pick, place, stack, open, push, tip, drive), got 'juggle'"),
        (GOOD.replace(" open gripper", ""), "expected 'open', got 'the end of the line'"),
        (GOOD + " please", "expected the end of the line, got 'please'"),
        ("", "expected at least one step, got empty text"),
        ("\n".join([GOOD] * 7), "expected at most 12 steps, got 14"),
    ],
)
def test_a_broken_plan_is_refused_with_its_place(broken: str, complaint: str) -> None:
    with pytest.raises(PlanSyntaxError) as refused:
        parse_plan(broken)
    assert complaint in str(refused.value)


def test_nothing_outside_the_workspace_reaches_the_robot() -> None:
    plan = parse_plan(GOOD.replace("0.412", "1.412"))
    with pytest.raises(PlanRefusedError, match=r"step 1: position 1\.412 .* outside the workspace"):
        require_executable(plan, frozenset({"egg", "box"}))


def test_an_unknown_thing_is_named() -> None:
    with pytest.raises(PlanRefusedError, match="step 1: unknown object 'egg'; on the table: box"):
        require_executable(parse_plan(GOOD), frozenset({"box"}))
