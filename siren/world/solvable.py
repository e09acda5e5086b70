"""A task as yes or no: is there a plan that breaks no law of the world, with room for fingers wherever it puts or shoves something?"""

import math

from siren.core.errors import PlanRefusedError
from siren.core.geometry import gap_mm
from siren.core.plan import PUTS, SHOVES, TABLE, TAKES, Plan, require_executable
from siren.core.scene import Scene
from siren.core.task import Task
from siren.world.expert import expert_plan
from siren.world.foresight import FLAT, held_before, scene_after
from siren.world.laws.every import broken_laws
from siren.world.laws.fingers import fingers_blocked
from siren.world.laws.read import situation
from siren.world.shoving import lane_blocked
from siren.world.spots import falls_on

_APART_MM = 5  # between a thing that was put aside and all others


def can_be_done(task: Task, scene: Scene) -> bool:
    """Whether one who knows the laws has a plan that breaks none, with room for fingers wherever something is put down or shoved."""
    plan = expert_plan(task, scene)
    numbers = range(1, len(plan.steps) + 1)
    try:
        require_executable(plan, scene.names())
    except PlanRefusedError:
        return False
    return not any(_is_risky(scene, plan, number) for number in numbers) and all(_has_room(task, scene, plan, number) for number in numbers)


def _is_risky(scene: Scene, plan: Plan, number: int) -> bool:
    """Whether a step breaks a law, or brings the fingers down nearer to a neighbour than the careful do."""
    now = situation(scene, plan, number)
    if now is None or broken_laws(scene, plan, number):
        return True
    if now.step.skill in SHOVES:
        tipped = now.step.skill == "tip" and falls_on(now.scene, now.thing, now.step)
        return tipped or lane_blocked(now.scene, now.thing, now.step)
    return now.step.skill in TAKES and fingers_blocked(now.scene, now.thing, now.step.keyframe.yaw)


def _has_room(task: Task, scene: Scene, plan: Plan, number: int) -> bool:
    """Whether the thing that step `number` puts down fits where it goes, with the fingers around it."""
    step, after = plan.steps[number - 1], scene_after(scene, plan, number)
    if step.skill not in PUTS:
        return True
    held = held_before(scene, plan, number)
    thing = after.find(held.name) if held is not None else None
    if held is None or thing is None or fingers_blocked(after, thing, step.keyframe.yaw):
        return False
    if step.target != TABLE:
        return True
    apart = math.dist(held.position[:2], thing.position[:2]) > thing.size[0] / 2
    goals = {goal.target for goal in task.goal.each()}
    solid = (other for other in after.objects if other.name != thing.name and (other.size[2] > FLAT or other.name in goals))
    return apart and all(gap_mm(thing, other) > _APART_MM for other in solid)
