"""What the world is made of: kinds that can be told apart, taken in some manner, and boxed exactly."""

import numpy as np
import pytest

from siren.core.errors import InstructionError
from siren.core.geometry import TURNS, grasp_yaw, span
from siren.world.bullet import Bullet, Matter
from siren.world.catalogue import catalogue, kind_of, scene_object, things, uses
from siren.world.kinds import WET, Kind
from siren.world.shape import matrix, quaternion, rotation

LEVEL = (0.0, 0.0, 0.0, 1.0)


def spans(kind: Kind) -> list[float]:
    thing = scene_object(kind.name, kind, (), (0.5, 0.0, kind.rest), LEVEL)
    return [1000 * span(thing, grasp_yaw(thing, turn)) for turn in TURNS]


def test_there_are_enough_kinds_and_every_held_out_one_has_a_seen_relative() -> None:
    seen, held_out = things(held_out=False), things(held_out=True)
    assert len(seen) >= 30
    assert 9 <= len(held_out) <= 12
    assert len({kind.category for kind in seen}) >= 9
    assert {kind.category for kind in held_out} <= {kind.category for kind in seen}


@pytest.mark.parametrize("kind", things(), ids=lambda kind: kind.name)
def test_every_thing_can_be_taken_and_no_width_is_a_matter_of_luck(kind: Kind) -> None:
    widths = spans(kind)
    assert min(widths) < 76
    assert not [width for width in widths if 76 <= width <= 84]  # the fingers open to 80 mm


@pytest.mark.parametrize("kind", things(), ids=lambda kind: kind.name)
def test_no_thing_asks_for_a_gentle_and_a_firm_grip_at_once(kind: Kind) -> None:
    needs_firm = kind.heavy or kind.slippery or kind.wettable
    assert not (kind.fragile and needs_firm)


def test_masses_stand_apart_so_that_each_law_is_crisp() -> None:
    for kind in things():
        assert kind.mass <= 0.1 or kind.slippery or 0.9 <= kind.mass <= 1.3
        assert not kind.fragile or kind.mass <= 0.1
        assert not kind.slippery or kind.mass > 0.3


def test_a_wet_can_is_slippery_and_heavier_and_carries_droplets_that_do_not_collide() -> None:
    can = kind_of("cola_can")
    dry, wet = can.matter(), can.matter((WET,))
    assert dry is not None
    assert wet is not None
    assert wet.friction <= 0.2 < dry.friction
    assert wet.mass >= 0.3
    droplets = can.looks((WET,))[len(can.parts) :]
    assert len(droplets) >= 4
    assert not any(part.solid for part in droplets)


def test_the_box_of_a_kind_is_what_the_simulator_finds() -> None:
    """The engine's own boxes are never smaller, and padded by 2 mm at most, but for parts that are turned."""
    at = np.array((0.5, 0.0, 1.0))
    with Bullet(visuals=False) as bullet:
        for kind in things():
            low, high = bullet.bounds(bullet.add_body(kind.parts, at.tolist(), LEVEL, Matter(0.1, 0.5)))
            padding = np.concatenate([kind.box[0] - (low - at), (high - at) - kind.box[1]])
            loose = any(part.turn != (0, 0, 0) for part in kind.parts if part.solid)
            assert padding.min() > -0.0005, kind.name
            assert loose or padding.max() < 0.0025, kind.name
            bullet.clear()


@pytest.mark.slow
def test_things_that_are_put_down_stay_as_they_are() -> None:
    with Bullet(visuals=False) as bullet:
        for kind in things():
            body = bullet.add_body(kind.parts, (0.5, 0.0, kind.rest + 0.001), quaternion((0, 0, 0.4)), kind.matter())
            bullet.step(240)
            pose = bullet.pose(body)
            bullet.clear()
            assert abs(pose.position[2] - kind.rest) < 0.003, kind.name
            assert np.hypot(pose.position[0] - 0.5, pose.position[1]) < 0.004, kind.name
            assert kind.outline == "round" or matrix(pose.orientation)[2, 2] > 0.99, kind.name


def test_a_turned_thing_is_boxed_around_its_own_middle() -> None:
    lid = kind_of("lid")
    thing = scene_object("lid", lid, (), (0.5, 0.1, 0.053), quaternion((0, 0, np.pi / 6)), "box")
    assert thing.yaw == pytest.approx(30)
    assert thing.size == pytest.approx((0.15, 0.15, 0.029))
    assert thing.bottom == pytest.approx(0.051)
    assert thing.handle is not None
    assert thing.support == "box"


def test_a_toppled_can_is_boxed_lying_down() -> None:
    can = kind_of("cola_can")
    thing = scene_object("cola_can", can, (), (0.5, 0.0, 0.031), quaternion((np.pi / 2, 0, 0)))
    assert thing.size == pytest.approx((0.062, 0.12, 0.062), abs=1e-3)


def test_rotations_agree_in_both_notations() -> None:
    turn = (0.3, -0.8, 2.1)
    np.testing.assert_allclose(matrix(quaternion(turn)), rotation(turn), atol=1e-12)


def test_an_unknown_kind_is_answered_with_the_nearest_one_and_the_list() -> None:
    with pytest.raises(InstructionError, match=r"unknown object 'bananna'; did you mean 'banana'\? known objects: .*watermelon"):
        kind_of("bananna")


def test_every_use_fits_something_seen() -> None:
    fits_seen = [use for use, names in uses().items() if any(not catalogue()[name].held_out for name in names)]
    assert len(fits_seen) >= 10


def test_nan_never_reaches_the_simulator() -> None:
    with Bullet() as bullet, pytest.raises(ValueError, match="finite numbers"):
        bullet.add_body(kind_of("egg").parts, (float("nan"), 0.0, 0.1), LEVEL)
