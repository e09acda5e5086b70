"""Which side of a thing is the longer one, read off the picture."""

import math

import numpy as np
import pytest

from siren import build
from siren.policy.silhouette import lies_across
from siren.world.tasks import make_task, nominal_scene

METRES = 0.64 / 96


def _painted(place: tuple[float, float], sides: tuple[float, float], yaw: float, rng: np.random.Generator) -> np.ndarray:
    """A grainy table with a rectangle of another colour."""
    rows, columns = np.mgrid[0:96, 0:96] + 0.5
    dx, dy = 0.81 - rows * METRES - place[0], 0.32 - columns * METRES - place[1]
    turn = math.radians(yaw)
    along, side = dx * math.cos(turn) + dy * math.sin(turn), dy * math.cos(turn) - dx * math.sin(turn)
    inside = (abs(along) <= sides[0] / 2) & (abs(side) <= sides[1] / 2)
    table, thing = rng.integers(40, 110, 3), rng.integers(140, 220, 3)
    grain = rng.normal(0, 8, (96, 96, 3))
    return np.clip(np.where(inside[..., None], thing, table) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", range(40))
def test_the_longer_side_of_a_rectangle_is_found_at_any_turn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    place, yaw = (rng.uniform(0.3, 0.7), rng.uniform(-0.2, 0.2)), rng.uniform(0, 180)
    image = _painted(place, (0.09, 0.07), yaw, rng)
    assert not lies_across(image, place, (0.09, 0.07), yaw)
    assert lies_across(image, place, (0.09, 0.07), yaw + 90)


def test_at_the_edge_of_the_picture_it_answers_as_well() -> None:
    image = _painted((0.80, 0.31), (0.09, 0.07), 0.0, np.random.default_rng(0))
    assert isinstance(lies_across(image, (0.80, 0.31), (0.09, 0.07), 0.0), bool)


@pytest.mark.slow
def test_toasts_of_the_world_are_read_right() -> None:
    world, right, seen = build.world(), 0, 0
    for seed in range(950_000_000, 950_000_400):
        task = make_task(seed, "unseen")
        if "toast" not in nominal_scene(task).names():
            continue
        toast = world.reset(task).find("toast")
        assert toast is not None
        seen += 1
        right += not lies_across(world.look(), toast.position[:2], toast.size[:2], toast.yaw)
    assert seen >= 5
    assert right >= 0.9 * seen
