"""Every way to say an action: there and back within the resolution that it states, and nothing hostile gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siren.core.action import FORCES, SPEEDS, WORKSPACE_HIGH, WORKSPACE_LOW, Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.grounding import IT, on_the_table
from siren.core.plan import MAX_STEPS, Plan, Step, parse_plan
from siren.policy.codecs.codec import CODECS, codec_of
from siren.testing.scenes import MAT, thing

positions = st.tuples(*(st.floats(low, high, allow_nan=False) for low, high in zip(WORKSPACE_LOW, WORKSPACE_HIGH, strict=True)))


@st.composite
def steps(draw: st.DrawFn) -> Step:
    put = draw(st.booleans())
    frame = Keyframe(
        position=draw(positions),
        rotation=(0.0, 180.0, draw(st.floats(-360, 360, allow_nan=False))),
        speed=draw(st.sampled_from(SPEEDS)),
        force=draw(st.sampled_from(FORCES)),
        gripper="open" if put else "close",
    )
    if put:
        return Step(skill="place", object="egg", relation=draw(st.sampled_from(["on", "in"])), target="box", keyframe=frame)
    return Step(skill="pick", object="egg", keyframe=frame)


plans = st.lists(steps(), min_size=1, max_size=MAX_STEPS).map(lambda listed: Plan(steps=tuple(listed)))


@pytest.mark.parametrize("name", CODECS)
@given(plan=plans)
def test_numbers_come_back_within_the_stated_resolution_and_manner_as_it_was(name: str, plan: Plan) -> None:
    codec = codec_of(name)
    back = codec.read(codec.write(plan))
    for before, after in zip(plan.steps, back.steps, strict=True):
        frame, again = before.keyframe, after.keyframe
        assert (again.speed, again.force, again.gripper) == (frame.speed, frame.force, frame.gripper)
        assert after.skill == before.skill
        assert again.rotation[:2] == (0.0, 180.0)
        assert all(abs(a - b) <= codec.resolution.metres + 1e-9 for a, b in zip(again.position, frame.position, strict=True))
        assert abs((again.yaw - frame.yaw + 90) % 180 - 90) <= codec.resolution.degrees + 1e-9
        assert again.inside_workspace()


@pytest.mark.parametrize("name", CODECS)
@given(plan=plans)
def test_what_was_read_is_written_as_it_was(name: str, plan: Plan) -> None:
    codec = codec_of(name)
    text = codec.write(plan)
    assert codec.write(codec.read(text)) == text
    assert codec.tokens(plan) <= len(text.split())


@pytest.mark.parametrize("name", CODECS)
@given(text=st.text(max_size=60) | st.lists(st.integers(-1, 300), max_size=40).map(lambda numbers: " ".join(map(str, numbers))))
def test_no_text_does_anything_but_parse_or_be_refused(name: str, text: str) -> None:
    try:
        plan = codec_of(name).read(text)
    except PlanSyntaxError:
        return
    assert plan.steps


PICK = parse_plan("pick egg from top | move to 0.412 -0.103 0.031 rotate 0 180 45 speed slow force gentle close gripper")


def test_they_read_as_documented() -> None:
    assert codec_of("language").write(PICK) == "pick egg x96 y86 r30 z12 slow gentle"
    assert codec_of("hybrid").write(PICK) == "pick egg x96.80 y86.80 r30.00 z12.40 slow gentle"
    assert codec_of("rt2").write(PICK) == "1 96 86 12 128 0 160 0 0 0"
    assert codec_of("rt1").write(PICK) == "96 86 12 127 127 63 0 0 0 1"


@pytest.mark.parametrize(
    ("name", "text", "column", "expected"),
    [
        ("rt2", "1 2 3", 6, "10 integers a step"),
        ("rt2", "1 2 3 4 5 6 7 8 9 256", 19, "an integer 0 to 255"),
        ("rt2", "1 2 3 nan 5 6 7 8 9 10", 7, "an integer 0 to 255"),
        ("rt2", "0 2 3 4 5 6 7 8 9 10", 1, "the last step"),
        ("rt1", "1 2 3 4 5 6 7 8 9 0", 19, "the last step"),
        ("hybrid", "pick egg x96 y86.80 r30.00 z12.40 slow gentle", 10, "two digits behind its point"),
        ("hybrid", "pick egg x256.00 y86.80 r30.00 z12.40 slow gentle", 10, "'x0' to 'x255'"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_column(name: str, text: str, column: int, expected: str) -> None:
    with pytest.raises(PlanSyntaxError, match=expected) as caught:
        codec_of(name).read(text)
    assert caught.value.column == column


def test_keyframes_do_not_say_a_push_and_an_unknown_codec_is_named() -> None:
    frame = PICK.steps[0].keyframe
    push = Plan(steps=(Step(skill="push", object="egg", relation="on", target="table", keyframe=frame),))
    for name in ("rt1", "rt2"):
        with pytest.raises(PlanRefusedError, match="use the language codec"):
            codec_of(name).write(push)
    with pytest.raises(PlanRefusedError, match="did you mean 'rt2'"):
        codec_of("rt3")


def test_keyframes_are_about_what_stands_at_their_places() -> None:
    from siren.core.scene import Scene

    egg = thing("egg", 0.412, -0.103)
    place = Step(
        skill="place", object="egg", relation="on", target="blue_mat", keyframe=PICK.steps[0].keyframe.model_copy(
            update={"position": (*MAT.position[:2], 0.05), "gripper": "open"}
        )
    )  # fmt: skip
    codec = codec_of("rt1")
    said = codec.read(codec.write(Plan(steps=(*PICK.steps, place))))
    assert [step.object for step in said.steps] == [IT, IT]
    named = on_the_table(Scene(objects=(egg, MAT)), said)
    assert [(step.object, step.target) for step in named.steps] == [("egg", None), ("egg", "blue_mat")]
