"""A task and a scene as a plan: by one who knows the laws, and by one who does not.

The careful plan is the teacher's answer; the careless one draws its manner freely, and both are built from the same geometry.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from siren.core.action import FORCES, SPEEDS, Force, Speed
from siren.core.geometry import TIGHT, TURNS, Release, free_spot, open_step, pick_step, push_step, put_step, roomy_spot, tip_step
from siren.core.plan import TABLE, Plan, Relation, Skill, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Task
from siren.world.foresight import FLAT, scene_after
from siren.world.laws import hidden
from siren.world.shoving import push_height, tip_height
from siren.world.spots import Spot, beside, slot, tipped_towards

PREPARES = 0.25  # how often the careless one takes off or opens first unasked, each
_LOW_ON_IT = 0.022  # metres below the careful height at which the careless may knock against a thing

Manner = tuple[float, Speed, Force, Release]  # turn in degrees, speed, force, release
Chooser = Callable[[Scene, SceneObject], Manner]


def expert_plan(task: Task, scene: Scene) -> Plan:
    """The plan of one who knows every law: clears and opens first, and handles each thing as it needs."""
    return _Builder(task, scene, careful_manner, takes_off=True, opens=True).plan()


def careless_plan(task: Task, scene: Scene, rng: np.random.Generator) -> Plan:
    """The plan of one who knows how to reach and grasp but no law: speed, force, turn and release are drawn freely."""
    takes_off, opens = (bool(rng.random() < PREPARES) for _ in range(2))
    return _Builder(task, scene, lambda _scene, _thing: free_manner(rng), takes_off=takes_off, opens=opens).plan()


def careful_manner(scene: Scene, thing: SceneObject) -> Manner:
    """How to handle a thing so that no law is broken: gentle if fragile, slow if it slips, weighs or breaks, low release, free turn."""
    turn, speed, force = hidden.careful_manner(scene, thing)
    return float(turn), speed, force, "low"


def free_manner(rng: np.random.Generator) -> Manner:
    """Any manner, each field drawn uniformly."""
    turn = float(TURNS[rng.integers(len(TURNS))])
    speed, force = SPEEDS[rng.integers(len(SPEEDS))], FORCES[rng.integers(len(FORCES))]
    return turn, speed, force, "high" if rng.random() < 0.5 else "low"


class _Builder:
    """Collects the steps for a task. The scene is carried along, so that each step is planned where things will be by then."""

    def __init__(self, task: Task, scene: Scene, choose: Chooser, *, takes_off: bool, opens: bool) -> None:
        self._task, self._start, self._choose = task, scene, choose
        self._takes_off, self._opens = takes_off or task.family == "clear", opens
        self._steps: list[Step] = []

    def plan(self) -> Plan:
        """All steps; lids that are to come off do so first."""
        for goal in sorted(self._task.goal.each(), key=lambda goal: goal.relation != "opened"):
            self._reach(goal)
        return Plan(steps=tuple(self._steps))

    def _reach(self, goal: Goal) -> None:
        if goal.relation == "opened":
            return self._open(goal.object)
        if self._takes_off:
            for name in _above(self._now(), goal.object):
                self._clear_away(name)
        if goal.relation == "in" and goal.target is not None and self._opens:
            self._open(goal.target)
        if goal.relation == "tipped":
            return self._tip(goal)
        if self._task.family == "push":
            return self._push(goal)
        return self._carry(goal)

    def _now(self) -> Scene:
        return scene_after(self._start, Plan(steps=tuple(self._steps)), len(self._steps))

    def _clear_away(self, name: str) -> None:
        scene = self._now()
        thing = _require(scene, name)
        turn, speed, force, release = self._choose(scene, thing)
        pick = pick_step(thing, turn, speed, force)
        self._steps += [pick, self._put_aside(thing, pick, scene, self._choose(scene, thing)[1], release)]

    def _open(self, container: str) -> None:
        scene = self._now()
        lid = next((thing for thing in scene.carried_by(container) if thing.handle is not None), None)
        if lid is None:
            return
        turn, speed, force, release = self._choose(scene, lid)
        opening = open_step(container, lid, turn, speed, force)
        self._steps += [opening, self._put_aside(lid, opening, scene, self._choose(scene, lid)[1], release)]

    def _put_aside(self, thing: SceneObject, taken: Step, scene: Scene, speed: Speed, release: Release) -> Step:
        radius = math.hypot(*thing.size[:2]) / 2
        mats = [(*other.position[:2], math.hypot(*other.size[:2]) / 2) for other in scene.objects if other.size[2] <= FLAT]
        near = thing.position[:2]
        place = roomy_spot(scene, radius, near, mats) or free_spot(scene, radius - TIGHT, near) or near
        return put_step("place", thing, scene, "on", TABLE, place, taken.keyframe.yaw, release, speed, taken.keyframe.force)

    def _carry(self, goal: Goal) -> None:
        """Take the thing and, unless it is to be held, put it where it goes."""
        scene = self._now()
        thing = _require(scene, goal.object)
        turn, speed, force, release = self._choose(scene, thing)
        pick = pick_step(thing, turn, speed, force)
        self._steps.append(pick)
        if goal.relation == "held" or goal.target is None:
            return
        target = _require(scene, goal.target)
        spot = self._spot(goal, scene, thing, target, pick.keyframe.yaw)
        skill: Skill = "stack" if self._task.family == "stack" else "place"
        relation: Relation = "in" if goal.relation == "in" else "on"
        where = TABLE if goal.relation == "near" else target.name
        carry_speed = self._choose(scene, thing)[1]
        self._steps.append(put_step(skill, thing, scene, relation, where, spot.place, spot.yaw, release, carry_speed, force))

    def _spot(self, goal: Goal, scene: Scene, thing: SceneObject, target: SceneObject, yaw: float) -> Spot:
        middle = Spot((target.position[0], target.position[1]), yaw)
        if goal.relation == "near":
            return beside(scene, thing, target, yaw) or middle
        if goal.relation == "in" and self._task.family == "tidy":
            return slot(scene, target, thing)
        return middle

    def _push(self, goal: Goal) -> None:
        scene = self._now()
        thing, target = _require(scene, goal.object), _require(scene, goal.target or "")
        _, speed, force, _ = self._choose(scene, thing)
        self._steps.append(push_step(thing, "on", target.name, target.position[:2], push_height(thing), speed, force))

    def _tip(self, goal: Goal) -> None:
        scene = self._now()
        thing = _require(scene, goal.object)
        _, speed, force, release = self._choose(scene, thing)
        careful = self._choose is careful_manner
        height = tip_height(thing) - (_LOW_ON_IT if release == "high" else 0.0)
        self._steps.append(tip_step(thing, tipped_towards(scene, thing), height, "normal" if careful else speed, force))


def _above(scene: Scene, name: str) -> Iterator[str]:
    """What stands on a thing, highest first."""
    for thing in scene.carried_by(name):
        yield from _above(scene, thing.name)
        yield thing.name


def _require(scene: Scene, name: str) -> SceneObject:
    thing = scene.find(name)
    if thing is None:
        raise ValueError(
            f"expected '{name}' in the scene, found {', '.join(sorted(scene.names()))}; the task and the scene belong together"
        )
    return thing
