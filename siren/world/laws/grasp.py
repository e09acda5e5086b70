"""Laws of the hand: where it has to close on a thing, at which height, width and tilt, and what must not stand in its way."""

import math

import numpy as np

from siren.core.action import APERTURE
from siren.core.geometry import TURNS, depth_mm, far_mm, grasp_yaw, pick_step, span, tilt_degrees
from siren.core.scene import SceneObject
from siren.core.task import Goal
from siren.world.catalogue import kind_of, things
from siren.world.kinds import Kind
from siren.world.laws.fingers import SURE, fingers_blocked
from siren.world.laws.hidden import careful_manner, heavy
from siren.world.laws.law import Law, Pair, Situation
from siren.world.laws.table import Mixed, NoRoomError, any_of, moved, polar, take
from siren.world.layout import LOW
from siren.world.robots import PANDA
from siren.world.shape import bounds

_TAKE, _GRIP = frozenset({"pick"}), frozenset({"pick", "open"})
_ROUND = ("apple", "orange", "green_apple", "soccer_ball", "tennis_ball", "plum")
_NEIGHBOURS = ("cola_can", "soda_can", "juice_box", "milk_carton", "candle", "yoghurt", "jam_jar", "glass")
_TOO_WIDE = APERTURE + 0.006  # metres; a round bar askew that is 4 mm wider still slides in
_TOO_DEEP_MM, _TOO_HIGH_MM = 44, -6  # below the top of the thing
_OFF_CENTRE = 0.75  # of the radius of a ball
_OFF_MIDDLE_MM = 60  # of a long, heavy thing
_FINGER = 0.02  # metres, across the finger axis
_TILTED = 18  # degrees
_TILTED_REACH_MM = 590  # a tilted hand is sure to reach that far
_LOW_THING = 0.06  # metres; fingers that take it tilted reach the table
_REACH_MM = round(1000 * PANDA.reach[1])


def grasp_laws() -> tuple[Law, ...]:
    """Eight laws of what the fingers meet."""
    return (
        Law(
            "width",
            "a thing wider than the open fingers cannot be taken",
            "fingers open to 80 mm and land on what is wider",
            _GRIP,
            frozenset({"hand_hit", "blocked", "missed_grasp", "dropped", "collision", "toppled", "rotated"}),
            "span(T,W)",
            lambda now: _width(now.thing, now.step.keyframe.yaw) > _TOO_WIDE,
            _too_wide,
        ),
        Law(
            "neighbour",
            "the fingers come down on a neighbour that stands too close",
            "a finger needs 24 mm beside the open width, the hand above it reaches 105 mm to each side",
            _GRIP,
            frozenset({"collision", "blocked", "toppled", "displaced", "hand_hit"}),
            "near(T,Y,B), hand(T,Y,R)",
            lambda now: fingers_blocked(now.scene, now.thing, now.step.keyframe.yaw, SURE),
            _beside_neighbour,
        ),
        Law(
            "grasp_too_low",
            "the palm hits a tall thing that is taken too low",
            "the palm is 38 mm above the fingertips",
            _TAKE,
            frozenset({"hand_hit", "blocked", "missed_grasp", "toppled"}),
            "depth(T,D)",
            lambda now: depth_mm(now.thing, now.step) > _TOO_DEEP_MM and now.thing.handle is None,
            _too_low,
        ),
        Law(
            "grasp_too_high",
            "fingers that close above a thing hold nothing",
            "there is nothing between the fingertips",
            _TAKE,
            frozenset({"missed_grasp"}),
            "depth(T,D)",
            lambda now: depth_mm(now.thing, now.step) < _TOO_HIGH_MM,
            _too_high,
        ),
        Law(
            "ball_off_centre",
            "a ball taken beside its middle slips away",
            "the fingers squeeze it out at the side, or one of them lands on it",
            _TAKE,
            frozenset({"missed_grasp", "hand_hit", "dropped", "crushed", "collision"}),
            "attribute(O,round), offset(T,D)",
            lambda now: _is_ball(kind_of(now.thing.kind)) and _offset(now) > _OFF_CENTRE * now.thing.size[0] / 2,
            _beside_middle,
        ),
        Law(
            "heavy_off_middle",
            "a long heavy thing turns in the grasp when it is taken away from its middle",
            "1 kg on a lever of 60 mm and more is some 0.6 Nm, more than two finger pads hold by friction",
            _TAKE,
            frozenset({"rotated", "dropped"}),
            "attribute(O,heavy), attribute(O,long), offset(T,D)",
            lambda now: heavy(now.thing) and 1000 * _offset(now) > _OFF_MIDDLE_MM,
            _away_from_middle,
        ),
        Law(
            "tilted_grasp",
            "a low thing cannot be taken with a tilted hand",
            "the lower finger, 40 mm from the middle, meets the table",
            _TAKE,
            frozenset({"collision", "blocked", "missed_grasp", "hand_hit"}),
            "tilt(T,A), extent(O,height,H)",
            lambda now: tilt_degrees(now.step) > _TILTED and now.thing.top < _LOW_THING,
            _with_tilted_hand,
        ),
        Law(
            "out_of_reach",
            "what stands too far away cannot be reached",
            "with fingers that point down the arm ends 0.79 m from its first axis",
            _TAKE,
            frozenset({"unreachable"}),
            "far(T,D)",
            lambda now: far_mm(now.step) > _REACH_MM,
            _too_far,
        ),
    )


def _offset(now: Situation) -> float:
    return math.dist(now.thing.position[:2], now.step.keyframe.position[:2])


def _is_ball(kind: Kind) -> bool:
    return [part.form for part in kind.parts if part.solid] == ["sphere"]


def _width(thing: SceneObject, yaw: float) -> float:
    """What really comes between fingers 20 mm wide over the middle: of a slim part askew less than its box is wide."""
    whole = span(thing, yaw)
    if thing.handle is not None or thing.outline == "round":
        return whole
    length, width = _waist(kind_of(thing.kind))
    slant = math.radians(abs((yaw - thing.yaw + 90) % 180 - 90))
    askew = min(size / max(abs(math.cos(slant - turn)), 1e-6) for size, turn in ((width, 0.0), (length, math.pi / 2)))
    return min(whole, askew + _FINGER * abs(math.sin(2 * slant)))


def _waist(kind: Kind) -> tuple[float, float]:
    """Length and width of what the thing is about its middle: the widest solid part there."""
    there = [bounds((part,)) for part in kind.parts if part.solid]
    middle = (kind.box[0] + kind.box[1]) / 2
    around = [high - low for low, high in there if (low[:2] <= middle[:2]).all() and (middle[:2] <= high[:2]).all()]
    return max(((float(size[0]), float(size[1])) for size in around), key=lambda size: size[1], default=kind.size[:2])


def _names(low: float, high: float) -> list[str]:
    """Kinds of such a height (m) that can be taken in any of the straight turns."""
    return [kind.name for kind in things() if low <= kind.size[2] <= high and max(kind.size[:2]) < APERTURE - 0.004]


def _too_wide(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if max(kind.size[:2]) > APERTURE + 0.004])
    table.put(name, room=0.05)
    table.fill()
    scene, thing = table.scene(), table.thing(name)
    turn = any_of(rng, [turn for turn in TURNS if _width(thing, grasp_yaw(thing, turn)) > _TOO_WIDE])
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [take(scene, name, turn=turn)], 1), ("pick", goal, [take(scene, name)], 1))


def _beside_neighbour(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name, other = any_of(rng, _names(0.02, 0.075)), any_of(rng, list(_NEIGHBOURS))
    if name == other:
        raise NoRoomError("expected two kinds, drew one twice; draw again")
    kind, next_to = kind_of(name), kind_of(other)
    yaw, axis, side = float(rng.uniform(-90, 90)), int(rng.integers(2)), 1 if rng.random() < 0.5 else -1
    place = table.put(name, yaw=yaw, room=0.09)
    angle = math.radians(yaw + 90 * axis)
    reach = side * (kind.size[axis] / 2 + float(rng.uniform(0.010, 0.022)) + min(next_to.size[:2]) / 2)
    turn = 90 if next_to.size[0] > next_to.size[1] else 0
    there = (place[0] + reach * math.cos(angle), place[1] + reach * math.sin(angle))
    table.layout.put(next_to, there, yaw + 90 * axis + turn)
    table.layout.keep_clear(there, next_to.radius + 0.01)
    table.fill()
    scene = table.scene()
    towards = 0 if axis == 1 else 90  # a hand that is not turned closes along the thing's own y axis
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [take(scene, name, turn=towards)], 1), ("pick", goal, [take(scene, name)], 1))


def _too_low(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, _names(0.08, 0.2))
    table.put(name)
    table.fill()
    careful = take(table.scene(), name)
    down = float(rng.uniform(0.017, min(0.045, careful.keyframe.position[2] - 0.012)))
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [moved(careful, (0, 0, -down))], 1), ("pick", goal, [careful], 1))


def _too_high(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if kind.size[2] < 0.2])
    table.put(name)
    table.fill()
    careful, thing = take(table.scene(), name), table.thing(name)
    up = thing.top - careful.keyframe.position[2] + float(rng.uniform(0.008, 0.03))
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [moved(careful, (0, 0, up))], 1), ("pick", goal, [careful], 1))


def _beside_middle(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, list(_ROUND))
    table.put(name)
    table.fill()
    careful, thing = take(table.scene(), name), table.thing(name)
    shift = polar(rng, 0.78 * thing.size[0] / 2, 0.97 * thing.size[0] / 2)
    near = polar(rng, 0.0, 0.004)
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [moved(careful, (*shift, 0))], 1), ("pick", goal, [moved(careful, (*near, 0))], 1))


def _away_from_middle(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if kind.heavy and max(kind.size[:2]) > 0.2])
    table.put(name, room=0.02)
    table.fill()
    careful, thing = take(table.scene(), name), table.thing(name)
    long = math.radians(thing.yaw + (0 if thing.size[0] > thing.size[1] else 90))
    shift = float(rng.uniform(0.066, 0.078)) * (1 if rng.random() < 0.5 else -1)
    aside = moved(careful, (shift * math.cos(long), shift * math.sin(long), 0))
    if aside.keyframe.position[0] < LOW[0]:
        raise NoRoomError(f"expected '{name}' where the hand reaches its end, it is too near; draw again")
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [aside], 1), ("pick", goal, [careful], 1))


def _with_tilted_hand(rng: np.random.Generator) -> Pair:
    table = Mixed(rng)
    name = any_of(rng, _names(0.02, 0.052))
    table.put(name, room=0.05)
    table.fill()
    careful = take(table.scene(), name)
    if far_mm(careful) > _TILTED_REACH_MM:
        raise NoRoomError(f"expected '{name}' where a tilted hand still reaches, got {far_mm(careful)} mm; draw again")
    tilt = float(rng.uniform(22, 36)) * (1 if rng.random() < 0.5 else -1)
    goal = Goal(relation="held", object=name)
    return table.pair(("pick", goal, [moved(careful, roll=tilt)], 1), ("pick", goal, [careful], 1))


def _too_far(rng: np.random.Generator) -> Pair:
    """The same thing in the farthest corner and near by; its manner stays."""
    table = Mixed(rng)
    name = any_of(rng, [kind.name for kind in things() if kind.radius < 0.05])
    table.put(name)
    table.fill()
    near = table.layout.placements()
    scene, thing = table.scene(), table.thing(name)
    turn, speed, force = careful_manner(scene, thing)
    corner = (float(rng.uniform(0.74, 0.78)), float(rng.uniform(0.29, 0.31)) * (1 if rng.random() < 0.5 else -1))
    shift = (corner[0] - thing.position[0], corner[1] - thing.position[1])
    there = thing.model_copy(update={"position": (*corner, thing.position[2])})
    goal = Goal(relation="held", object=name)
    pair = table.pair(("pick", goal, [pick_step(there, turn, speed, force)], 1), ("pick", goal, [pick_step(thing, turn, speed, force)], 1))
    far = tuple(
        item.model_copy(
            update={"position": (round(item.position[0] + shift[0], 4), round(item.position[1] + shift[1], 4), item.position[2])}
        )
        if item.name == name
        else item
        for item in near
    )
    task = pair.violating.task.model_copy(update={"layout": far})
    return pair._replace(violating=pair.violating._replace(task=task))
