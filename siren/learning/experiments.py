"""A plan that worked as the same plan with one quantity moved: how deep the hand takes hold, how far aside, from how high it lets go.

    for change in experiments(scene, plan, goal, rng, count=2): ...     # none for a plan that only pushes

Failures alone teach the laws that a policy breaks by itself. One that learned from an expert takes hold of every kind it knows at the
right depth, so nothing ever says how deep is too deep, and then it meets a kind that it does not know. So what worked is tried once more
with one quantity moved as far as it might be wrong; the scene and all else stay, so what comes of it is the quantity's doing.
It knows no rules and no law: which quantities there are, a step's keyframe says.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from siren.core import geometry
from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW
from siren.core.episode import Edit
from siren.core.plan import PUTS, TABLE, Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic import facts
from siren.symbolic.edits import TAKING, Change, with_frame
from siren.symbolic.facts import Grounded

DEPTH = (-0.020, 0.060)  # metres from the top of a thing down to the fingertips, least and most
ASIDE = (0.008, 0.080)
FALL = (0.0, 0.140)  # metres above what the thing comes to rest on
BEYOND = 0.010  # how far beside the end of a thing the hand may still try to take it, metres

Place = tuple[float, float, float]
Move = Callable[[np.random.Generator], Place]


def experiments(scene: Scene, plan: Plan, goal: Goal, rng: np.random.Generator, count: int = 1) -> tuple[Change, ...]:
    """The plan with one quantity of one step moved, as often as asked for while there are quantities left; each is drawn once, evenly.

    How far from what it is wanted near a thing is put comes first: nearly every plan has depths and heights, and few have that.
    """
    grounded = facts.ground(scene, plan, goal)
    seldom = [(at, move) for at in grounded for move in _farther(at)]
    moves = [(at, move) for at in grounded for move in _moves(at)]
    drawn = [*seldom, *(moves[i] for i in rng.permutation(len(moves)))][:count]
    return tuple(_changed(plan, at, move, rng) for at, move in drawn)


def _changed(plan: Plan, at: Grounded, move: Move, rng: np.random.Generator) -> Change:
    place = tuple(round(float(value), 3) for value in np.clip(move(rng), WORKSPACE_LOW, WORKSPACE_HIGH))
    edit = Edit(step=at.number, field="aim", before=_told(at.step.keyframe.position), after=_told(place))
    return Change(edit, with_frame(plan, at.number, {"position": place}))


def _moves(at: Grounded) -> Iterator[Move]:
    """What can be moved in a step: nothing where the scene does not say what the hand is about."""
    if at.thing is None:
        return
    if at.step.skill in TAKING:
        yield from _grasps(at, at.thing)
    elif at.step.skill in PUTS:
        yield from _puts(at, at.thing)
    elif at.step.skill == "tip":
        yield from _tips(at, at.thing)


def _grasps(at: Grounded, thing: SceneObject) -> Iterator[Move]:
    x, y, z = at.step.keyframe.position
    lowest = max(geometry.LOWEST_GRASP, thing.bottom, thing.top - DEPTH[1])
    yield lambda rng: (x, y, rng.uniform(min(lowest, z), max(thing.top - DEPTH[0], z)))
    if at.step.skill == "pick":
        way, reach = math.radians(thing.yaw), max(2 * ASIDE[0], thing.size[0] / 2 + BEYOND)

        def along(rng: np.random.Generator) -> Place:
            far = rng.uniform(ASIDE[0], reach) * rng.choice((-1, 1))
            return (x + far * math.cos(way), y + far * math.sin(way), z)

        yield along


def _puts(at: Grounded, thing: SceneObject) -> Iterator[Move]:
    x, y, z = at.step.keyframe.position
    fall = geometry.release_mm(at.scene, thing, at.step) / 1000
    yield lambda rng: (x, y, z - fall + rng.uniform(*FALL))
    if at.step.target != TABLE:

        def aside(rng: np.random.Generator) -> Place:
            far, way = rng.uniform(*ASIDE), rng.uniform(0, 2 * math.pi)
            return (x + far * math.cos(way), y + far * math.sin(way), z)

        yield aside


def _farther(at: Grounded) -> Iterator[Move]:
    if at.beside is None or at.thing is None:
        return
    x, y, z = at.step.keyframe.position
    way = math.atan2(y - at.beside.position[1], x - at.beside.position[0])

    def away(rng: np.random.Generator) -> Place:
        far = rng.uniform(*ASIDE)
        return (x + far * math.cos(way), y + far * math.sin(way), z)

    yield away


def _tips(at: Grounded, thing: SceneObject) -> Iterator[Move]:
    x, y, z = at.step.keyframe.position
    lowest = max(geometry.LOWEST_GRASP, thing.bottom)
    yield lambda rng: (x, y, rng.uniform(min(lowest, z), max(thing.top - DEPTH[0], z)))


def _told(place: Sequence[float]) -> str:
    return " ".join(f"{value:.3f}" for value in place)
