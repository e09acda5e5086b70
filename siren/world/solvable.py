"""A task as yes or no: is there a plan that breaks no law of the world, with room for fingers wherever it puts something?"""

import math

from siren.core.geometry import gap_mm
from siren.core.plan import TABLE, Plan
from siren.core.scene import Scene
from siren.core.task import Task
from siren.world.expert import expert_plan
from siren.world.foresight import FLAT, held_before, scene_after
from siren.world.hazards import broken_laws, fingers_blocked, situation

_APART_MM = 5  # between a thing that was put aside and all others


def can_be_done(task: Task, scene: Scene) -> bool:
    """Whether one who knows the laws has a plan that breaks none, with room for fingers wherever something is put down."""
    plan = expert_plan(task, scene)
    if any(_is_risky(scene, plan, number) for number in range(1, len(plan.steps) + 1)):
        return False
    return all(_can_be_put(task, scene, plan, number) for number, step in enumerate(plan.steps, 1) if step.skill in ("place", "stack"))


def _is_risky(scene: Scene, plan: Plan, number: int) -> bool:
    """Whether a step breaks a law, or brings the fingers down nearer to a neighbour than the careful do."""
    now = situation(scene, plan, number)
    if now is None or broken_laws(scene, plan, number):
        return True
    return now.step.skill in ("pick", "open") and fingers_blocked(now.scene, now.thing, now.step.keyframe.yaw)


def _can_be_put(task: Task, scene: Scene, plan: Plan, number: int) -> bool:
    """Whether the thing that step `number` puts down fits where it goes, with the fingers around it."""
    step, after = plan.steps[number - 1], scene_after(scene, plan, number)
    held = held_before(scene, plan, number)
    thing = after.find(held.name) if held is not None else None
    if held is None or thing is None or fingers_blocked(after, thing, step.keyframe.yaw):
        return False
    if step.target != TABLE:
        return True
    apart = math.dist(held.position[:2], thing.position[:2]) > thing.size[0] / 2
    solid = (other for other in after.objects if other.name != thing.name and (other.size[2] > FLAT or other.name == task.goal.target))
    return apart and all(gap_mm(thing, other) > _APART_MM for other in solid)
