"""Scene and manner as keyframes, and keyframes as whole millimetres: the one geometry that expert, facts and repair share.

Metres and degrees in, metres or millimetres out, as each name says. It knows fingers and boxes, but no physics.
"""

import math
from collections.abc import Iterable
from typing import Literal

import numpy as np

from siren.core.action import POINTING_DOWN, Force, Keyframe, Speed
from siren.core.footprint import Direction, apart, footprint, half_width
from siren.core.plan import TABLE, Relation, Skill, Step, gripper_of
from siren.core.scene import Scene, SceneObject

Release = Literal["low", "high"]
Turn = Literal[0, 45, 90, 135]

# Height of the object's underside above its support when the fingers open, metres.
RELEASE_HEIGHT: dict[Release, float] = {"low": 0.006, "high": 0.110}
TURNS: tuple[Turn, ...] = (0, 45, 90, 135)  # finger axis against the object's own y axis, degrees

FINGER_DEPTH = 0.030  # how far the fingertips reach below the top of what they take
LOWEST_GRASP = 0.009  # fingertips touch the table at about zero
KNOB_DEPTH = 0.012
BOX_FLOOR = 0.008
LID = "lid"  # the kind that is taken off by opening what it closes
TABLE_LOW, TABLE_HIGH = (-0.20, -0.50), (0.80, 0.50)  # edges of the table top, metres
ROOM = 0.04  # kept free around what is put aside, so that it is not in the way of the fingers later, metres
TIGHT = 0.015  # metres by which what is put aside may come nearer than it should on a full table
NEAR = 0.20  # neighbours farther than this (centre to centre) are not spoken of, metres


def finger_axis(yaw: float) -> np.ndarray:
    """Unit vector in the table plane along which the fingers close. yaw in degrees; 0 is the base frame's y axis."""
    angle = math.radians(yaw)
    return np.array([-math.sin(angle), math.cos(angle)])


def half_extent(thing: SceneObject, direction: Direction) -> float:
    """Half the thing's width along a direction in the table plane, seen from above. Metres."""
    return half_width(thing.size[0], thing.size[1], thing.yaw, thing.outline, direction)


def span(thing: SceneObject, yaw: float) -> float:
    """Width of what the fingers would close on at that yaw (of its knob, if it has one). Metres."""
    length, width = (thing.handle or thing.size)[:2]
    axis = (-math.sin(math.radians(yaw)), math.cos(math.radians(yaw)))
    return 2 * half_width(length, width, thing.yaw, "box" if thing.handle else thing.outline, axis)


def grasp_height(thing: SceneObject) -> float:
    """Height of the fingertips above the table when they close on the thing from above. Metres."""
    if thing.handle is not None:
        return thing.top - KNOB_DEPTH
    middle = thing.top - thing.size[2] / 2 if thing.size[2] < 2 * FINGER_DEPTH else 0.0
    return max(LOWEST_GRASP, thing.top - FINGER_DEPTH, middle)


def grasp_yaw(thing: SceneObject, turn: float) -> float:
    """Yaw of a hand whose finger axis is turned that far from the thing's own y axis. Degrees in [0, 180), to 1.5."""
    return round((thing.yaw + turn) / 1.5) * 1.5 % 180.0


def turn_of(thing: SceneObject, yaw: float) -> Turn:
    """The nearest of the four turns for a hand yaw."""
    return min(TURNS, key=lambda turn: abs((yaw - thing.yaw - turn + 90) % 180 - 90))


def surface(scene: Scene, relation: Relation, target: str) -> float:
    """Height on which a thing comes to rest on or in the target. Metres above the table."""
    thing = scene.find(target)
    if target == TABLE or thing is None:
        return 0.0
    return thing.bottom + BOX_FLOOR if relation == "in" else board(thing)


def covers(thing: SceneObject, x: float, y: float) -> bool:
    """Whether a place lies within the box of the thing, seen from above. Metres."""
    angle = math.radians(thing.yaw)
    dx, dy = x - thing.position[0], y - thing.position[1]
    along, across = dx * math.cos(angle) + dy * math.sin(angle), dy * math.cos(angle) - dx * math.sin(angle)
    return abs(along) <= thing.size[0] / 2 and abs(across) <= thing.size[1] / 2


def board(thing: SceneObject) -> float:
    """Height of what carries others on a thing: its top, or what its knob stands on. Metres above the table."""
    return thing.top - (thing.handle[2] if thing.handle is not None else 0.0)


def pick_step(thing: SceneObject, turn: float, speed: Speed, force: Force) -> Step:
    """Take the thing from above, in that manner."""
    position = (thing.position[0], thing.position[1], grasp_height(thing))
    return _step("pick", thing.name, position, grasp_yaw(thing, turn), speed, force)


def open_step(container: str, lid: SceneObject, turn: float, speed: Speed, force: Force) -> Step:
    """Take the lid off a container by its knob."""
    position = (lid.position[0], lid.position[1], grasp_height(lid))
    return _step("open", container, position, grasp_yaw(lid, turn), speed, force)


def taking_step(thing: SceneObject, turn: float, speed: Speed, force: Force) -> Step:
    """Open for a lid that closes a container, pick for anything else, covers and trays with their knobs included."""
    if thing.kind == LID and thing.support != TABLE:
        return open_step(thing.support, thing, turn, speed, force)
    return pick_step(thing, turn, speed, force)


def put_step(
    skill: Skill,
    thing: SceneObject,
    scene: Scene,
    relation: Relation,
    target: str,
    place: tuple[float, float],
    yaw: float,
    release: Release,
    speed: Speed,
    force: Force,
) -> Step:
    """Put a held thing down on or in the target, fingers opening `release` above where it comes to rest."""
    height = surface(scene, relation, target) + grasp_height(thing) - thing.bottom + RELEASE_HEIGHT[release]
    return _step(skill, thing.name, (*place, height), yaw, speed, force, relation, target)


def push_step(
    thing: SceneObject, relation: Relation, target: str, place: tuple[float, float], height: float, speed: Speed, force: Force
) -> Step:
    """Slide a thing with closed fingers until its middle lies over a place. `height` (m) is where the fingertips touch it."""
    yaw = push_yaw(thing, place)
    return _step("push", thing.name, (*place, height), yaw, speed, force, relation, target)


def tip_step(thing: SceneObject, yaw: float, height: float, speed: Speed, force: Force) -> Step:
    """Knock a thing over with closed fingers that meet it `height` (m) above the table, across the finger axis and away from the robot."""
    return _step("tip", thing.name, (*thing.position[:2], height), yaw % 180.0, speed, force)


def push_yaw(thing: SceneObject, place: tuple[float, float]) -> float:
    """Yaw of a hand whose finger axis lies across the way from the thing to the place. Degrees in [0, 180), to 1.5."""
    along = math.degrees(math.atan2(place[1] - thing.position[1], place[0] - thing.position[0]))
    return round(along / 1.5) * 1.5 % 180.0


def tip_direction(yaw: float) -> np.ndarray:
    """Unit vector in the table plane along which `tip` moves: across the finger axis, away from the robot (else to its left)."""
    axis = finger_axis(yaw)
    across = np.array([axis[1], -axis[0]])
    return across if (round(float(across[0]), 6), float(across[1])) > (0.0, 0.0) else -across


def depth_mm(thing: SceneObject, step: Step) -> int:
    """How far the fingertips reach below the top of the thing. Whole millimetres, negative above it."""
    return round(1000 * (thing.top - step.keyframe.position[2]))


def tilt_degrees(step: Step) -> int:
    """Angle between the hand and the vertical. Whole degrees."""
    roll, pitch = (math.radians(angle) for angle in step.keyframe.rotation[:2])
    return round(math.degrees(math.acos(max(-1.0, min(1.0, -math.cos(roll) * math.cos(pitch))))))


def edge_mm(step: Step) -> int:
    """From the keyframe to the nearest edge of the table. Whole millimetres, negative beyond it."""
    x, y, _ = step.keyframe.position
    return round(1000 * min(x - TABLE_LOW[0], TABLE_HIGH[0] - x, y - TABLE_LOW[1], TABLE_HIGH[1] - y))


def far_mm(step: Step) -> int:
    """From the robot's first axis to the keyframe, along the table. Whole millimetres."""
    return round(1000 * math.hypot(*step.keyframe.position[:2]))


def room_mm(scene: Scene, thing: SceneObject, step: Step) -> int | None:
    """Least free space between the thing where the step puts it and anything else there, its target and what it carries not counted.

    Whole millimetres, negative when boxes overlap; None when nothing else stands there.
    """
    if step.relation == "in":
        return None
    there = put_at(scene, thing, step, step.target or TABLE)
    others = (
        other
        for other in scene.objects
        if other.name not in (thing.name, step.target)
        and other.size[2] > 0.003
        and other.support not in (thing.name, step.target if step.target != TABLE else "")
    )
    return min((clearance_mm(there, other) for other in others), default=None)


def put_at(scene: Scene, thing: SceneObject, step: Step, support: str) -> SceneObject:
    """The held thing at rest where a step puts it: on or in what is there."""
    place = (*step.keyframe.position[:2], surface(scene, step.relation or "on", support) + thing.size[2] / 2)
    return thing.model_copy(update={"position": place, "support": support, "inside": step.relation == "in"})


def release_mm(scene: Scene, thing: SceneObject, step: Step) -> int:
    """How far the thing falls when the fingers open at the end of a place or stack step. Whole millimetres, may be negative."""
    rest = surface(scene, step.relation or "on", step.target or TABLE) + grasp_height(thing) - thing.bottom
    return round(1000 * (step.keyframe.position[2] - rest))


def clearance_mm(thing: SceneObject, other: SceneObject) -> int:
    """Free space between two boxes seen from above, along the sides of either or the line of their centres, whichever parts them most.

    Whole millimetres, negative when they overlap (the test of separating axes).
    """
    return round(1000 * apart(footprint(thing), footprint(other)))


def gap_mm(thing: SceneObject, other: SceneObject) -> int:
    """Free space between two things along the line of their centres. Whole millimetres, negative when boxes overlap."""
    x, y = other.position[0] - thing.position[0], other.position[1] - thing.position[1]
    distance = math.sqrt(x * x + y * y)
    direction = (x / distance, y / distance) if distance > 0 else (1.0, 0.0)
    return round(1000 * (distance - half_extent(thing, direction) - half_extent(other, direction)))


def bearing(thing: SceneObject, other: SceneObject, yaw: float) -> Literal["jaw", "diagonal", "aside"]:
    """Where the other stands as seen by a hand over the thing: along the finger axis (within 27 degrees), across it, or between."""
    x, y = other.position[0] - thing.position[0], other.position[1] - thing.position[1]
    distance = math.sqrt(x * x + y * y)
    if distance == 0:
        return "jaw"
    turned = math.radians(yaw)
    along = y * math.cos(turned) - x * math.sin(turned)
    angle = math.degrees(math.acos(min(1.0, abs(along) / distance)))
    return "jaw" if angle < 27 else "aside" if angle > 63 else "diagonal"


def over_mm(thing: SceneObject, other: SceneObject) -> int:
    """How far the other rises above the fingertips when they close on the thing. Whole millimetres."""
    return round(1000 * (other.top - grasp_height(thing)))


def neighbours(scene: Scene, thing: SceneObject) -> tuple[SceneObject, ...]:
    """Things beside it within NEAR metres: not itself, not what it carries, not what carries it, nor what shares that with it."""
    return tuple(
        other
        for other in scene.objects
        if other.name != thing.name
        and other.support != thing.name
        and thing.support not in (other.name, other.support if other.support != TABLE else "")
        and 0 < math.dist(other.position[:2], thing.position[:2]) < NEAR
    )


def free_spot(
    scene: Scene, radius: float, near: tuple[float, float], taken: Iterable[tuple[float, float, float]] = ()
) -> tuple[float, float] | None:
    """The free place nearest to a point where something of that radius can be put down. Metres; None when the table is full.

    `taken` are further discs (x, y, radius) to keep clear of. The search is a fixed grid of 2 cm, so it always answers alike.
    """
    discs = [(*thing.position[:2], math.hypot(*thing.size[:2]) / 2) for thing in scene.objects if thing.size[2] > 0.003]
    discs.extend(taken)
    places = [(x, y) for x in np.arange(0.34, 0.66, 0.02) for y in np.arange(-0.26, 0.27, 0.02)]
    for x, y in sorted(places, key=lambda place: math.dist(place, near)):
        if all(math.hypot(x - a, y - b) > radius + other + 0.025 for a, b, other in discs):
            return round(float(x), 3), round(float(y), 3)
    return None


def roomy_spot(
    scene: Scene, radius: float, near: tuple[float, float], taken: Iterable[tuple[float, float, float]] = ()
) -> tuple[float, float] | None:
    """A free spot with room around it for the fingers that come next, or one without where the table is fuller. Metres."""
    discs = tuple(taken)
    return free_spot(scene, radius + ROOM, near, discs) or free_spot(scene, radius, near, discs)


def _step(
    skill: Skill,
    name: str,
    position: tuple[float, float, float],
    yaw: float,
    speed: Speed,
    force: Force,
    relation: Relation | None = None,
    target: str | None = None,
) -> Step:
    rounded = (round(position[0], 3), round(position[1], 3), round(position[2], 3))
    frame = Keyframe(position=rounded, rotation=(*POINTING_DOWN, yaw), speed=speed, force=force, gripper=gripper_of(skill))
    return Step(skill=skill, object=name, keyframe=frame, relation=relation, target=target)
