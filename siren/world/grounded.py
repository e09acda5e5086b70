"""One keyframe as a step of a plan: what it takes is what stands there, where it puts is what lies below. For agents without words."""

import math

from siren.core.action import Keyframe
from siren.core.geometry import covers, grasp_height
from siren.core.plan import TABLE, Step
from siren.core.scene import Scene, SceneObject
from siren.world.catalogue import kind_of
from siren.world.foresight import FLAT, WITHIN


def grounded_step(scene: Scene, keyframe: Keyframe, held: str | None, *, shove: bool = False) -> Step:
    """The step that a keyframe stands for while `held` is in the hand: pick what is nearest, or place it on or in what is below.

    shove: the fingers stay closed. What stands at the keyframe is knocked over; when nothing does, the nearest thing is pushed there.
    """
    x, y, z = keyframe.position
    if shove:
        return _shove(scene, keyframe)
    if keyframe.gripper == "close":
        return Step(skill="pick", object=_nearest(scene, x, y, z), keyframe=keyframe)
    below = _below(scene, x, y, held)
    return Step(
        skill="place",
        object=held or _nearest(scene, x, y, z),
        keyframe=keyframe,
        relation="in" if below is not None and kind_of(below.kind).role == "container" else "on",
        target=below.name if below is not None else TABLE,
    )


def _shove(scene: Scene, keyframe: Keyframe) -> Step:
    x, y, z = keyframe.position
    there = [thing for thing in scene.at(x, y, WITHIN) if thing.size[2] > FLAT]
    if there:
        return Step(skill="tip", object=there[0].name, keyframe=keyframe)
    name = _nearest(scene, x, y, z)
    below = _below(scene, x, y, name)
    return Step(skill="push", object=name, keyframe=keyframe, relation="on", target=below.name if below is not None else TABLE)


def _below(scene: Scene, x: float, y: float, held: str | None) -> SceneObject | None:
    """The highest thing under a place."""
    under = (thing for thing in scene.objects if thing.name != held and covers(thing, x, y))
    return max(under, key=lambda thing: thing.top, default=None)


def _nearest(scene: Scene, x: float, y: float, z: float) -> str:
    """The thing whose grasp is nearest to a place, however far."""
    takeable = [thing for thing in scene.objects if thing.size[2] > FLAT]
    return min(takeable, key=lambda thing: math.dist((*thing.position[:2], grasp_height(thing)), (x, y, z))).name
