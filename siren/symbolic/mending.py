"""A plan as the plans that have one thing set right: a manner or a preparation, where the hand goes, what it is about, in which order.

    for edit, changed in amendments(scene, plan, goal): ...

These are the hypotheses of a diagnosis: carried out one by one they tell which argument of which step made a plan fail. Where a thing is
touched, and how high it is let go, is what geometry says; nothing here knows why that would help.
"""

from collections.abc import Collection, Iterator
from itertools import product

from siren.core import geometry
from siren.core.action import FORCES, POINTING_DOWN
from siren.core.episode import Edit
from siren.core.geometry import TURNS
from siren.core.plan import PUTS, SHOVES, TABLE, Plan, Relation, Skill, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal
from siren.symbolic import edits, facts
from siren.symbolic.edits import TAKING, Change
from siren.symbolic.facts import Grounded

UNCERTAIN, UNSEEN = "uncertain", "unseen"  # marks that a perceiver gives to what it may have misread
_TIPPED = 0.012  # metres below its top at which fingers knock a thing over
OFF = 0.004  # metres that a keyframe may lie off before setting it right is a change


def amendments(scene: Scene, plan: Plan, goal: Goal) -> tuple[Change, ...]:
    """Every plan that differs in one thing; what it is about first, then order, then the hand's place, then manner."""
    grounded = facts.ground(scene, plan)
    return (*_subjects(scene, plan, goal), *edits.orders(plan), *_aims(plan, grounded), *edits.variants(scene, plan))


def set_grasps(scene: Scene, plan: Plan, goal: Goal, steps: Collection[int]) -> tuple[Change, ...]:
    """Of these steps those that take or tip something, over its middle and as deep as geometry says. Each change holds those before it.

    What an eye is not sure of stays where the policy reaches for it: there the policy's own height was mostly right (docs/experiments.md).
    What would then be pressed down where it is put is let go low: the policy had reckoned with a hand that holds it elsewhere.
    """
    changes: list[Change] = []
    grounded = facts.ground(scene, plan, goal)
    for at in grounded:
        if at.number not in steps or at.step.skill not in (*TAKING, "tip") or at.thing is None or not _sure(scene, at.thing, goal):
            continue
        aimed = tuple(_aims(changes[-1].plan if changes else plan, (at,)))
        put = edits.put_after(plan, at.number) if aimed and at.step.skill in TAKING else None
        changes += aimed
        if put is not None and edits.fall_mm(grounded[put - 1]) < -1000 * OFF:
            change = edits.manner_edit(grounded[put - 1], "height", str(round(1000 * geometry.RELEASE_HEIGHT["low"])))
            changes.append(Change(change, edits.set_release(changes[-1].plan, grounded[put - 1], "low")))
    return tuple(changes)


def _sure(scene: Scene, thing: SceneObject, goal: Goal) -> bool:
    """Whether what was seen of a thing, and of all that carries it, is beyond doubt.

    Where the eye takes a thing on the table for one of two, and it was asked for as one of them, it is that one.
    """
    asked = thing.support == TABLE and any(part.object == thing.name for part in goal.each())
    if UNSEEN in thing.marks or (UNCERTAIN in thing.marks and not asked):
        return False
    below = scene.find(thing.support)
    return below is None or _sure(scene, below, goal)


def _aims(plan: Plan, grounded: tuple[Grounded, ...]) -> Iterator[Change]:
    """One step over the middle of what it takes or puts onto, as deep as geometry says, the hand pointing down."""
    for at in grounded:
        aimed = _aimed(at)
        if aimed is None:
            continue
        now, then = at.step.keyframe, aimed.keyframe
        upright = (*POINTING_DOWN, now.yaw)
        if max(abs(a - b) for a, b in zip(now.position, then.position, strict=True)) <= OFF and now.rotation == upright:
            continue
        frame = now.model_copy(update={"position": then.position, "rotation": upright})
        edit = Edit(step=at.number, field="aim", before=_place(now.position), after=_place(then.position))
        yield Change(edit, edits.with_step(plan, at.number, at.step.model_copy(update={"keyframe": frame})))


def _aimed(at: Grounded) -> Step | None:
    step, frame = at.step, at.step.keyframe
    thing = _named(at)
    target = at.scene.find(step.target or "")
    if thing is None:
        return None
    if step.skill in TAKING:
        return geometry.taking_step(thing, 0, frame.speed, frame.force)
    if step.skill in PUTS and target is not None:
        place, relation = (target.position[0], target.position[1]), step.relation or "on"
        return geometry.put_step(step.skill, thing, at.scene, relation, target.name, place, frame.yaw, "low", frame.speed, frame.force)
    if step.skill == "push" and target is not None:
        goal, height = (target.position[0], target.position[1]), geometry.grasp_height(thing)
        return geometry.push_step(thing, step.relation or "on", target.name, goal, height, frame.speed, frame.force)
    return geometry.tip_step(thing, frame.yaw, thing.top - _TIPPED, frame.speed, frame.force) if step.skill == "tip" else None


def _named(at: Grounded) -> SceneObject | None:
    """What the step means: what the hand reaches, else what it names; of a container that is to be opened the lid."""
    if at.step.skill == "open":
        return next((thing for thing in at.scene.carried_by(at.step.object) if thing.kind == geometry.LID), None)
    return at.thing or at.scene.find(at.step.object)


def _subjects(scene: Scene, plan: Plan, goal: Goal) -> Iterator[Change]:
    """The last thing that is handled becomes the one that was asked for, in any manner that may be right; or the last place does."""
    wanted = scene.find(goal.object)
    handled = [at for at in facts.ground(scene, plan) if at.step.skill in (*TAKING, *SHOVES) and at.thing is not None]
    if wanted is None or goal.also or not handled:
        return
    last = handled[-1]
    put = last.number if last.step.skill == "push" else edits.put_after(plan, last.number)
    if last.thing is not None and last.thing.name != wanted.name:
        edit = Edit(step=last.number, field="object", before=last.thing.name, after=wanted.name)
        for steps in _handling(scene, goal, wanted, last.step, plan.steps[put - 1] if put is not None else None):
            yield Change(edit, Plan(steps=(*plan.steps[: last.number - 1], *steps)))
    elif put is not None and goal.target is not None and goal.relation in ("on", "in") and plan.steps[put - 1].target != goal.target:
        edit = Edit(step=put, field="target", before=plan.steps[put - 1].target or "", after=goal.target)
        step = _pushed(scene, goal, wanted, last.step) if put == last.number else _put(scene, goal, last.step)
        yield Change(edit, edits.with_step(plan, put, step))


def _handling(scene: Scene, goal: Goal, wanted: SceneObject, like: Step, put: Step | None) -> Iterator[tuple[Step, ...]]:
    """What was asked for, done to the thing that was asked for, slowly; near something it is put where the plan put the other."""
    if like.skill == "tip":
        yield (geometry.tip_step(wanted, like.keyframe.yaw, wanted.top - _TIPPED, "normal", like.keyframe.force),)
    elif like.skill == "push":
        yield (_pushed(scene, goal, wanted, like),)
    else:
        for turn, force in product(TURNS, FORCES):
            taken = geometry.taking_step(wanted, turn, "slow", force)
            if goal.relation == "near" and put is not None:
                place, yaw = put.keyframe.position[:2], taken.keyframe.yaw
                yield taken, geometry.put_step("place", wanted, scene, "on", TABLE, place, yaw, "low", "slow", force)
            else:
                yield (taken, _put(scene, goal, taken)) if goal.target is not None else (taken,)


def _pushed(scene: Scene, goal: Goal, wanted: SceneObject, like: Step) -> Step:
    target = scene.find(goal.target or "")
    place = (target.position[0], target.position[1]) if target is not None else (wanted.position[0], wanted.position[1])
    return geometry.push_step(wanted, "on", goal.target or TABLE, place, geometry.grasp_height(wanted), "slow", like.keyframe.force)


def _put(scene: Scene, goal: Goal, taken: Step) -> Step:
    """Where the goal wants it, low, as it was taken."""
    thing, target = scene.find(goal.object), scene.find(goal.target or "")
    if thing is None or target is None:
        raise ValueError(f"expected '{goal.object}' and '{goal.target}' in the scene, found {sorted(scene.names())}")
    relation: Relation = "in" if goal.relation == "in" else "on"
    place, frame = (target.position[0], target.position[1]), taken.keyframe
    skill: Skill = "stack" if relation == "on" and target.size[2] > facts.FLAT else "place"
    return geometry.put_step(skill, thing, scene, relation, target.name, place, frame.yaw, "low", "slow", frame.force)


def _place(position: tuple[float, float, float]) -> str:
    return " ".join(f"{value:.3f}" for value in position)
