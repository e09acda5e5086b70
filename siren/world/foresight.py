"""A scene and a plan as the scenes that follow when every step goes well. Geometry only; nothing moves, nothing fails."""

import math

from siren.core.geometry import grasp_height, surface, tip_direction
from siren.core.plan import PUTS, SHOVES, TABLE, TAKES, Plan, Step
from siren.core.scene import Scene, SceneObject

WITHIN = 0.05  # metres from the keyframe to the centre of what it is meant for
FLAT = 0.004  # metres; what is thinner (a mat) cannot be taken


def taken_thing(scene: Scene, step: Step) -> SceneObject | None:
    """What a step takes or shoves: the named thing if it stands at the place, else the one that does stand there.

    A push tells where the thing is to come, not where it is: it shoves the named one.
    """
    if step.skill == "push":
        return scene.find(step.object)
    x, y, z = step.keyframe.position
    named = _lid(scene, step.object) if step.skill == "open" else scene.find(step.object)
    if named is not None and math.dist(named.position[:2], (x, y)) <= WITHIN:
        return named
    there = [thing for thing in scene.at(x, y, WITHIN) if thing.size[2] > FLAT]
    return min(there, key=lambda thing: math.dist((*thing.position[:2], grasp_height(thing)), (x, y, z)), default=named)


def scene_after(scene: Scene, plan: Plan, count: int) -> Scene:
    """The scene after the first `count` steps, if all of them do what they say. A held thing stays where it was until it is put down."""
    held: SceneObject | None = None
    turn = 0.0
    for step in plan.steps[:count]:
        if step.skill in TAKES:
            held, turn = taken_thing(scene, step), step.keyframe.yaw
        elif step.skill in SHOVES:
            shoved = taken_thing(scene, step)
            scene = scene if shoved is None else _after_shove(scene, shoved, step)
        elif held is not None and step.skill in PUTS:
            scene, held = _with(scene, _put(scene, held, step, turn)), None
    return scene


def held_before(scene: Scene, plan: Plan, number: int) -> SceneObject | None:
    """What the fingers hold when step `number` (from 1) begins, if all before it went well."""
    if number < 2 or plan.steps[number - 2].skill not in TAKES:
        return None
    return taken_thing(scene_after(scene, plan, number - 2), plan.steps[number - 2])


def carried_along(scene: Scene, name: str) -> frozenset[str]:
    """Everything that stands directly or indirectly on or in the thing of that name."""
    direct = [thing.name for thing in scene.carried_by(name)]
    return frozenset(direct).union(*(carried_along(scene, other) for other in direct))


def _lid(scene: Scene, container: str) -> SceneObject | None:
    carried = scene.carried_by(container)
    return next((thing for thing in carried if thing.handle is not None), scene.find(container))


def _after_shove(scene: Scene, thing: SceneObject, step: Step) -> Scene:
    """A pushed thing takes along what stands on it."""
    moved = _shoved(scene, thing, step)
    after = _with(scene, moved)
    for name in carried_along(scene, thing.name) if step.skill == "push" else ():
        other = scene.find(name)
        if other is not None:
            (x, y, z), shift = other.position, [there - here for there, here in zip(moved.position, thing.position, strict=True)]
            after = _with(after, other.model_copy(update={"position": (x + shift[0], y + shift[1], z + shift[2])}))
    return after


def _shoved(scene: Scene, thing: SceneObject, step: Step) -> SceneObject:
    """A pushed thing over its new place; a tipped one on its side, beside where it stood."""
    if step.skill == "push":
        target = step.target or TABLE
        height = surface(scene, "on", target) + thing.size[2] / 2
        return thing.model_copy(update={"position": (*step.keyframe.position[:2], height), "support": target, "inside": False})
    length, width, height = thing.size
    along = tip_direction(step.keyframe.yaw)
    x, y = thing.position[:2] + along * (height / 2 + min(length, width) / 2)
    lying = (float(x), float(y), min(length, width) / 2)
    size, yaw = (height, max(length, width), min(length, width)), round(math.degrees(math.atan2(along[1], along[0])), 2)
    return thing.model_copy(update={"position": lying, "yaw": yaw, "size": size, "outline": "box", "support": TABLE})


def _put(scene: Scene, thing: SceneObject, step: Step, taken_yaw: float) -> SceneObject:
    target, relation = step.target or "table", step.relation or "on"
    yaw = (thing.yaw + step.keyframe.yaw - taken_yaw + 90.0) % 180.0 - 90.0
    height = surface(scene, relation, target) + thing.size[2] / 2
    position = (*step.keyframe.position[:2], height)
    return thing.model_copy(update={"position": position, "yaw": yaw, "support": target, "inside": relation == "in"})


def _with(scene: Scene, moved: SceneObject) -> Scene:
    things = tuple(moved if thing.name == moved.name else thing for thing in scene.objects)
    return scene.model_copy(update={"objects": things})
