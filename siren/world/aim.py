"""A plan as its aim carried out by one who knows every law: the same thing taken at the same place and put to the same place.

So what a policy means can be judged in the world without its manner. Speed, force, turn, release, and what has to be cleared away or
opened before come from the expert; which skill, which thing and which places are the plan's own. Where exactly a thing fits beside another
hangs on how it is held, so of "next to" only what it is put next to is the plan's.
"""

from collections.abc import Iterator, Sequence
from math import dist
from typing import NamedTuple

from siren.core.plan import PUTS, TABLE, TAKES, Plan, Relation, Step
from siren.core.scene import Scene
from siren.core.task import Family, Goal, Task
from siren.core.task import Relation as GoalRelation
from siren.world.expert import expert_plan
from siren.world.foresight import taken_thing


class _Deed(NamedTuple):
    """One thing handled: taken and perhaps put somewhere, or shoved."""

    step: Step
    put: Step | None


def carried_out(plan: Plan, task: Task, scene: Scene) -> Plan | None:
    """The expert's plan for what the plan does last, as many deeds as the task has goals; None where that makes no sense in the scene."""
    deeds = list(_deeds(plan.steps))[-len(task.goal.each()) :]
    goals = [_goal(deed, scene) for deed in deeds]
    known = [goal for goal in goals if goal is not None]
    if not known or len(known) < len(goals):
        return None
    goal = known[0].model_copy(update={"also": tuple(known[1:])})
    meant = task.model_copy(update={"goal": goal, "family": _family(deeds, goal)})
    try:
        careful = expert_plan(meant, scene)
    except ValueError:  # the goal cannot be: the thing is to go on itself, or onto what is not there
        return None
    steps = list(careful.steps)
    for deed, goal in zip(deeds, known, strict=True):
        _aim(steps, deed, goal)
    return Plan(steps=tuple(steps))


def _deeds(steps: Sequence[Step]) -> Iterator[_Deed]:
    for number, step in enumerate(steps):
        following = steps[number + 1] if number + 1 < len(steps) else None
        if step.skill not in PUTS:
            yield _Deed(step, following if step.skill in TAKES and following is not None and following.skill in PUTS else None)


def _goal(deed: _Deed, scene: Scene) -> Goal | None:
    """What has come true when the deed is done."""
    thing = taken_thing(scene, deed.step)
    if thing is None or deed.step.skill == "drive":
        return None
    if deed.step.skill == "open":
        return Goal(relation="opened", object=deed.step.object) if scene.find(deed.step.object) is not None else None
    if deed.step.skill == "tip":
        return Goal(relation="tipped", object=thing.name)
    put = deed.step if deed.step.skill == "push" else deed.put
    if put is None:
        return Goal(relation="held", object=thing.name)
    others = [other for other in scene.objects if other.name != thing.name]
    target = next((other for other in others if other.name == put.target), None)
    if put.target == TABLE:
        target = min(others, key=lambda other: dist(other.position[:2], put.keyframe.position[:2]), default=None)
    relation: GoalRelation = "near" if put.target == TABLE else _rests(put.relation)
    return Goal(relation=relation, object=thing.name, target=target.name) if target is not None else None


def _rests(relation: Relation | None) -> GoalRelation:
    return "in" if relation == "in" else "on"


def _family(deeds: Sequence[_Deed], goal: Goal) -> Family:
    """What the expert has to know of the family: how it puts down, and whether it carries or pushes."""
    if any(deed.step.skill == "push" for deed in deeds):
        return "push"
    if any(deed.put is not None and deed.put.skill == "stack" for deed in deeds):
        return "stack"
    both = len(deeds) > 1 and all(each.relation != "opened" for each in goal.each())
    return "tidy" if both else "place"


def _aim(steps: list[Step], deed: _Deed, goal: Goal) -> None:
    """Move the expert's steps for that goal to the places of the deed."""
    handled = [number for number, step in enumerate(steps) if step.object == goal.object and step.skill == deed.step.skill]
    if not handled or deed.step.skill in ("open", "tip"):
        return
    number = handled[-1]
    steps[number] = _moved(steps[number], deed.step)
    if deed.put is not None and number + 1 < len(steps) and goal.relation != "near":
        steps[number + 1] = _moved(steps[number + 1], deed.put)


def _moved(step: Step, to: Step) -> Step:
    """The step at the place of another one."""
    frame = step.keyframe
    place = (*to.keyframe.position[:2], frame.position[2])
    return step.model_copy(update={"keyframe": frame.model_copy(update={"position": place})})
