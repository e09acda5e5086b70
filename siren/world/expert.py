"""A task and a scene as a plan: by one who knows the laws, and by one who does not.

The careful plan is the teacher's answer; the careless one draws its manner freely, and both are built from the same geometry.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np

from siren.core.action import APERTURE, FORCES, SPEEDS, Force, Speed
from siren.core.geometry import TURNS, Release, free_spot, grasp_yaw, open_step, pick_step, put_step, span
from siren.core.plan import TABLE, Plan, Skill, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Task
from siren.world.foresight import FLAT, scene_after
from siren.world.hazards import fingers_blocked, fragile, heavy, slippery

PREPARES = 0.25  # how often the careless one takes off or opens first, each
_SAFE_SPAN = APERTURE - 0.002

Manner = tuple[float, Speed, Force, Release]  # turn in degrees, speed, force, release
Chooser = Callable[[Scene, SceneObject], Manner]


def expert_plan(task: Task, scene: Scene) -> Plan:
    """The plan of one who knows every law: clears and opens first, and handles each thing as it needs."""
    return _build(task, scene, careful_manner, takes_off=True, opens=True)


def careless_plan(task: Task, scene: Scene, rng: np.random.Generator) -> Plan:
    """The plan of one who knows how to reach and grasp but no law: speed, force, turn and release are drawn freely."""
    takes_off, opens = (bool(rng.random() < PREPARES) for _ in range(2))
    return _build(task, scene, lambda _scene, _thing: free_manner(rng), takes_off=takes_off, opens=opens)


def careful_manner(scene: Scene, thing: SceneObject) -> Manner:
    """How to handle a thing so that no law is broken: gentle if fragile, slow if it slips, weighs or breaks, low release, free turn."""
    delicate = fragile(thing) or slippery(thing) or heavy(thing)
    return best_turn(scene, thing), "slow" if delicate else "normal", "gentle" if fragile(thing) else "firm", "low"


def free_manner(rng: np.random.Generator) -> Manner:
    """Any manner, each field drawn uniformly."""
    turn = float(TURNS[rng.integers(len(TURNS))])
    speed, force = SPEEDS[rng.integers(len(SPEEDS))], FORCES[rng.integers(len(FORCES))]
    return turn, speed, force, "high" if rng.random() < 0.5 else "low"


def best_turn(scene: Scene, thing: SceneObject) -> float:
    """The turn at which the thing fits between the fingers and no neighbour is in their way. Degrees; straight and narrow preferred."""

    def cost(turn: float) -> tuple[bool, bool, bool, float]:
        yaw = grasp_yaw(thing, turn)
        width = span(thing, yaw)
        return width > _SAFE_SPAN, fingers_blocked(scene, thing, yaw), turn % 90 != 0, round(width, 4)

    return float(min(TURNS, key=cost))


def _build(task: Task, scene: Scene, choose: Chooser, *, takes_off: bool, opens: bool) -> Plan:
    """All steps for the task. The scene is carried along, so that each step is planned where things will be by then."""
    goal, steps = task.goal, list[Step]()
    if takes_off:
        for name in _above(scene, goal.object):
            steps += _clear_away(name, task, _now(scene, steps), choose)
    if opens and goal.relation == "in" and goal.target is not None:
        steps += _open(goal.target, task, _now(scene, steps), choose)
    steps += _main(task, _now(scene, steps), choose)
    return Plan(steps=tuple(steps))


def _now(scene: Scene, steps: list[Step]) -> Scene:
    return scene_after(scene, Plan(steps=tuple(steps)), len(steps))


def _above(scene: Scene, name: str) -> Iterator[str]:
    """What stands on a thing, highest first."""
    for thing in scene.carried_by(name):
        yield from _above(scene, thing.name)
        yield thing.name


def _clear_away(name: str, task: Task, scene: Scene, choose: Chooser) -> list[Step]:
    thing = _require(scene, name)
    turn, speed, force, release = choose(scene, thing)
    pick = pick_step(thing, turn, speed, force)
    return [pick, _put_aside(thing, pick, task, scene, choose(scene, thing)[1], release)]


def _open(container: str, task: Task, scene: Scene, choose: Chooser) -> list[Step]:
    lid = next((thing for thing in scene.carried_by(container) if thing.handle is not None), None)
    if lid is None:
        return []
    turn, speed, force, release = choose(scene, lid)
    opening = open_step(container, lid, turn, speed, force)
    return [opening, _put_aside(lid, opening, task, scene, choose(scene, lid)[1], release)]


def _put_aside(thing: SceneObject, taken: Step, task: Task, scene: Scene, speed: Speed, release: Release) -> Step:
    radius = math.hypot(*thing.size[:2]) / 2
    mats = [(*other.position[:2], math.hypot(*other.size[:2]) / 2) for other in scene.objects if other.size[2] <= FLAT]
    spot = free_spot(scene, radius, thing.position[:2], mats) or free_spot(scene, radius - 0.015, thing.position[:2])
    place = spot or thing.position[:2]
    return put_step("place", thing, scene, "on", TABLE, place, taken.keyframe.yaw, release, speed, taken.keyframe.force)


def _main(task: Task, scene: Scene, choose: Chooser) -> list[Step]:
    goal, thing = task.goal, _require(scene, task.goal.object)
    turn, speed, force, release = choose(scene, thing)
    pick = pick_step(thing, turn, speed, force)
    if goal.relation == "held" or goal.target is None:
        return [pick]
    target = _require(scene, goal.target)
    skill: Skill = "stack" if task.family == "stack" else "place"
    carry_speed = choose(scene, thing)[1]
    put = put_step(skill, thing, scene, goal.relation, target.name, target.position[:2], pick.keyframe.yaw, release, carry_speed, force)
    return [pick, put]


def _require(scene: Scene, name: str) -> SceneObject:
    thing = scene.find(name)
    if thing is None:
        raise ValueError(
            f"expected '{name}' in the scene, found {', '.join(sorted(scene.names()))}; the task and the scene belong together"
        )
    return thing
