"""Laws of rest: what a thing can be put on or into, and where on it."""

import math

import numpy as np

from siren.core.geometry import half_extent, room_mm
from siren.core.scene import SceneObject
from siren.core.task import Goal
from siren.world.catalogue import kind_of, things
from siren.world.kinds import Kind
from siren.world.laws.hidden import fragile, heavy
from siren.world.laws.law import Law, Pair, Situation
from siren.world.laws.table import Mixed, NoRoomError, after, any_of, moved, polar, put, put_aside, take

_PUT = frozenset({"place", "stack"})
_FELL = frozenset({"toppled", "displaced", "goal_missed", "fell_off", "rolled", "bump", "broken", "collision"})
_MATS = ("blue_mat", "red_mat", "yellow_disc", "green_cross")
_OVERLAP_MM = -8  # from which two things cannot stand there
_BEYOND = 1.12  # of half the support, where the middle of what is put there has nothing below it
_BESIDE_ROUND, _BESIDE_NECK = 0.004, 0.018  # metres from the middle


def rest_laws() -> tuple[Law, ...]:
    """Six laws of putting down."""
    return (
        Law(
            "stack_on_round",
            "nothing stays on top of a round thing unless it stands exactly on its middle",
            "it touches at one point; rolling friction of 0.003 m holds an offset of up to 3 mm",
            _PUT,
            _FELL,
            "target(T,on,D), attribute(D,round), offset(T,F)",
            lambda now: now.target is not None and _is_rounded(now.target) and _beside(now) > _BESIDE_ROUND,
            _on_round,
        ),
        Law(
            "narrow_top",
            "what is put beside the middle of a neck or a knob falls",
            "a top of 28 to 40 mm is all that carries it",
            _PUT,
            _FELL,
            "target(T,on,D), attribute(D,narrow), offset(T,F)",
            lambda now: now.target is not None and _has_neck(now.target) and _beside(now) > _BESIDE_NECK,
            _on_narrow,
        ),
        Law(
            "beyond_support",
            "what is put down with its middle beyond the edge of its support falls off",
            "its weight acts beside what carries it",
            _PUT,
            _FELL,
            "target(T,on,D), offset(T,F), extent(D,length,L)",
            lambda now: _beyond(now) > _BEYOND,
            _over_the_edge,
        ),
        Law(
            "occupied",
            "a thing cannot be put where another stands",
            "what is lowered meets what stands there",
            _PUT,
            frozenset({"bump", "collision", "displaced", "toppled", "blocked"}),
            "room(T,R)",
            _is_occupied,
            _where_another_stands,
        ),
        Law(
            "container_too_small",
            "a thing does not go into a container that is smaller than it",
            "it comes to lie on the rim",
            frozenset({"place"}),
            frozenset({"hand_hit", "goal_missed", "displaced", "blocked", "toppled", "bump", "collision"}),
            "target(T,in,D), extent(O,length,L), extent(D,length,M)",
            lambda now: now.step.relation == "in" and now.target is not None and max(now.thing.size[:2]) > _opening(now.target),
            _into_small,
        ),
        Law(
            "heavy_on_fragile",
            "a fragile thing breaks under a heavy one",
            "1 kg rests on it with 10 N, and 6 N are what it bears; other things rest with 4 N at most",
            _PUT,
            frozenset({"crushed", "broken"}),
            "attribute(O,heavy), target(T,on,D), attribute(D,fragile)",
            lambda now: heavy(now.thing) and now.target is not None and fragile(now.target),
            _heavy_on_fragile,
        ),
    )


def _is_rounded(thing: SceneObject) -> bool:
    return _round_kind(kind_of(thing.kind))


def _round_kind(kind: Kind) -> bool:
    """Balls and eggs, but no rings: those are flat."""
    solid = [part.form for part in kind.parts if part.solid]
    return kind.outline == "round" and not kind.flat_base and kind.role == "thing" and len(solid) <= 2


def _has_neck(thing: SceneObject) -> bool:
    kind = kind_of(thing.kind)
    return kind.role == "thing" and kind.narrow_top


def _beside(now: Situation) -> float:
    """From the middle of the target to where the thing is put, metres."""
    return math.dist(now.step.keyframe.position[:2], now.target.position[:2]) if now.target is not None else 0.0


def _opening(container: SceneObject) -> float:
    """Width between the walls of a container, as near as a person would say, metres."""
    return min(container.size[:2]) - 0.012


def _beyond(now: Situation) -> float:
    """How far from the middle of its support a thing is put, in shares of the support's half width in that direction."""
    if now.target is None or kind_of(now.target.kind).role != "thing":
        return 0.0
    way = np.subtract(now.step.keyframe.position[:2], now.target.position[:2])
    length = float(np.linalg.norm(way))
    return length / half_extent(now.target, way / length) if length > 0 else 0.0


def _is_occupied(now: Situation) -> bool:
    room = room_mm(now.scene, now.thing, now.step)
    return room is not None and room < _OVERLAP_MM


def _small(kind: Kind) -> bool:
    return kind.flat_base and max(kind.size[:2]) < 0.074 and kind.size[2] < 0.09 and not kind.narrow_top


def _any_small(rng: np.random.Generator) -> str:
    return any_of(rng, [kind.name for kind in things() if _small(kind) and not kind.fragile])


def _flat(rng: np.random.Generator, low: float, high: float, width: float = 0.048) -> str:
    """A sturdy thing with a flat top at such a height that carries a small one."""
    pool = [kind for kind in things() if kind.flat_top and not kind.fragile and not kind.narrow_top]
    return any_of(rng, [kind.name for kind in pool if low <= kind.size[2] <= high and min(kind.size[:2]) >= width])


def _onto(rng: np.random.Generator, name: str, bad: str, good: str, beside: tuple[float, float] = (0.0, 0.003)) -> Pair:
    """The same thing put on the one or the other, both times so far from the middle (m)."""
    if len({name, bad, good}) < 3:
        raise NoRoomError("expected three kinds, drew one twice; draw again")
    table = Mixed(rng)
    for kind in (name, bad, good):
        table.put(kind, room=0.045)
    table.fill()
    scene = table.scene()
    taken = take(scene, name)
    goals = [Goal(relation="on", object=name, target=target) for target in (bad, good)]
    shift = (*polar(rng, *beside), 0.0)
    first, second = ([taken, moved(put(scene, taken, target, skill="stack"), shift)] for target in (bad, good))
    return table.pair(("stack", goals[0], first, 2), ("stack", goals[1], second, 2))


def _on_round(rng: np.random.Generator) -> Pair:
    balls = [kind.name for kind in things() if _round_kind(kind) and max(kind.size) < 0.08 and not kind.fragile]
    return _onto(rng, _any_small(rng), any_of(rng, balls), _flat(rng, 0.03, 0.08), (0.006, 0.009))


def _on_narrow(rng: np.random.Generator) -> Pair:
    bottles = [kind.name for kind in things() if kind.narrow_top]
    wide = [kind.name for kind in things() if kind.flat_base and kind.size[0] >= 0.088 and kind.size[2] < 0.05 and not kind.fragile]
    return _onto(rng, any_of(rng, wide), any_of(rng, bottles), _flat(rng, 0.03, 0.11, 0.06), (0.021, 0.026))


def _heavy_on_fragile(rng: np.random.Generator) -> Pair:
    load = any_of(rng, [kind.name for kind in things() if kind.heavy and kind.flat_base])
    brittle = any_of(rng, [kind.name for kind in things() if kind.fragile and kind.flat_top])
    return _onto(rng, load, brittle, _flat(rng, 0.05, 0.11))


def _over_the_edge(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name, below = _any_small(rng), _flat(rng, 0.03, 0.08)
    if name == below:
        raise NoRoomError("expected two kinds, drew one twice; draw again")
    table.put(name)
    table.put(below, room=0.06)
    table.fill()
    scene, support = table.scene(), table.thing(below)
    taken, goal = take(scene, name), Goal(relation="on", object=name, target=below)
    step = put(scene, taken, below, skill="stack")
    shift = np.array(polar(rng, 1.0, 1.0))
    half = half_extent(support, shift)
    far, near = (moved(step, (*(shift * half * float(rng.uniform(*share))), 0)) for share in ((1.2, 1.4), (0.0, 0.25)))
    return table.pair(("stack", goal, [taken, far], 2), ("stack", goal, [taken, near], 2))


def _where_another_stands(rng: np.random.Generator) -> Pair:
    """A mat with something on it, which is put aside first or not."""
    table = Mixed(rng)
    name, mat = _any_small(rng), any_of(rng, list(_MATS))
    pool = [kind.name for kind in things() if _small(kind) and kind.name != name]
    other = any_of(rng, pool)
    table.put(name)
    place = table.put(mat, yaw=0.0, room=0.03)
    shift = polar(rng, 0.0, 0.02)
    table.put(other, (place[0] + shift[0], place[1] + shift[1]))
    table.fill()
    scene, goal = table.scene(), Goal(relation="on", object=name, target=mat)
    first = put_aside(scene, other)
    taken, later = take(scene, name), take(after(scene, first), name)
    bad, good = [taken, put(scene, taken, mat)], [*first, later, put(after(scene, first), later, mat)]
    return table.pair(("place", goal, bad, 2), ("place", goal, good, 4))


def _into_small(rng: np.random.Generator) -> Pair:
    """Into the bowl, or into the box."""
    table = Mixed(rng)
    pool = [kind for kind in things() if max(kind.size[:2]) > 0.098 and min(kind.size[:2]) < 0.062 and kind.radius < 0.061]
    name = any_of(rng, [kind.name for kind in pool])
    table.put(name)
    table.put("bowl", yaw=0.0)
    table.put("box", yaw=0.0, room=0.02)
    table.fill()
    scene = table.scene()
    taken = take(scene, name)
    goals = [Goal(relation="in", object=name, target=target) for target in ("bowl", "box")]
    first, second = ([taken, put(scene, taken, target, relation="in")] for target in ("bowl", "box"))
    return table.pair(("place_in", goals[0], first, 2), ("place_in", goals[1], second, 2))
