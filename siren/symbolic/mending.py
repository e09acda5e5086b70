"""A plan as the plans that have one thing set right: a manner or a preparation, where the hand goes, what it is about, in which order.

    for edit, changed in amendments(scene, plan, goal): ...

These are the hypotheses of a diagnosis: carried out one by one they tell which argument of which step made a plan fail. Where a thing is
touched, and how high it is let go, is what geometry says; nothing here knows why that would help.
"""

from collections.abc import Iterator

from siren.core import geometry
from siren.core.action import FORCES, POINTING_DOWN
from siren.core.episode import Edit
from siren.core.geometry import TURNS
from siren.core.plan import PUTS, Plan, Relation, Skill, Step
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic import edits, facts
from siren.symbolic.edits import TAKING, Change
from siren.symbolic.facts import Grounded

_TIPPED = 0.012  # metres below its top at which fingers knock a thing over
OFF = 0.004  # metres that a keyframe may lie off before setting it right is a change
_HALVES = (1, 2)  # how many steps from the front may belong at the end: one that takes, or one that takes and one that puts


def amendments(scene: Scene, plan: Plan, goal: Goal) -> tuple[Change, ...]:
    """Every plan that differs in one thing; what it is about first, then order, then the hand's place, then manner."""
    grounded = facts.ground(scene, plan)
    return (*_subjects(scene, plan, goal), *_orders(plan), *_aims(plan, grounded), *edits.variants(scene, plan))


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
        yield Change(edit, _with_step(plan, at.number, at.step.model_copy(update={"keyframe": frame})))


def _aimed(at: Grounded) -> Step | None:
    step, frame = at.step, at.step.keyframe
    thing = at.thing or at.scene.find(step.object)  # by its name where the hand does not reach it
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


def _orders(plan: Plan) -> Iterator[Change]:
    """Two steps that follow each other change places, or the first ones come last."""
    steps = plan.steps
    for number in range(1, len(steps)):
        swapped = (*steps[: number - 1], steps[number], steps[number - 1], *steps[number + 1 :])
        yield Change(
            Edit(step=number, field="order", before=f"{number}, {number + 1}", after=f"{number + 1}, {number}"), Plan(steps=swapped)
        )
    for half in _HALVES:
        if half < len(steps) - 1 or (half == 1 and len(steps) > 2):
            edit = Edit(step=1, field="order", before="first", after=f"steps 1 to {half} last" if half > 1 else "step 1 last")
            yield Change(edit, Plan(steps=(*steps[half:], *steps[:half])))


def _subjects(scene: Scene, plan: Plan, goal: Goal) -> Iterator[Change]:
    """The last thing taken becomes the one that was asked for, in every turn and force since any may be right; or the last place does."""
    wanted = scene.find(goal.object)
    takings = [step for step in facts.ground(scene, plan) if step.step.skill in TAKING and step.thing is not None]
    if wanted is None or goal.also or not takings:
        return
    last = takings[-1]
    put = edits.put_after(plan, last.number)
    if last.thing is not None and last.thing.name != wanted.name:
        edit = Edit(step=last.number, field="object", before=last.thing.name, after=wanted.name)
        for turn in TURNS:
            for force in FORCES:
                steps = [geometry.taking_step(wanted, turn, "slow", force)]
                if put is not None and goal.target is not None:
                    steps.append(_put(scene, goal, steps[0]))
                yield Change(edit, Plan(steps=(*plan.steps[: last.number - 1], *steps)))
    elif put is not None and goal.target is not None and plan.steps[put - 1].target != goal.target:
        edit = Edit(step=put, field="target", before=plan.steps[put - 1].target or "", after=goal.target)
        yield Change(edit, _with_step(plan, put, _put(scene, goal, last.step)))


def _put(scene: Scene, goal: Goal, taken: Step) -> Step:
    """Where the goal wants it, low, as it was taken."""
    thing, target = scene.find(goal.object), scene.find(goal.target or "")
    if thing is None or target is None:
        raise ValueError(f"expected '{goal.object}' and '{goal.target}' in the scene, found {sorted(scene.names())}")
    relation: Relation = "in" if goal.relation == "in" else "on"
    place, frame = (target.position[0], target.position[1]), taken.keyframe
    skill: Skill = "stack" if relation == "on" and target.size[2] > facts.FLAT else "place"
    return geometry.put_step(skill, thing, scene, relation, target.name, place, frame.yaw, "low", "slow", frame.force)


def _with_step(plan: Plan, number: int, step: Step) -> Plan:
    return Plan(steps=(*plan.steps[: number - 1], step, *plan.steps[number:]))


def _place(position: tuple[float, float, float]) -> str:
    return " ".join(f"{value:.3f}" for value in position)
