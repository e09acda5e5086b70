"""Laws of speed and force: what slips, what is crushed, what breaks in a fall."""

from collections.abc import Callable

import numpy as np

from siren.core.action import Force, Speed
from siren.core.geometry import RELEASE_HEIGHT, Release, release_mm
from siren.core.task import Goal
from siren.world.catalogue import kind_of, things
from siren.world.kinds import WET, Kind
from siren.world.laws.hidden import fragile, heavy, slippery
from siren.world.laws.law import Law, Pair, Situation
from siren.world.laws.table import Mixed, any_of, put, take

_TAKE = frozenset({"pick"})
_PUT = frozenset({"place", "stack"})
_RELEASES: tuple[Release, Release] = ("low", "high")
_MATS = ("blue_mat", "red_mat", "yellow_disc", "green_cross")


def manner_laws() -> tuple[Law, ...]:
    """Six laws: four of what slips, two of what breaks."""
    return (
        Law(
            "slip_at_speed",
            "a slippery thing slips out when it is lifted fast",
            "friction 0.2 holds 0.36 kg in a firm grip at 0.35 m/s, but not through the jerk at 2.4 m/s",
            _TAKE,
            frozenset({"dropped", "rotated"}),
            "attribute(O,slippery), speed(T,fast)",
            lambda now: slippery(now.thing) and now.step.keyframe.speed == "fast",
            lambda rng: _picked(rng, _any_slippery, fast=True),
        ),
        Law(
            "weight_at_speed",
            "a heavy thing slips out when it is lifted fast",
            "friction 0.6 holds 1 kg in a firm grip at 0.35 m/s, but not through the jerk at 2.4 m/s",
            _TAKE,
            frozenset({"dropped", "rotated"}),
            "attribute(O,heavy), speed(T,fast)",
            lambda now: heavy(now.thing) and now.step.keyframe.speed == "fast",
            lambda rng: _picked(rng, _any_heavy, fast=True),
        ),
        Law(
            "slip_from_grip",
            "a slippery thing slips out of a gentle grip",
            "10 N a finger at friction 0.2 cannot carry 0.36 kg",
            _TAKE,
            frozenset({"dropped", "missed_grasp", "rotated"}),
            "attribute(O,slippery), force(T,gentle)",
            lambda now: slippery(now.thing) and now.step.keyframe.force == "gentle",
            lambda rng: _picked(rng, _any_slippery, gentle=True),
        ),
        Law(
            "weight_against_grip",
            "a heavy thing slips out of a gentle grip",
            "10 N a finger at friction 0.6 cannot carry 0.9 kg",
            _TAKE,
            frozenset({"dropped", "missed_grasp", "rotated"}),
            "attribute(O,heavy), force(T,gentle)",
            lambda now: heavy(now.thing) and now.step.keyframe.force == "gentle",
            lambda rng: _picked(rng, _any_heavy, gentle=True),
        ),
        Law(
            "crush",
            "a fragile thing breaks in a firm grip",
            "a firm finger presses with 55 N, a fragile thing bears 30 N",
            _TAKE,
            frozenset({"crushed"}),
            "attribute(O,fragile), force(T,firm)",
            lambda now: fragile(now.thing) and now.step.keyframe.force == "firm",
            lambda rng: _picked(rng, _any_fragile, firm=True),
        ),
        Law(
            "drop",
            "a fragile thing breaks when it is let go high up",
            "after 110 mm of fall it stops from 1.4 m/s, and 0.8 m/s is what it bears",
            _PUT,
            frozenset({"broken"}),
            "attribute(O,fragile), height(T,H)",
            lambda now: fragile(now.thing) and _released_high(now),
            _dropped,
        ),
    )


def _released_high(now: Situation) -> bool:
    return release_mm(now.scene, now.thing, now.step) > 500 * (RELEASE_HEIGHT["low"] + RELEASE_HEIGHT["high"])


Choice = tuple[str, tuple[str, ...]]  # a kind and what marks it has


def _kinds(rng: np.random.Generator, test: Callable[[Kind], bool]) -> Kind:
    pool = [kind for kind in things() if test(kind)]
    return pool[int(rng.integers(len(pool)))]


def _any_slippery(rng: np.random.Generator) -> Choice:
    kind = _kinds(rng, lambda kind: kind.slippery or kind.wettable)
    return kind.name, () if kind.slippery else (WET,)


def _any_heavy(rng: np.random.Generator) -> Choice:
    return _kinds(rng, lambda kind: kind.heavy).name, ()


def _any_fragile(rng: np.random.Generator) -> Choice:
    return _kinds(rng, lambda kind: kind.fragile is not None).name, ()


def _picked(
    rng: np.random.Generator,
    choose: Callable[[np.random.Generator], Choice],
    *,
    fast: bool = False,
    gentle: bool = False,
    firm: bool = False,
) -> Pair:
    """Lift a thing of that sort in the manner that its law forbids, and with care."""
    table = Mixed(rng)
    name, marks = choose(rng)
    table.put(name, marks=marks)
    table.fill()
    scene, goal = table.scene(), Goal(relation="held", object=name)
    speed: Speed | None = "fast" if fast else None
    force: Force | None = "gentle" if gentle else "firm" if firm else None
    forbidden, careful = take(scene, name, speed, force), take(scene, name)
    return table.pair(("pick", goal, [forbidden], 1), ("pick", goal, [careful], 1))


def _dropped(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name, mat = _any_fragile(rng)[0], any_of(rng, list(_MATS))
    table.put(name)
    table.put(mat, yaw=0.0, room=max(0.0, kind_of(name).radius - 0.02) + 0.03)
    table.fill()
    scene, goal = table.scene(), Goal(relation="on", object=name, target=mat)
    taken = take(scene, name)
    low, high = ([taken, put(scene, taken, mat, release=release)] for release in _RELEASES)
    return table.pair(("place", goal, high, 2), ("place", goal, low, 2))
