"""How a step is done, apart from what it is done to; and a plan done in the manner of another one.

Speed, force, and for puts the height of the fall are copied from step to step; how the fingers lie against a thing only where it is the
same kind of thing. Names and places stay those of the plan that is changed.
"""

from typing import NamedTuple

from siren.core.action import Force, Speed
from siren.core.geometry import RELEASE_HEIGHT, Release, Turn, grasp_yaw, release_mm, turn_of
from siren.core.plan import PUTS, TAKES, Plan, Step
from siren.core.scene import Scene

BETWEEN_MM = 1000 * (RELEASE_HEIGHT["low"] + RELEASE_HEIGHT["high"]) / 2


class Manner(NamedTuple):
    """Of one step. `turn`: of a taking hand against the thing; `release`: of a put; None where there is none, or nothing is known."""

    speed: Speed
    force: Force
    turn: Turn | None
    release: Release | None


def manner_of(scene: Scene, step: Step) -> Manner:
    """How the step is done in that scene."""
    thing, frame = scene.find(step.object), step.keyframe
    turn = turn_of(thing, frame.yaw) if thing is not None and step.skill in TAKES else None
    release: Release | None = None
    if thing is not None and step.skill in PUTS:
        release = "high" if release_mm(scene, thing, step) > BETWEEN_MM else "low"
    return Manner(frame.speed, frame.force, turn, release)


def skills_of(plan: Plan) -> tuple[str, ...]:
    """The skills of a plan in order: what two plans must share for one to be done in the manner of the other."""
    return tuple(step.skill for step in plan.steps)


def in_manner_of(scene: Scene, plan: Plan, then: Scene, example: Plan) -> Plan:
    """The plan, done as the example was done in its scene. Both must have the same skills in the same order."""
    shift, steps = 0.0, []
    for step, other in zip(plan.steps, example.steps, strict=True):
        manner = manner_of(then, other)
        turned = step.keyframe.yaw
        if step.skill in TAKES:
            thing = scene.find(step.object)
            same = thing is not None and step.object == other.object and manner.turn is not None
            turned = grasp_yaw(thing, manner.turn) if thing is not None and same and manner.turn is not None else turned
            shift = turned - step.keyframe.yaw
        elif step.skill in PUTS:  # the thing itself comes to lie as it would have
            turned = (turned + shift) % 180.0
        steps.append(_changed(scene, step, manner, turned))
    return Plan(steps=tuple(steps))


def _changed(scene: Scene, step: Step, manner: Manner, yaw: float) -> Step:
    x, y, z = step.keyframe.position
    thing = scene.find(step.object)
    if manner.release is not None and thing is not None and manner.release != manner_of(scene, step).release:
        z = max(0.0, round(z + RELEASE_HEIGHT[manner.release] - release_mm(scene, thing, step) / 1000, 3))
    rotation = (*step.keyframe.rotation[:2], yaw)
    update = {"position": (x, y, z), "rotation": rotation, "speed": manner.speed, "force": manner.force}
    return step.model_copy(update={"keyframe": step.keyframe.model_copy(update=update)})
