"""A seed as a task of fetching something from the far table, and the task as the plan of one who knows how.

The far table has the thing and a few others; the near one a mat and a few others. No kind is on both.
"""

import numpy as np

from siren.core.action import APERTURE, Keyframe
from siren.core.geometry import grasp_yaw, pick_step, put_step, span
from siren.core.plan import FAR_TABLE, TABLE, Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Placement, Task
from siren.world.catalogue import kind_of, things
from siren.world.expert import careful_manner
from siren.world.kinds import Kind
from siren.world.laws.fingers import fingers_blocked
from siren.world.laws.hidden import best_turn
from siren.world.layout import Layout, scene_of

MAT = "blue_mat"
TRAVEL = (0.42, 0.0, 0.45)  # where the fingertips are while the robot drives, metres: what hangs from them passes above everything

_STREAM = 83
_TRIES = 60
_ROOM = 0.085, 0.05  # metres around the mat and around the thing, for a hand
_OTHERS = 2, 4  # things beside the thing that is fetched: fewest and, less one, most


def fetch_task(seed: int) -> Task:
    """The task of that seed; half of them ask for the thing on the blue mat, half for the thing in the hand, before the near table."""
    for attempt in range(_TRIES):
        rng = np.random.default_rng([seed, attempt, _STREAM])
        task = _laid(seed, rng)
        if task is not None and _can_be_taken(task):
            return task
    raise RuntimeError(f"expected two tables for seed {seed}, none of {_TRIES} could be laid; take another seed")


def fetch_plan(task: Task, scene: Scene) -> Plan:
    """Go there, take it, come back, and put it down if that is asked for. Fragile, slippery and heavy things are driven slowly."""
    thing = _require(scene, task.goal.object)
    there = Scene(objects=tuple(other for other in scene.objects if _table(task, other.name) == FAR_TABLE))
    turn, speed, force, release = careful_manner(there, thing)
    pick = pick_step(thing, turn, speed, force)
    steps = [_drive(FAR_TABLE, pick), pick, _drive(TABLE, pick)]
    if task.goal.target is not None:
        here = Scene(objects=tuple(other for other in scene.objects if _table(task, other.name) == TABLE))
        mat = _require(scene, task.goal.target)
        place = mat.position[:2]
        steps.append(put_step("place", thing, here, "on", mat.name, place, pick.keyframe.yaw, release, speed, force))
    return Plan(steps=tuple(steps))


def _drive(table: str, pick: Step) -> Step:
    """In the manner of the pick, the hand turned as it takes the thing, so that it need not turn with it."""
    manner = pick.keyframe
    frame = Keyframe(position=TRAVEL, rotation=manner.rotation, speed=manner.speed, force=manner.force, gripper="close")
    return Step(skill="drive", object=table, keyframe=frame)


def _laid(seed: int, rng: np.random.Generator) -> Task | None:
    pool = [kind for kind in things(held_out=False)]
    order = [pool[int(index)] for index in rng.permutation(len(pool))]
    counts = [int(rng.integers(*_OTHERS)) for _ in range(2)]
    wanted, beside, about = order[0], order[1 : 1 + counts[0]], order[1 + counts[0] : 1 + sum(counts)]
    far = _table_of(wanted, _ROOM[1], beside, rng)
    near = _table_of(kind_of(MAT), _ROOM[0], about, rng)
    if far is None or near is None:
        return None
    on_mat = bool(rng.random() < 0.5)
    goal = Goal(relation="on", object=wanted.name, target=MAT) if on_mat else Goal(relation="held", object=wanted.name)
    text = f"fetch the {wanted.name.replace('_', ' ')} from the other table" + (" and put it on the blue mat" if on_mat else "")
    layout = (*near, *(spot.model_copy(update={"table": FAR_TABLE}) for spot in far))
    return Task(seed=seed, family="fetch", split="seen", instruction=text, goal=goal, layout=layout)


def _table_of(first: Kind, room: float, others: list[Kind], rng: np.random.Generator) -> tuple[Placement, ...] | None:
    """One table with its chief thing and others about it; None when there was no room for one."""
    layout = Layout(rng)
    radius = first.radius if first.role == "mat" else first.radius + room
    place = layout.find(max(radius, room), 0.0)
    if place is None:
        return None
    layout.put(first, place, 0.0 if first.role == "mat" else layout.any_yaw(), marks=layout.marks(first, 0.0))
    layout.keep_clear(place, max(radius, room))
    return layout.placements() if all(layout.scatter(kind, 0.04, 0.0) for kind in others) else None


def _can_be_taken(task: Task) -> bool:
    """Whether the fingers fit around the thing, and beside it between the others."""
    scene = scene_of(tuple(spot for spot in task.layout if spot.table == FAR_TABLE))
    thing = _require(scene, task.goal.object)
    yaw = grasp_yaw(thing, best_turn(scene, thing))
    return span(thing, yaw) < APERTURE - 0.004 and not fingers_blocked(scene, thing, yaw)


def _table(task: Task, name: str) -> str:
    return next(spot.table for spot in task.layout if spot.name == name)


def _require(scene: Scene, name: str) -> SceneObject:
    thing = scene.find(name)
    if thing is None:
        raise ValueError(f"expected '{name}' in the scene, found {', '.join(sorted(scene.names()))}; task and scene belong together")
    return thing
