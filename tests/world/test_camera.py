"""What the overhead camera shows, and where."""

import time
from collections.abc import Iterator

import numpy as np
import pytest

from siren.world.camera import Camera, Setting, VisibleBody, layout_bodies, robot_setting, web_setting
from siren.world.catalogue import catalogue, kind_of
from siren.world.kinds import WET
from siren.world.shape import quaternion
from siren.world.tasks import make_task

LEVEL = (0.0, 0.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def camera() -> Iterator[Camera]:
    with Camera() as camera:
        yield camera


def standing(name: str, x: float, y: float, marks: tuple[str, ...] = ()) -> VisibleBody:
    return VisibleBody(name, (x, y, kind_of(name).rest), LEVEL, marks)


def middle(mask: np.ndarray) -> tuple[float, float]:
    """Row and column of the middle of a mask, as fractions of the image."""
    rows, columns = np.nonzero(mask)
    return (float(rows.mean()) + 0.5) / mask.shape[0], (float(columns.mean()) + 0.5) / mask.shape[1]


@pytest.mark.parametrize(("x", "y"), [(0.49, 0.0), (0.65, 0.2), (0.35, -0.25), (0.25, 0.26)])
def test_up_is_forward_left_is_left_and_the_workspace_fills_the_image(camera: Camera, x: float, y: float) -> None:
    picture = camera.look([standing("red_mat", x, y)])
    row, column = middle(picture.segmentation == 0)
    assert picture.image.shape == (96, 96, 3)
    assert picture.image.dtype == np.uint8
    assert 0.81 - row * 0.64 == pytest.approx(x, abs=0.004)
    assert 0.32 - column * 0.64 == pytest.approx(y, abs=0.004)


def test_a_point_is_projected_to_where_the_thing_is_drawn_from_anywhere(camera: Camera) -> None:
    rng = np.random.default_rng(3)
    for setting in (Setting(), robot_setting(rng), *(web_setting(rng) for _ in range(6))):
        picture = camera.look([standing("blue_mat", 0.52, -0.06)], setting)
        row, column = middle(picture.segmentation == 0)
        u, v = setting.project(np.array([[0.52, -0.06, 0.002]]))[0]
        assert (column, row) == pytest.approx((u, v), abs=0.012)


def test_every_kind_can_be_seen_and_no_two_look_alike(camera: Camera) -> None:
    """Two kinds differ when their crops, turned the same way, differ by more than their colours' spread."""
    crops = {}
    for name in catalogue():
        picture = camera.look([standing(name, 0.49, 0.0)])
        assert (picture.segmentation == 0).sum() >= 20, name
        crops[name] = picture.image[36:60, 36:60].astype(float)
    names = sorted(crops)
    for index, name in enumerate(names):
        for other in names[index + 1 :]:
            changed = np.abs(crops[name] - crops[other]).max(axis=2) > 60
            assert changed.sum() >= 12, (name, other)


@pytest.mark.parametrize("name", [name for name, kind in catalogue().items() if kind.wettable])
def test_wet_can_be_seen(camera: Camera, name: str) -> None:
    dry, wet = (camera.look([standing(name, 0.45, 0.1, marks)]) for marks in ((), (WET,)))
    changed = np.abs(dry.image.astype(int) - wet.image).max(axis=2) > 40
    assert changed.sum() >= 8
    assert not changed[wet.segmentation != 0].any()


def test_a_picture_does_not_depend_on_those_before_it(camera: Camera) -> None:
    bodies = layout_bodies(make_task(5))
    first = camera.look(bodies)
    camera.look(layout_bodies(make_task(6)), web_setting(np.random.default_rng(0)))
    again = camera.look(bodies)
    with Camera() as other:
        fresh = other.look(bodies)
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.image, fresh.image)
    assert np.array_equal(first.segmentation, fresh.segmentation)


def test_the_same_kind_may_be_drawn_twice(camera: Camera) -> None:
    picture = camera.look([standing("egg", 0.4, 0.1), standing("egg", 0.6, -0.1)])
    assert set(np.unique(picture.segmentation)) == {-1, 0, 1}


def test_a_turned_thing_is_drawn_turned(camera: Camera) -> None:
    """The long axis at +45 degrees runs from up left to down right: forward and left grow together."""
    body = VisibleBody("bread_loaf", (0.49, 0.0, kind_of("bread_loaf").rest), quaternion((0, 0, np.pi / 4)))
    rows, columns = np.nonzero(camera.look([body]).segmentation == 0)
    assert np.corrcoef(rows, columns)[0, 1] > 0.4


@pytest.mark.slow
def test_a_picture_takes_little_more_than_an_empty_one(camera: Camera) -> None:
    """Making bodies anew costs 8 ms for six things; the pool keeps that out of the loop. Ratio in one run, CPU time."""
    bodies = layout_bodies(make_task(5))

    def cost(things: tuple[VisibleBody, ...]) -> float:
        start = time.process_time()
        for _ in range(50):
            camera.look(things)
        return time.process_time() - start

    camera.look(bodies)
    assert cost(bodies) < 3 * cost(())
