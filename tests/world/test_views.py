"""Other places to look from, other resolutions, and the arm in the picture."""

from collections.abc import Iterator

import numpy as np
import pytest

from siren.core.errors import WorldError
from siren.world.camera import NOTHING, ROBOT, Camera, Posture, Setting, VisibleBody, layout_bodies, oblique, overhead
from siren.world.catalogue import kind_of
from siren.world.robots import ROBOTS, Robot
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

EACH_ROBOT = pytest.mark.parametrize("robot", ROBOTS.values(), ids=list(ROBOTS))


@pytest.fixture(scope="module")
def camera() -> Iterator[Camera]:
    with Camera() as camera:
        yield camera


def at_home(robot: Robot) -> Posture:
    return Posture(robot, [*robot.home, 0.04, 0.04])


@pytest.mark.parametrize("setting", [overhead(64), overhead(224), oblique(64), oblique(128, 0.0), oblique(224, 60.0)])
def test_a_point_is_drawn_where_it_is_projected_at_every_size_and_from_every_side(camera: Camera, setting: Setting) -> None:
    picture = camera.look([VisibleBody("red_mat", (0.55, -0.1, kind_of("red_mat").rest), (0, 0, 0, 1))], setting)
    rows, columns = np.nonzero(picture.segmentation == 0)
    assert picture.image.shape == (setting.pixels, setting.pixels, 3)
    u, v = setting.project(np.array([[0.55, -0.1, 0.002]]))[0]
    middle = ((columns.mean() + 0.5) / setting.pixels, (rows.mean() + 0.5) / setting.pixels)
    assert middle == pytest.approx((u, v), abs=0.015)


@EACH_ROBOT
def test_the_arm_is_seen_when_asked_for_and_hides_what_is_behind_it(camera: Camera, robot: Robot) -> None:
    bodies = layout_bodies(make_task(4, family="pick"))
    alone, armed = camera.look(bodies, oblique()), camera.look(bodies, oblique(), at_home(robot))
    mask = armed.segmentation == ROBOT
    assert mask.sum() > 300
    assert not (alone.segmentation == ROBOT).any()
    assert np.array_equal(armed.image[~mask], alone.image[~mask])
    assert np.array_equal(armed.segmentation[~mask], alone.segmentation[~mask])


def test_a_picture_without_the_arm_is_the_same_before_and_after_one_with_it(camera: Camera) -> None:
    bodies = layout_bodies(make_task(5))
    for setting in (None, oblique(64)):
        before = camera.look(bodies, setting)
        for robot in ROBOTS.values():
            camera.look(bodies, setting, at_home(robot))
        after = camera.look(bodies, setting)
        assert np.array_equal(before.image, after.image)
        assert np.array_equal(before.segmentation, after.segmentation)


@EACH_ROBOT
def test_the_drawn_fingers_are_where_the_arm_says(robot: Robot) -> None:
    with Tabletop(robot.name) as world:
        world.reset(make_task(4, family="pick"))
        setting = oblique(224, 60.0)
        u, v = setting.project(world.proprioception()[None, 9:] + (0, 0, 0.03))[0]
        row, column = round(v * 224), round(u * 224)
        assert (world.picture(setting).segmentation[row - 8 : row + 8, column - 8 : column + 8] == ROBOT).any()
        assert world.picture(setting, robot=False).segmentation[row, column] == NOTHING


@pytest.mark.parametrize("pixels", [0, 63, 225, 100_000])
def test_sizes_that_no_camera_has_are_refused(pixels: int) -> None:
    with pytest.raises(WorldError, match=f"expected 64 to 224 pixels a side, got {pixels}"):
        overhead(pixels)
