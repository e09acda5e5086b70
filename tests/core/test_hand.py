"""How much room a thing leaves the open hand."""

import pytest

from siren.core.action import Keyframe
from siren.core.hand import fit_mm, hand_mm
from siren.core.plan import Step
from siren.core.scene import SceneObject

TIPS = 0.030  # metres above the table


def step(yaw: float = 0.0) -> Step:
    frame = Keyframe(position=(0.5, 0.0, TIPS), rotation=(0.0, 180.0, yaw), speed="slow", force="firm", gripper="close")
    return Step(skill="pick", object="egg", keyframe=frame)


def beside(x: float, y: float, top: float, side: float = 0.04, outline: str = "box") -> SceneObject:
    position, size = (0.5 + x, y, top / 2), (side, side, top)
    return SceneObject(name="other", kind="other", position=position, yaw=0.0, size=size, outline=outline, colour="red")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("y", "yaw", "room"),
    [(0.094, 0.0, 10), (0.080, 0.0, -4), (-0.080, 0.0, -4), (0.080, 90.0, 28), (0.080, 180.0, -4)],
)
def test_a_finger_reaches_64_mm_along_its_axis_and_10_across(y: float, yaw: float, room: int) -> None:
    assert hand_mm(step(), yaw, beside(0.0, y, 0.05)) == room


def test_what_is_lower_than_the_fingertips_leaves_the_room_above_it() -> None:
    assert hand_mm(step(), 0.0, beside(0.0, 0.06, 0.012)) == 8  # fingers end 20 mm above the table here


def test_what_is_higher_than_the_palm_meets_it_where_no_finger_is() -> None:
    across, lower, higher = (0.045, 0.0), 0.060, 0.080
    assert hand_mm(step(), 0.0, beside(*across, lower)) == 8, "the underside of the palm is 68 mm above the table"
    assert hand_mm(step(), 0.0, beside(*across, higher)) < 0


def test_a_round_thing_reaches_less_far_into_a_corner() -> None:
    box, ball = (hand_mm(step(), 0.0, beside(0.03, 0.090, 0.05, outline=outline)) for outline in ("box", "round"))
    assert ball > box


@pytest.mark.parametrize(("aside", "yaw", "room"), [(0.0, 0.0, 8), (0.012, 0.0, -2), (0.0, 45.0, -2), (0.012, 90.0, 8)])
def test_what_is_taken_beside_its_middle_or_across_a_corner_leaves_less_room(aside: float, yaw: float, room: int) -> None:
    """60 mm between fingers that open to 80; the palm stays 8 mm above it."""
    assert fit_mm(step(), yaw, beside(0.0, aside, 0.060, side=0.060)) == room


def test_what_is_taken_too_deep_meets_the_palm() -> None:
    assert fit_mm(step(), 0.0, beside(0.0, 0.0, 0.075)) == -7


def test_a_lid_is_as_wide_as_its_knob() -> None:
    lid = beside(0.0, 0.0, 0.040, side=0.150)
    assert fit_mm(step(), 0.0, lid) == -20, "fingertips are 20 mm below its top"
    assert fit_mm(step(), 0.0, lid.model_copy(update={"handle": (0.03, 0.03, 0.025)})) == 25
