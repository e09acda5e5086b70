"""Laws of order: what has to be out of the way, or off, before a thing can be taken or put somewhere."""

import math

import numpy as np

from siren.core.geometry import board, open_step, put_step
from siren.core.plan import TABLE, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.world.catalogue import kind_of, things
from siren.world.laws.hidden import careful_manner
from siren.world.laws.law import Law, Pair, Situation
from siren.world.laws.table import Mixed, NoRoomError, after, any_of, free_place, put, put_aside, require, take

_TAKE = frozenset({"pick"})
_TOPS = ("die", "matchbox", "candle", "red_cube", "toy_block", "yoghurt")
_INTO_BOX = 0.05  # metres of half a diagonal; fingers find room in the box beside it
_UNDER_COVER = (0.04, 0.07)  # metres: a thing that is seen below a cover, and that a cover goes over
_CONTACT = 0.008  # metres between a thing and what bridges it


def order_laws() -> tuple[Law, ...]:
    """Four laws of what comes first."""
    return (
        Law(
            "covered",
            "a thing with something on top cannot be taken",
            "the hand comes down on what stands there",
            _TAKE,
            frozenset({"collision", "bump", "displaced", "blocked"}),
            "covered(O,T)",
            _has_something_on_top,
            _below_another,
        ),
        Law(
            "under_cover",
            "a thing under a cover cannot be taken before the cover is off",
            "the hand meets the bars",
            _TAKE,
            frozenset({"collision", "blocked", "displaced"}),
            "on(Y,O,T), attribute(Y,cover)",
            lambda now: any(_role(other) == "cover" for other in now.scene.carried_by(now.thing.name)),
            _below_cover,
        ),
        Law(
            "closed",
            "nothing goes into a container whose lid is on",
            "what is lowered meets the lid",
            frozenset({"place"}),
            frozenset({"bump", "goal_missed", "displaced", "collision", "blocked"}),
            "target(T,in,D), on(Y,D,T), attribute(Y,lid)",
            _is_closed,
            _into_closed,
        ),
        Law(
            "support_taken",
            "what bridges two things falls when one of them is taken away",
            "a plank with one end in the air turns over the other support",
            _TAKE | {"push"},
            frozenset({"displaced", "collision", "bump", "rotated", "hand_hit", "dropped"}),
            "gap(T,Y,G), over(T,Y,H)",
            lambda now: any(_bridges(other, now.thing) for other in now.scene.objects),
            _from_below_plank,
        ),
    )


def _role(thing: SceneObject) -> str:
    return kind_of(thing.kind).role


def _has_something_on_top(now: Situation) -> bool:
    above = [other for other in now.scene.carried_by(now.thing.name) if _role(other) != "cover" and not _bridges(other, now.thing)]
    return bool(above) and _role(now.thing) != "tray"


def _is_closed(now: Situation) -> bool:
    return now.step.relation == "in" and any(_role(other) == "lid" for other in now.scene.carried_by(now.step.target or ""))


def _bridges(other: SceneObject, thing: SceneObject) -> bool:
    """Whether a plank has one of its ends on the thing, and its middle not."""
    if _role(other) != "plank" or abs(other.bottom - board(thing)) > _CONTACT:
        return False
    way = np.subtract(thing.position[:2], other.position[:2])
    along = way @ [math.cos(math.radians(other.yaw)), math.sin(math.radians(other.yaw))]
    return bool(np.linalg.norm(way) < other.size[0] / 2 and abs(along) > thing.size[0] / 2)


def _below_another(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if kind.flat_top])
    under = kind_of(name)
    tops = [top for top in _TOPS if top != name and max(kind_of(top).size[:2]) < min(under.size[:2]) - 0.002]
    if not tops:
        raise NoRoomError(f"expected something that stands on '{name}', found nothing; draw again")
    yaw = float(rng.uniform(-90, 90))
    place = table.put(name, yaw=yaw, room=0.06)
    table.layout.put(kind_of(any_of(rng, tops)), place, yaw, height=under.size[2])
    return _cleared(table, name, table.thing(name))


def _below_cover(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    pool = [kind.name for kind in things() if max(kind.size[:2]) < 0.09 and _UNDER_COVER[0] <= kind.size[2] <= _UNDER_COVER[1]]
    name = any_of(rng, pool)
    place = table.put(name, room=0.10)
    table.layout.put(kind_of("cover"), place, float(rng.uniform(-90, 90)))
    return _cleared(table, name, table.thing(name))


def _cleared(table: Mixed, name: str, thing: SceneObject) -> Pair:
    """Take the thing at once, or take off first what stands on it."""
    table.fill()
    scene, goal = table.scene(), Goal(relation="held", object=name)
    (above,) = scene.carried_by(thing.name)
    first = put_aside(scene, above.name)
    # The turn is chosen as if nothing were above: what differs is the order alone.
    later = take(after(scene, first), name)
    return table.pair(("pick", goal, [later], 1), ("pick", goal, [*first, later], 3))


def _into_closed(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if kind.radius < _INTO_BOX and kind.size[2] < 0.11])
    table.put(name)
    place = table.put("box", yaw=0.0, room=0.03)
    table.layout.put(kind_of("lid"), place, 0.0, height=kind_of("box").size[2] + 0.001)
    table.fill()
    scene, goal = table.scene(), Goal(relation="in", object=name, target="box")
    first = _opened(scene)
    taken = take(scene, name)
    step = put(scene, taken, "box", relation="in")
    return table.pair(("place_in", goal, [taken, step], 2), ("place_in", goal, [*first, taken, step], 4))


def _opened(scene: Scene) -> list[Step]:
    lid = require(scene, "lid")
    turn, speed, force = careful_manner(scene, lid)
    opening = open_step("box", lid, turn, speed, force)
    return [opening, put_step("place", lid, scene, "on", TABLE, free_place(scene, lid), opening.keyframe.yaw, "low", speed, force)]


def _from_below_plank(rng: np.random.Generator) -> Pair:
    """A plank over two blocks: one of them is taken, before or after the plank is put aside."""
    table = Mixed(rng)
    flat = [kind for kind in things() if kind.flat_top and kind.outline == "box" and not kind.fragile and kind.size[0] < 0.09]
    pairs = [(a, b) for a in flat for b in flat if a.name != b.name and abs(a.size[2] - b.size[2]) < 0.0015]
    one, two = any_of(rng, pairs)
    yaw = float(rng.uniform(-40, 40)) + 90
    angle = math.radians(yaw)
    middle = (float(rng.uniform(0.40, 0.58)), float(rng.uniform(-0.12, 0.12)))
    for kind, side in ((one, 1), (two, -1)):
        place = (middle[0] + side * 0.078 * math.cos(angle), middle[1] + side * 0.078 * math.sin(angle))
        table.put(kind.name, place, yaw, room=0.05)
    table.put("plank", middle, yaw, height=one.size[2], room=0.0)
    table.fill()
    scene, goal = table.scene(), Goal(relation="held", object=one.name)
    first = put_aside(scene, "plank")
    freed = after(scene, first)
    thing = require(freed, one.name)
    turn = min((0.0, 90.0), key=lambda turn: abs((thing.yaw + turn - yaw + 90) % 180 - 90))  # fingers at the sides of the plank
    later = take(freed, one.name, turn=turn)
    return table.pair(("pick", goal, [later], 1), ("pick", goal, [*first, later], 3))
