"""Scene, plan and goal as ASP facts. Lengths are whole millimetres, angles whole degrees; rules never see a float.

A step is about the thing found at the place that the plan speaks of, not about the word in its text; the word is a fact of its own.
What earlier steps did is followed here only as far as the places of things go; on, in, clear and holding belong to rules/domain.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from siren.core import geometry
from siren.core.hand import fit_mm, hand_mm
from siren.core.plan import AIMED, PUTS, TABLE, TAKES, Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic.asp import Atom

NOTHING = "nothing"  # stands for O where a step reaches for a place with nothing there
CLOSE = 0.03  # the named thing is believed when its centre is this near to the place, metres
AROUND = 0.05  # and any thing when it is this near, metres
FLAT = 0.003  # what is no higher (a mat) cannot be taken and is in nobody's way, metres


class Grounded(NamedTuple):
    """One step and the things that it is about, in the scene as earlier steps have left it."""

    number: int
    step: Step
    scene: Scene
    thing: SceneObject | None  # what the fingers take or let go (for open: the lid, or the container when it has none)
    target: SceneObject | None  # what a put step reaches; None is the table
    moved: frozenset[str] = frozenset()  # things whose new places the scene already shows
    beside: SceneObject | None = None  # what the goal wants the thing near to, for a step that puts it down


def scene_facts(scene: Scene) -> tuple[Atom, ...]:
    """What is seen before the plan starts."""
    return tuple(atom for thing in scene.objects for atom in thing_facts(thing))


def plan_facts(scene: Scene, plan: Plan, goal: Goal, first: int = 1) -> tuple[Atom, ...]:
    """What the steps do, each with its number. `first` is the number of the first step (several plans can share a program)."""
    last = first + len(plan.steps)
    atoms = [Atom("first", (first,)), *(Atom("time", (t,)) for t in range(first, last + 1))]
    atoms += [Atom("next", (t, t + 1)) for t in range(first, last)]
    for grounded in ground(scene, plan, goal):
        number = first + grounded.number - 1
        atoms += step_facts(grounded, number)
        atoms += manner_facts(grounded, number)
    atoms += goal_facts(goal)
    return tuple(atoms)


def goal_facts(goal: Goal) -> tuple[Atom, ...]:
    """`goal(Relation, O, D)`, one for each part of the goal; D is `none` where there is no target."""
    return tuple(Atom("goal", (part.relation, part.object, part.target or "none")) for part in goal.each())


def ground(scene: Scene, plan: Plan, goal: Goal | None = None) -> tuple[Grounded, ...]:
    """The things that each step is about; with a goal also what it wants them near to."""
    steps: list[Grounded] = []
    held: SceneObject | None = None
    turned_from = 0.0
    moved: frozenset[str] = frozenset()
    for number, step in enumerate(plan.steps, 1):
        if step.skill in TAKES or step.skill == "tip":
            thing = _taken(scene, step)
            steps.append(Grounded(number, step, scene, thing, None, moved))
            if step.skill != "tip":
                held, turned_from = thing, step.keyframe.yaw
            continue
        put = held if step.skill in PUTS else scene.find(step.object)
        thing = _turned(held, step.keyframe.yaw - turned_from) if step.skill in PUTS and held is not None else scene.find(step.object)
        target = _reached(scene, step, thing) if step.skill in AIMED else None
        beside = _wanted_beside(scene, goal, thing) if step.skill in PUTS else None
        steps.append(Grounded(number, step, scene, thing, target, moved, beside))
        if put is not None and step.skill in AIMED and number < len(plan.steps):
            turn = turned_from if step.skill in PUTS else step.keyframe.yaw
            scene, moved = _after_put(scene, put, step, target, turn), moved | {put.name}
            held = None if step.skill in PUTS else held
    return tuple(steps)


def about(grounded: Grounded) -> str:
    """Name of the O of a step: for open the container, not its lid."""
    thing = grounded.thing
    if thing is None:
        return NOTHING if grounded.step.skill in TAKES or grounded.step.skill == "tip" else grounded.step.object
    return thing.support if grounded.step.skill == "open" and thing.support != TABLE else thing.name


def step_facts(grounded: Grounded, number: int) -> Iterator[Atom]:
    """What a step is about, whatever its manner: step, named, mismatch, unknown, target, place, offset."""
    step, names = grounded.step, grounded.scene.names()
    subject = about(grounded)
    yield Atom("step", (number, step.skill, subject))
    yield Atom("named", (number, step.object))
    yield Atom("reach", (number, *(round(1000 * value) for value in step.keyframe.position)))
    for name in (step.object, step.target):
        if name is not None and name != TABLE and name not in names:
            yield Atom("unknown", (number, name))
    wrong = subject != step.object
    if step.skill in AIMED:
        target = grounded.target.name if grounded.target else TABLE
        yield Atom("target", (number, step.relation or "on", target))
        wrong = wrong or target != step.target
    if wrong:
        yield Atom("mismatch", (number,))
    centre = grounded.target if step.skill in AIMED else grounded.thing
    if centre is not None:
        yield Atom("offset", (number, round(1000 * math.dist(centre.position[:2], step.keyframe.position[:2]))))
    yield from _place_facts(grounded, number)


def manner_facts(grounded: Grounded, number: int) -> Iterator[Atom]:
    """How a step is done: speed, force, and what follows from the hand's direction and height."""
    frame = grounded.step.keyframe
    yield Atom("speed", (number, frame.speed))
    yield Atom("force", (number, frame.force))
    yield from turn_facts(grounded, number, frame.yaw)
    yield from height_facts(grounded, number)


def turn_facts(grounded: Grounded, number: int, yaw: float) -> Iterator[Atom]:
    """What the hand's yaw decides: yaw, span, fit, and the neighbours where they were seen, or where this plan has put them."""
    yield Atom("yaw", (number, round(yaw) % 180))
    step, thing = grounded.step, grounded.thing
    if thing is None or step.skill not in (*TAKES, *PUTS):
        return
    if step.skill in TAKES:
        yield Atom("span", (number, round(1000 * geometry.span(thing, yaw))))
        yield Atom("fit", (number, fit_mm(step, yaw, thing)))
    else:
        thing = _at_rest(grounded, thing)
    for other in (near for near in geometry.neighbours(grounded.scene, thing) if near.size[2] > FLAT):
        yield Atom("seen_near", (number, other.name, geometry.bearing(thing, other, yaw)))
        yield Atom("seen_gap", (number, other.name, geometry.gap_mm(thing, other)))
        yield Atom("seen_over", (number, other.name, geometry.over_mm(thing, other)))
        yield Atom("seen_hand", (number, other.name, hand_mm(step, yaw, other)))
        if other.name in grounded.moved:
            yield Atom("followed", (number, other.name))


def height_facts(grounded: Grounded, number: int) -> Iterator[Atom]:
    """How far a thing falls when the fingers open: height."""
    step = grounded.step
    if grounded.thing is not None and step.skill in PUTS:
        target = grounded.target.name if grounded.target else TABLE
        real = step if target == step.target else step.model_copy(update={"target": target})
        yield Atom("height", (number, geometry.release_mm(grounded.scene, grounded.thing, real)))


def thing_facts(thing: SceneObject) -> Iterator[Atom]:
    """What is seen of one thing."""
    length, width = sorted(thing.size[:2], reverse=True)
    yield Atom("object", (thing.name,))
    yield Atom("kind", (thing.name, thing.kind))
    yield Atom("colour", (thing.name, thing.colour))
    for dimension, metres in (("length", length), ("width", width), ("height", thing.size[2])):
        yield Atom("extent", (thing.name, dimension, round(1000 * metres)))
    for mark in thing.marks:
        yield Atom("mark", (thing.name, mark))
    if thing.support != TABLE:
        yield Atom("seen_in" if thing.inside else "seen_on", (thing.name, thing.support))


def _place_facts(grounded: Grounded, number: int) -> Iterator[Atom]:
    """Where the hand goes against the table, the robot and the thing: edge, far, tilt, depth, room, apart."""
    step, thing = grounded.step, grounded.thing
    if step.skill == "drive":
        return
    yield Atom("edge", (number, geometry.edge_mm(step)))
    yield Atom("far", (number, geometry.far_mm(step)))
    yield Atom("tilt", (number, geometry.tilt_degrees(step)))
    if thing is None:
        return
    if step.skill not in PUTS:
        yield Atom("depth", (number, geometry.depth_mm(thing, step)))
    room = geometry.room_mm(grounded.scene, thing, step) if step.skill in AIMED else None
    if room is not None:
        yield Atom("room", (number, room))
    if grounded.beside is not None:
        yield Atom("apart", (number, geometry.gap_mm(_at_rest(grounded, thing), grounded.beside)))


def _at_rest(grounded: Grounded, thing: SceneObject) -> SceneObject:
    """What a step puts down, where it comes to rest."""
    return geometry.put_at(grounded.scene, thing, grounded.step, grounded.target.name if grounded.target else TABLE)


def _wanted_beside(scene: Scene, goal: Goal | None, thing: SceneObject | None) -> SceneObject | None:
    """What the goal wants the thing near to."""
    if goal is None or thing is None:
        return None
    named = (part.target for part in goal.each() if part.relation == "near" and part.object == thing.name)
    return next((found for name in named if name and (found := scene.find(name))), None)


def _turned(held: SceneObject, by: float) -> SceneObject:
    """What is held, as the hand has turned it since it was taken (degrees)."""
    return held.model_copy(update={"yaw": (held.yaw + by + 180.0) % 360.0 - 180.0}) if by else held


def _taken(scene: Scene, step: Step) -> SceneObject | None:
    """What the fingers close on. Of things one above the other: the named one, else the one at the height of the fingertips."""
    x, y, z = step.keyframe.position
    there = [thing for thing in scene.at(x, y, within=AROUND) if thing.size[2] > FLAT]
    if step.skill == "open":
        lids = [thing for thing in there if thing.support == step.object and not thing.inside and thing.handle is not None]
        there = lids or [thing for thing in there if thing.name == step.object] or there
    for thing in there:
        if thing.name == step.object and math.dist(thing.position[:2], (x, y)) <= CLOSE:
            return thing
    if not there:  # a long thing may be taken far from its middle
        named = scene.find(step.object)
        return named if named is not None and geometry.covers(named, x, y) else None
    pile = [thing for thing in there if math.dist(thing.position[:2], there[0].position[:2]) <= CLOSE]
    return min(pile, key=lambda thing: (abs(geometry.grasp_height(thing) - z), thing.name))


def _reached(scene: Scene, step: Step, held: SceneObject | None) -> SceneObject | None:
    """What a put step reaches: the named target when it is there, else the highest thing right there, else the table.

    Nothing is put onto itself, nor onto what it carries.
    """
    x, y = step.keyframe.position[:2]
    there = list(scene.at(x, y, within=AROUND))
    if held is not None:
        there = [thing for thing in there if thing.name != held.name and not scene.rests_on(thing.name, held.name)]
    for thing in there:
        if thing.name == step.target:
            return thing
    within = [thing for thing in there if math.dist(thing.position[:2], (x, y)) <= CLOSE]
    return max(within, key=lambda thing: thing.top) if within else None


def _after_put(scene: Scene, held: SceneObject, step: Step, target: SceneObject | None, turned_from: float) -> Scene:
    """The scene with the held thing where the step has put it."""
    yaw = (held.yaw + step.keyframe.yaw - turned_from + 180.0) % 360.0 - 180.0
    moved = geometry.put_at(scene, held, step, target.name if target else TABLE).model_copy(update={"yaw": yaw})
    return scene.model_copy(update={"objects": tuple(moved if thing.name == held.name else thing for thing in scene.objects)})
