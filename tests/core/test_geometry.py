"""Fingers and boxes: spans, gaps and bearings as a person would measure them."""

import pytest

from siren.core import geometry
from siren.core.scene import Scene, SceneObject


def thing(name: str, x: float, y: float, size: tuple[float, float, float], yaw: float = 0, **more: object) -> SceneObject:
    return SceneObject(name=name, kind=name, position=(x, y, size[2] / 2), yaw=yaw, size=size, colour="red", **more)  # type: ignore[arg-type]


REMOTE = thing("remote", 0.5, 0.0, (0.14, 0.04, 0.018))


def test_fingers_across_a_remote_close_on_its_width() -> None:
    assert geometry.span(REMOTE, 0) == pytest.approx(0.04)
    assert geometry.span(REMOTE, 90) == pytest.approx(0.14)


def test_a_turned_remote_is_grasped_along_its_own_axes() -> None:
    turned = thing("remote", 0.5, 0.0, (0.14, 0.04, 0.018), yaw=30)
    assert geometry.span(turned, geometry.grasp_yaw(turned, 0)) == pytest.approx(0.04)
    assert [geometry.turn_of(turned, geometry.grasp_yaw(turned, turn)) for turn in geometry.TURNS] == [0, 45, 90, 135]


def test_a_ball_has_the_same_span_at_every_yaw() -> None:
    ball = thing("ball", 0.5, 0.0, (0.07, 0.07, 0.07), outline="round")
    assert {round(geometry.span(ball, yaw), 6) for yaw in (0, 30, 45, 90)} == {0.07}


def test_a_lid_is_taken_by_its_knob() -> None:
    lid = thing("lid", 0.5, 0.0, (0.15, 0.15, 0.03), handle=(0.03, 0.03, 0.025))
    assert geometry.span(lid, 0) == pytest.approx(0.03)
    assert geometry.grasp_height(lid) == pytest.approx(0.018)


def test_a_neighbour_along_the_finger_axis_is_in_the_jaw() -> None:
    can = thing("can", 0.5, 0.08, (0.06, 0.06, 0.12))
    assert geometry.gap_mm(REMOTE, can) == 30
    assert geometry.bearing(REMOTE, can, 0) == "jaw"
    assert geometry.bearing(REMOTE, can, 45) == "diagonal"
    assert geometry.bearing(REMOTE, can, 90) == "aside"
    assert geometry.over_mm(REMOTE, can) == 111


def test_what_is_put_down_falls_as_far_as_was_asked() -> None:
    box = thing("box", 0.6, 0.2, (0.14, 0.14, 0.05))
    scene = Scene(objects=(REMOTE, box))
    for release, fall in (("low", 6), ("high", 110)):
        step = geometry.put_step("place", REMOTE, scene, "in", "box", (0.6, 0.2), 0, release, "slow", "firm")  # type: ignore[arg-type]
        assert geometry.release_mm(scene, REMOTE, step) == fall


def test_a_free_spot_is_free() -> None:
    scene = Scene(objects=(REMOTE, thing("can", 0.5, 0.15, (0.06, 0.06, 0.12))))
    spot = geometry.free_spot(scene, 0.05, near=(0.5, 0.0))
    assert spot is not None
    added = thing("book", *spot, (0.07, 0.07, 0.02))
    assert all(geometry.gap_mm(added, other) > 0 for other in scene.objects)


def test_a_full_table_has_none() -> None:
    assert geometry.free_spot(Scene(objects=(thing("tray", 0.5, 0.0, (0.9, 0.9, 0.02)),)), 0.05, near=(0.5, 0.0)) is None


def test_room_is_what_parts_two_things_most() -> None:
    """Two planks beside each other and shifted: along the line of their centres they would overlap."""
    one, other = thing("plank", 0.5, 0.0, (0.20, 0.02, 0.02)), thing("other", 0.6, 0.03, (0.20, 0.02, 0.02))
    assert geometry.gap_mm(one, other) < 0
    assert geometry.clearance_mm(one, other) == geometry.clearance_mm(other, one) == 10
    assert geometry.clearance_mm(one, thing("other", 0.6, 0.01, (0.20, 0.02, 0.02))) == -10
    assert geometry.clearance_mm(one, one) == -20
