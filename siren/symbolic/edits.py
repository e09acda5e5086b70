"""A plan as every plan that differs from it in one thing: a manner, or preparing steps put in before a step.

Numbers come from `core.geometry`; where a step reaches (x and y) stays as the policy said, but for what is only put out of the way or
near something. A grasp's force and turn go on until the thing is put down, so they change for both steps at once. It knows no rules:
what a change is good for is found out by trying.
"""

import math
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from siren.core import geometry
from siren.core.action import FORCES, SPEEDS, Force, Keyframe, Speed
from siren.core.episode import Edit
from siren.core.geometry import RELEASE_HEIGHT, TURNS, Release, Turn
from siren.core.hand import hand_mm
from siren.core.plan import MAX_STEPS, PUTS, TABLE, Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic import facts
from siren.symbolic.facts import FLAT, Grounded

TAKING = ("pick", "open")
PUTTING = ("place", "stack")
SAME_YAW = 12.0  # two directions of the hand that differ by less are one grasp, degrees
SAME_HEIGHT = 25  # two falls that differ by less are one manner, mm
BESIDE = 0.025  # metres left free between a thing and what it is put near to
SPARE = 6  # mm that a place near something leaves between everything there and what is put down, and the hand that puts it
SPOTS = 3  # places near something that are tried
REACHED = ((0.32, 0.68), (-0.28, 0.28))  # x and y of where things are put, metres
_HALVES = (1, 2)  # how many steps from the front may belong at the end: one that takes, or one that takes and one that puts
_RELEASES: tuple[Release, ...] = ("low", "high")


class Change(NamedTuple):
    """One change of a plan, named for people and made."""

    edit: Edit
    plan: Plan


class Preparation(NamedTuple):
    """Steps that could come before a step: taking off what is in the way, or opening. Each number counts from 1."""

    before: int
    steps: tuple[Step, ...]

    @property
    def edit(self) -> Edit:
        """This preparation as an edit."""
        return Edit(step=self.before, field="insert", before="", after="; ".join(step.symbolic_text() for step in self.steps))


def variants(scene: Scene, plan: Plan) -> tuple[Change, ...]:
    """Every plan one change away, step by step: speed, force, yaw, height, and what could be done before it."""
    grounded = facts.ground(scene, plan)
    changes: list[Change] = []
    for step in grounded:
        changes += _manner_changes(plan, step)
    for preparation in preparations(scene, plan):
        if len(plan.steps) + len(preparation.steps) <= MAX_STEPS:
            changes.append(Change(preparation.edit, insert(plan, (preparation,))))
    return tuple(changes)


def preparations(scene: Scene, plan: Plan) -> tuple[Preparation, ...]:
    """What could be done first: before each taking or shoving, clear what stands on the thing, and clear or open where it is to go."""
    found: list[Preparation] = []
    taken: list[tuple[float, float, float]] = [
        (*thing.position[:2], math.hypot(*thing.size[:2]) / 2) for thing in scene.objects if thing.size[2] <= FLAT
    ]
    grounded = facts.ground(scene, plan)
    for step in grounded:
        if step.step.skill in PUTS or step.thing is None:
            continue
        put = put_after(plan, step.number)
        target = grounded[put - 1].target if put else None
        for thing in (step.thing, target):
            cleared = () if thing is None else _clearing(step, thing, taken)
            if cleared:
                found.append(Preparation(step.number, cleared))
    return tuple(found)


def put_after(plan: Plan, number: int) -> int | None:
    """Number of the step that puts down what step `number` takes, or None."""
    for later, step in enumerate(plan.steps[number:], number + 1):
        if step.skill in TAKING:
            return None
        if step.skill in PUTTING:
            return later
    return None


def set_speed(plan: Plan, number: int, speed: Speed) -> Plan:
    """The plan with one step at another speed."""
    return with_frame(plan, number, {"speed": speed})


def set_force(plan: Plan, number: int, force: Force) -> Plan:
    """The plan with one thing held with another force, from taking it to putting it down."""
    for changed in filter(None, (number, put_after(plan, number))):
        plan = with_frame(plan, changed, {"force": force})
    return plan


def set_yaw(plan: Plan, number: int, yaw: float) -> Plan:
    """The plan with one thing taken at another yaw (degrees), and put down so that the thing itself comes to lie as before."""
    change = yaw - plan.steps[number - 1].keyframe.yaw
    put = put_after(plan, number)
    if put is not None:
        turned = round((plan.steps[put - 1].keyframe.yaw + change) / 1.5) * 1.5 % 180.0
        plan = with_frame(plan, put, {"rotation": (*plan.steps[put - 1].keyframe.rotation[:2], turned)})
    return with_frame(plan, number, {"rotation": (*plan.steps[number - 1].keyframe.rotation[:2], yaw)})


def set_release(plan: Plan, step: Grounded, release: Release) -> Plan:
    """The plan with one thing let go from another height."""
    z = step.step.keyframe.position[2] + RELEASE_HEIGHT[release] - fall_mm(step) / 1000
    return with_frame(plan, step.number, {"position": (*step.step.keyframe.position[:2], round(z, 3))})


def set_elsewhere(scene: Scene, plan: Plan, goal: Goal, steps: Collection[int]) -> tuple[Change, ...]:
    """Of these steps those that put something out of the way, each made to put it where there is room; every change holds those before it.

    What the goal speaks of stays where the plan puts it.
    """
    meant = {part.object for part in goal.each()}
    mats = [(*thing.position[:2], math.hypot(*thing.size[:2]) / 2) for thing in scene.objects if thing.size[2] <= FLAT]
    changes: list[Change] = []
    for at in facts.ground(scene, plan):
        if at.number not in steps or at.step.skill not in PUTS or at.step.target != TABLE or at.thing is None or at.thing.name in meant:
            continue
        spot = free_place(at.scene, at.thing, mats)
        if spot is not None:
            x, y, z = at.step.keyframe.position
            edit = Edit(step=at.number, field="aim", before=f"{x:.3f} {y:.3f}", after=f"{spot[0]:.3f} {spot[1]:.3f}")
            changes.append(Change(edit, with_frame(changes[-1].plan if changes else plan, at.number, {"position": (*spot, z)})))
    return tuple(changes)


def set_beside(scene: Scene, plan: Plan, goal: Goal, steps: Collection[int]) -> Iterator[Change]:
    """Of these steps those that put something near what the goal wants it near to, each with other places there, the nearest first."""
    for at in facts.ground(scene, plan, goal):
        if at.number not in steps or at.beside is None or at.thing is None or at.step.target != TABLE:
            continue
        x, y, z = at.step.keyframe.position
        spots = sorted(_spots_beside(at.scene, at.thing, at.step, at.beside), key=lambda spot: math.dist(spot, (x, y)))
        for spot in spots[:SPOTS]:
            edit = Edit(step=at.number, field="aim", before=f"{x:.3f} {y:.3f}", after=f"{spot[0]:.3f} {spot[1]:.3f}")
            yield Change(edit, with_frame(plan, at.number, {"position": (*spot, z)}))


def _spots_beside(scene: Scene, thing: SceneObject, step: Step, target: SceneObject) -> Iterator[tuple[float, float]]:
    """Places close to the target with room for the thing and, at the yaw of the step, for the open hand. Metres."""
    (left, right), (bottom, top) = REACHED
    for turn in np.arange(0, 2 * np.pi, np.pi / 12):
        way = (math.cos(turn), math.sin(turn))
        distance = BESIDE + geometry.half_extent(thing, way) + geometry.half_extent(target, way)
        spot = (round(target.position[0] + distance * way[0], 3), round(target.position[1] + distance * way[1], 3))
        if not (left <= spot[0] <= right and bottom <= spot[1] <= top):
            continue
        tried = step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"position": (*spot, step.keyframe.position[2])})})
        there = geometry.put_at(scene, thing, tried, TABLE)
        beside = [other for other in geometry.neighbours(scene, there) if other.size[2] > FLAT]
        if all(min(geometry.clearance_mm(there, other), hand_mm(tried, step.keyframe.yaw, other)) >= SPARE for other in beside):
            yield spot


def orders(plan: Plan) -> Iterator[Change]:
    """Two steps that follow each other change places, or the first ones come last."""
    steps = plan.steps
    for number in range(1, len(steps)):
        swapped = (*steps[: number - 1], steps[number], steps[number - 1], *steps[number + 1 :])
        edit = Edit(step=number, field="order", before=f"{number}, {number + 1}", after=f"{number + 1}, {number}")
        yield Change(edit, Plan(steps=swapped))
    for half in _HALVES:
        if half < len(steps) - 1 or (half == 1 and len(steps) > 2):
            edit = Edit(step=1, field="order", before="first", after=f"steps 1 to {half} last" if half > 1 else "step 1 last")
            yield Change(edit, Plan(steps=(*steps[half:], *steps[:half])))


def insert(plan: Plan, chosen: Iterable[Preparation]) -> Plan:
    """The plan with preparations put in; their numbers are those of the plan as it is given."""
    steps: list[Step] = []
    ordered = tuple(chosen)
    for number, step in enumerate(plan.steps, 1):
        steps += [extra for preparation in ordered if preparation.before == number for extra in preparation.steps]
        steps.append(step)
    return Plan(steps=tuple(steps))


def other_turns(step: Grounded) -> tuple[tuple[Turn, float], ...]:
    """The turns, each with the hand's yaw, that are another grasp than the step's own."""
    thing = step.thing
    if thing is None or step.step.skill not in TAKING:
        return ()
    yaws = ((turn, geometry.grasp_yaw(thing, turn)) for turn in TURNS)
    return tuple((turn, yaw) for turn, yaw in yaws if abs((yaw - step.step.keyframe.yaw + 90) % 180 - 90) > SAME_YAW)


def other_releases(step: Grounded) -> tuple[Release, ...]:
    """The heights of release that are another manner than the step's own."""
    if step.thing is None or step.step.skill not in PUTTING:
        return ()
    fall = fall_mm(step)
    return tuple(release for release in _RELEASES if abs(1000 * RELEASE_HEIGHT[release] - fall) > SAME_HEIGHT)


def fall_mm(step: Grounded) -> int:
    """How far the thing of a put step falls, millimetres."""
    return next((value for _, value in (atom.args for atom in facts.height_facts(step, step.number)) if isinstance(value, int)), 0)


def manner_edit(step: Grounded, field: str, after: str) -> Edit:
    """A change of manner as an edit; `field` is speed, force, yaw or height."""
    frame = step.step.keyframe
    before = {"speed": frame.speed, "force": frame.force, "yaw": f"{frame.yaw:g}", "height": str(fall_mm(step))}[field]
    return Edit.model_validate({"step": step.number, "field": field, "before": before, "after": after})


def free_place(scene: Scene, thing: SceneObject, taken: list[tuple[float, float, float]]) -> tuple[float, float] | None:
    """A free place on the table, well away from everything when there is room; it counts as taken from then on."""
    radius, near = math.hypot(*thing.size[:2]) / 2, (thing.position[0], thing.position[1])
    spot = geometry.roomy_spot(scene, radius, near, taken) or geometry.free_spot(scene, radius - geometry.TIGHT, near, taken)
    if spot is not None:
        taken.append((*spot, radius))
    return spot


def narrowest_turn(thing: SceneObject) -> Turn:
    """The turn at which least comes between the fingers."""
    return min(TURNS, key=lambda turn: round(geometry.span(thing, geometry.grasp_yaw(thing, turn)), 4))


def _manner_changes(plan: Plan, step: Grounded) -> Iterator[Change]:
    number, frame = step.number, step.step.keyframe
    for speed in SPEEDS:
        if speed != frame.speed:
            yield Change(manner_edit(step, "speed", speed), set_speed(plan, number, speed))
    for force in FORCES:
        if force != frame.force and step.step.skill in TAKING:
            yield Change(manner_edit(step, "force", force), set_force(plan, number, force))
    for _, yaw in other_turns(step):
        yield Change(manner_edit(step, "yaw", f"{yaw:g}"), set_yaw(plan, number, yaw))
    for release in other_releases(step):
        after = str(round(1000 * RELEASE_HEIGHT[release]))
        yield Change(manner_edit(step, "height", after), set_release(plan, step, release))


def with_step(plan: Plan, number: int, step: Step) -> Plan:
    """The plan with another step at that place, which counts from 1."""
    return Plan(steps=(*plan.steps[: number - 1], step, *plan.steps[number:]))


def with_frame(plan: Plan, number: int, update: dict[str, object]) -> Plan:
    """The plan with some fields of one step's keyframe changed; the step counts from 1."""
    old = plan.steps[number - 1]
    frame = Keyframe.model_validate({**old.keyframe.model_dump(), **update})
    return with_step(plan, number, old.model_copy(update={"keyframe": frame}))


def _clearing(before: Grounded, thing: SceneObject, taken: list[tuple[float, float, float]]) -> tuple[Step, ...]:
    """Steps that put everything on `thing` on the table, highest first, with the speed and force of the step that they come before."""
    steps: list[Step] = []
    frame = before.step.keyframe
    for upper in _above(before.scene, thing.name):
        if before.thing is not None and upper.name == before.thing.name:
            return ()
        spot = free_place(before.scene, upper, taken)
        if spot is None:
            return ()
        take = geometry.taking_step(upper, narrowest_turn(upper), frame.speed, frame.force)
        yaw = take.keyframe.yaw
        put = geometry.put_step("place", upper, before.scene, "on", TABLE, spot, yaw, "low", frame.speed, frame.force)
        steps += [take, put]
    return tuple(steps)


def _above(scene: Scene, name: str) -> Iterator[SceneObject]:
    """What stands on a thing (not in it), highest first."""
    for upper in scene.carried_by(name):
        if not upper.inside:
            yield from _above(scene, upper.name)
            yield upper
