"""Laws of motion: what happens to a thing that is pushed, or carried with others on it."""

import math

import numpy as np

from siren.core.action import Speed
from siren.core.geometry import half_extent, push_step, tilt_degrees
from siren.core.plan import Step
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.world.bullet import TABLE_FRICTION
from siren.world.catalogue import kind_of, things
from siren.world.fixtures import TRAY
from siren.world.kinds import Kind
from siren.world.laws.law import Law, Pair, Situation
from siren.world.laws.table import Case, Mixed, NoRoomError, any_of, moved, put, require, take
from siren.world.layout import Place
from siren.world.shoving import push_height

_PUSH = frozenset({"push"})
_MATS = ("blue_mat", "red_mat", "yellow_disc", "green_cross")
_EDGE = 0.802  # metres; the middle of what is pushed there is beyond the far edge of the table, at 0.80, or nearly
_TURNS_OVER = 1.75  # how often the height of the push over the half width holds against friction
_SLIPS_OFF = 30  # degrees; friction 0.5 holds up to 27
_SPEEDS: tuple[Speed, Speed] = ("fast", "slow")
_LOADS = ("die", "red_cube", "toy_block")
_BESIDE_POST = 0.048  # metres from the post of a tray to what stands on it; it creeps outwards by 2 to 3 cm while it is carried


def motion_laws() -> tuple[Law, ...]:
    """Five laws of pushing and carrying."""
    return (
        Law(
            "push_off_edge",
            "what is pushed over the edge of the table falls",
            "nothing carries its middle any more",
            _PUSH,
            frozenset({"fell_off"}),
            "step(T,push,O), edge(T,E)",
            lambda now: now.step.keyframe.position[0] > _EDGE,
            _over_the_edge,
        ),
        Law(
            "push_tall",
            "a tall thing that is pushed topples",
            "pushed higher up than half its width over the friction of the table (0.7) it turns before it slides",
            _PUSH,
            frozenset({"toppled"}),
            "step(T,push,O), extent(O,height,H), extent(O,width,W)",
            lambda now: _overturning(now) > _TURNS_OVER,
            _tall_pushed,
        ),
        Law(
            "push_ball_fast",
            "a ball that is pushed fast rolls on",
            "at 0.7 m/s rolling friction stops it only after a hand's breadth and more",
            _PUSH,
            frozenset({"rolled", "goal_missed", "fell_off", "displaced"}),
            "step(T,push,O), attribute(O,round), speed(T,fast)",
            lambda now: _is_ball(kind_of(now.thing.kind)) and now.step.keyframe.speed == "fast",
            _ball_pushed,
        ),
        Law(
            "tray_at_speed",
            "what stands on a tray falls off when it is lifted fast",
            "the jerk throws it up, and the board comes to rest without it",
            frozenset({"pick"}),
            frozenset({"spilled", "rotated", "collision", "bump", "dropped"}),
            "attribute(O,tray), on(Y,O,T), speed(T,fast)",
            lambda now: _is_loaded(now) and now.step.keyframe.speed == "fast",
            _tray_lifted,
        ),
        Law(
            "tray_tilted",
            "what stands on a tray slides off when it is carried with a tilted hand",
            "friction 0.5 holds up to 27 degrees",
            frozenset({"place", "stack"}),
            frozenset({"spilled", "rotated"}),
            "attribute(O,tray), on(Y,O,T), tilt(T,A)",
            lambda now: _is_loaded(now) and tilt_degrees(now.step) > _SLIPS_OFF,
            _tray_carried,
        ),
    )


def _is_ball(kind: Kind) -> bool:
    return [part.form for part in kind.parts if part.solid] == ["sphere"]


def _is_loaded(now: Situation) -> bool:
    return kind_of(now.thing.kind).role == "tray" and bool(now.scene.carried_by(now.thing.name))


def _overturning(now: Situation) -> float:
    """Height of the push over half the width along it, times friction: from one on the thing turns before it slides."""
    if _is_ball(kind_of(now.thing.kind)):
        return 0.0
    way = np.subtract(now.step.keyframe.position[:2], now.thing.position[:2])
    length = float(np.linalg.norm(way))
    half = half_extent(now.thing, way / length) if length > 0 else math.inf
    return TABLE_FRICTION * (now.step.keyframe.position[2] - now.thing.bottom) / half


def _pushed(scene: Scene, name: str, target: str, place: Place, speed: Speed) -> Step:
    thing = require(scene, name)
    return push_step(thing, "on", target, place, push_height(thing), speed, "firm")


def _low(kind: Kind) -> bool:
    return kind.flat_base and 0.028 < kind.size[2] < 0.055 and max(kind.size[:2]) < 0.12 and not kind.fragile and not kind.slippery


def _lane(table: Mixed, name: str, mat: str, place: Place, end: Place, yaw: float | None = None) -> None:
    """A thing, a mat, and nothing on the way between them, nor behind the thing where the fingers come down."""
    way = np.subtract(end, place) / math.dist(place, end)
    table.put(name, place, yaw)
    table.put(mat, end, yaw=0.0, room=0.03)
    for step in np.arange(-0.12, math.dist(place, end), 0.04):
        table.layout.keep_clear((float(place[0] + step * way[0]), float(place[1] + step * way[1])), 0.11)


def _sideways(rng: np.random.Generator) -> tuple[Place, Place]:
    """From where to where something is pushed: 15 to 20 cm, to either side."""
    side = 1 if rng.random() < 0.5 else -1
    start = (float(rng.uniform(0.40, 0.58)), -side * float(rng.uniform(0.0, 0.06)))
    angle = float(rng.uniform(-0.4, 0.4))
    way = float(rng.uniform(0.15, 0.20))
    return start, (start[0] + way * math.sin(angle), start[1] + side * way * math.cos(angle))


def _over_the_edge(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name, mat = any_of(rng, [kind.name for kind in things() if _low(kind) and max(kind.size[:2]) < 0.075]), any_of(rng, list(_MATS))
    y = float(rng.uniform(-0.08, 0.08))
    start, end = (float(rng.uniform(0.50, 0.54)), y), (float(rng.uniform(0.66, 0.70)), y + float(rng.uniform(-0.02, 0.02)))
    _lane(table, name, mat, start, end, float(rng.uniform(-8, 8)))
    table.layout.keep_clear((0.80, y), 0.09)
    table.fill()
    scene, goal = table.scene(), Goal(relation="on", object=name, target=mat)
    beyond = (float(rng.uniform(0.807, 0.810)), end[1])
    bad, good = (_pushed(scene, name, mat, place, "normal") for place in (beyond, end))
    return table.pair(("push", goal, [bad], 1), ("push", goal, [good], 1))


def _tall_pushed(rng: np.random.Generator) -> Pair:
    """A tall or a low thing is pushed onto a mat; the other stands about."""
    tall = any_of(
        rng, [kind.name for kind in things() if 0.095 < kind.size[2] < 0.13 and kind.flat_base and not kind.heavy and not kind.fragile]
    )
    low, mat = any_of(rng, [kind.name for kind in things() if _low(kind)]), any_of(rng, list(_MATS))
    seed = int(rng.integers(2**31))
    bad, good = (_one_pushed(np.random.default_rng(seed), *names, mat) for names in ((tall, low), (low, tall)))
    return Pair(bad.violating, good.complying)


def _one_pushed(rng: np.random.Generator, name: str, other: str, mat: str) -> Pair:
    table = Mixed(rng)
    start, end = _sideways(rng)
    _lane(table, name, mat, start, end)
    table.put(other, room=0.05)
    table.fill()
    case: Case = ("push", Goal(relation="on", object=name, target=mat), [_pushed(table.scene(), name, mat, end, "normal")], 1)
    return table.pair(case, case)


def _ball_pushed(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if _is_ball(kind) and not kind.rolls and not kind.fragile])
    mat = any_of(rng, list(_MATS))
    start, end = _sideways(rng)
    _lane(table, name, mat, start, end)
    table.fill()
    scene, goal = table.scene(), Goal(relation="on", object=name, target=mat)
    bad, good = (_pushed(scene, name, mat, end, speed) for speed in _SPEEDS)
    return table.pair(("push", goal, [bad], 1), ("push", goal, [good], 1))


def _loaded_tray(rng: np.random.Generator, most: int) -> tuple[Mixed, str]:
    """A tray with one or two small things on it, and a mat."""
    table, mat = Mixed(rng), any_of(rng, list(_MATS))
    yaw = float(rng.uniform(-30, 30)) + 90 * int(rng.integers(2))
    angle = math.radians(yaw)
    place = table.put("tray", yaw=yaw, room=0.0)
    names = [str(name) for name in rng.permutation(_LOADS)[: int(rng.integers(1, most + 1))]]
    for name, side in zip(names, (1, -1), strict=False):
        at = (place[0] + side * _BESIDE_POST * math.cos(angle), place[1] + side * _BESIDE_POST * math.sin(angle))
        table.layout.put(kind_of(name), at, yaw, height=TRAY[2])
    table.put(mat, yaw=0.0, room=0.06)
    return table, mat


def _tray_lifted(rng: np.random.Generator) -> Pair:
    table, _ = _loaded_tray(rng, 2)
    table.fill()
    scene, goal = table.scene(), Goal(relation="held", object="tray")
    return table.pair(("pick", goal, [take(scene, "tray", "fast")], 1), ("pick", goal, [take(scene, "tray")], 1))


def _tray_carried(rng: np.random.Generator) -> Pair:
    table, mat = _loaded_tray(rng, 1)
    table.fill()
    scene, goal = table.scene(), Goal(relation="on", object="tray", target=mat)
    taken = take(scene, "tray")
    level = put(scene, taken, mat)
    if any(math.hypot(*step.keyframe.position[:2]) > 0.6 for step in (taken, level)):
        raise NoRoomError(f"expected tray and mat where a tilted hand still reaches, got {level.keyframe.position}; draw again")
    tilt = float(rng.uniform(34, 40)) * (1 if rng.random() < 0.5 else -1)
    return table.pair(("place", goal, [taken, moved(level, roll=tilt)], 2), ("place", goal, [taken, level], 2))
