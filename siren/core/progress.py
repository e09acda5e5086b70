"""A goal and what stands where as the parts that hold already, and a plan as the steps that are still open.

Judged from what is seen, as an agent has to; whether a task was done is the world's to say (world/goals.py). The hand is taken as empty.
"""

import math
from collections.abc import Iterable

from siren.core.episode import Outcome
from siren.core.geometry import LID, gap_mm
from siren.core.plan import TABLE, Plan, Step
from siren.core.scene import Scene
from siren.core.task import Goal

FLAT = 0.004  # metres: what is thinner is a mat
ON_MAT = 0.05  # metres from its centre
NEAR_MM = 40
FOR_GOOD = frozenset({"crushed", "broken", "fell_off"})  # events after which no second attempt can set things right
LYING = 0.8  # share of its height that a thing on its side reaches at most


def holding_parts(goal: Goal, start: Scene, now: Scene) -> tuple[Goal, ...]:
    """The parts of the goal that hold now; `start` is the scene before the first attempt."""
    return tuple(part for part in goal.each() if _holds(part, start, now))


def worth_another(outcome: Outcome) -> bool:
    """Whether an attempt failed in such a way that another one may still reach the goal."""
    return not outcome.success and not any(event.kind in FOR_GOOD for event in outcome.events)


def goal_text(goal: Goal) -> str:
    """One part of a goal as people read it: `egg in box`, `bottle tipped`."""
    return f"{goal.object} {goal.relation} {goal.target}" if goal.target else f"{goal.object} {goal.relation}"


def open_steps(plan: Plan, done: Iterable[Goal]) -> Plan:
    """The plan without the steps that handle what is already where it should be. Unchanged when nothing else would be left."""
    finished = {part.object for part in done}
    opened = any(part.relation == "opened" for part in done)
    left = tuple(step for step in plan.steps if not _handles(step, finished, opened))
    return Plan(steps=left) if left else plan


def _handles(step: Step, finished: set[str], opened: bool) -> bool:
    if opened and (step.skill == "open" or step.object == LID):
        return True
    return step.object in finished and step.skill != "open"


def _holds(goal: Goal, start: Scene, now: Scene) -> bool:
    before, thing = start.find(goal.object), now.find(goal.object)
    if goal.relation == "opened":
        lids = [other for other in now.objects if other.kind == LID]
        return bool(lids) and all(lid.support == TABLE for lid in lids)
    if before is None or thing is None or goal.relation == "held":
        return False
    if goal.relation == "tipped":
        return thing.size[2] < LYING * before.size[2]
    target = now.find(goal.target) if goal.target else None
    if target is None:
        return False
    if goal.relation == "in":
        return thing.support == target.name and thing.inside
    if goal.relation == "near":
        return thing.support == TABLE and gap_mm(thing, target) <= NEAR_MM
    if target.size[2] <= FLAT:
        return thing.support in (TABLE, target.name) and math.dist(thing.position[:2], target.position[:2]) < ON_MAT
    return thing.support == target.name and not thing.inside
