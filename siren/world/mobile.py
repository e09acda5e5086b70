"""Two tables and a robot on wheels between them: a task with things on both, and a plan that drives, as what came of it.

Whatever a plan or a scene says of a place is in the frame of a robot that stands before the table in question, so the same keyframes pick
and place at either. A scene has the things of both tables, told apart by their support; the camera sees the table before the robot.
"""

import hashlib
import math
from functools import partial

import numpy as np

from siren.core.episode import Outcome
from siren.core.errors import PlanRefusedError
from siren.core.plan import FAR_TABLE, TABLE, TABLES, TAKES, Plan, Step, require_executable
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Task
from siren.world.arm import Arm
from siren.world.bullet import Bullet, Pose
from siren.world.camera import Camera, VisibleBody
from siren.world.catalogue import kind_of, scene_object
from siren.world.executor import CARRY_PACE, Executor
from siren.world.foresight import taken_thing
from siren.world.frame import Frame
from siren.world.kinematics import rotation_matrix
from siren.world.monitor import Body, Monitor
from siren.world.robots import HUSKY
from siren.world.scenery import with_supports
from siren.world.shape import quaternion
from siren.world.wheels import DOCKS, SLABS, Wheels

SKILLS = frozenset({"pick", "place", "stack", "open", "drive"})

_SETTLE_STEPS = 20
_BETWEEN = -0.8  # metres; what lies farther back in the world belongs to the far table
_LIFTED = 0.04  # metres above where it stood
_ON_PLACE = 0.05  # metres from the centre of a mat
_STANDING = 0.02  # metres that a thing on a mat may be off the table, or higher or lower than it was


class Mobile:
    """A Panda on a Husky, in PyBullet. Implements core.interfaces.World.

    with Mobile() as world:
        scene = world.reset(fetch_task(7))
        outcome = world.execute(fetch_plan(task, scene))
    """

    def __init__(self) -> None:
        self.robot = HUSKY
        self._open()
        self._camera: Camera | None = None
        self._task: Task | None = None
        self._bodies: dict[str, Body] = {}
        self._fresh = False  # right after reset

    def __enter__(self) -> "Mobile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the simulator back. Every later call fails."""
        self._bullet.close()
        if self._camera is not None:
            self._camera.close()

    def reset(self, task: Task) -> Scene:
        """Build both tables from nothing, the robot before the near one, and let things settle."""
        self._bullet.clear()
        self._wheels.park()
        self._arm.home()
        self._task, self._bodies, self._fresh = task, {}, True
        for spot in task.layout:
            kind, turn = kind_of(spot.kind), quaternion((0.0, 0.0, math.radians(spot.yaw)))
            position, orientation = DOCKS[spot.table].outward(np.array(spot.position), np.array(turn))
            number = self._bullet.add_body(kind.looks(spot.marks), position.tolist(), orientation.tolist(), kind.matter(spot.marks))
            self._bodies[spot.name] = Body(spot.name, kind, number)
        self._bullet.step(_SETTLE_STEPS)
        self._wheels.stand()
        return self.scene()

    def scene(self) -> Scene:
        """What stands on both tables now; what is held belongs to the table before the robot."""
        return Scene(objects=(*self._things(TABLE), *self._things(FAR_TABLE)))

    def look(self) -> np.ndarray:
        """What a camera over the table before the robot sees now, without the arm. uint8, (96, 96, 3), RGB; up is the robot's +x."""
        if self._camera is None:
            self._camera = Camera()
        poses = [(spot, self._bullet.pose(self._bodies[spot.name].number)) for spot in self._require_task().layout]
        return self._camera.look(
            [VisibleBody(spot.kind, pose.position.tolist(), pose.orientation.tolist(), spot.marks) for spot, pose in poses]
        ).image

    def execute(self, plan: Plan) -> Outcome:
        """Run the plan once from the state after `reset`; a plan whose step failed does not go on.

        Raises PlanRefusedError before anything moves when the plan names unknown things, drives to what is no table, shoves, or leaves the
        workspace.
        """
        task = self._require_task()
        require_executable(plan, frozenset(self._bodies))
        _require_drivable(plan)
        if not self._fresh:
            self.reset(task)
        self._fresh, start = False, self.scene()
        monitor = Monitor(self._bullet, self._arm.body, self.robot, self._bodies)
        executor = Executor(self._arm, monitor, self.robot)
        for number, step in enumerate(plan.steps, 1):
            self._arm.watch(partial(self._look, monitor))
            self._step(number, step, monitor, executor)
            self._arm.watch(None)
            if monitor.events:
                break
        return self._outcome(task.goal, start, monitor)

    def docked(self) -> tuple[str, float, float]:
        """The table before the robot, and how far the robot stands from where it should: metres and radians."""
        return self._wheels.at, *self._wheels.miss()

    def _open(self) -> None:
        self._bullet = Bullet(visuals=False, tables=SLABS)
        self._arm = Arm(self._bullet, self.robot)
        self._wheels = Wheels(self._bullet, self._arm.body, self.robot, self._arm.wait)

    def _look(self, monitor: Monitor) -> None:
        monitor.look(self._arm.steps)

    def _step(self, number: int, step: Step, monitor: Monitor, executor: Executor) -> None:
        if step.skill == "drive":
            self._drive(number, step, monitor)
        elif step.skill in TAKES:
            scene = Scene(objects=self._things(self._wheels.at))
            thing = taken_thing(scene, step) or self._named(step.object)
            monitor.begin(number, thing.name, frozenset())
            executor.take(step, thing)
            monitor.finish(self._arm.steps)
        else:
            held = monitor.held or step.object
            monitor.begin(number, held, frozenset({held}))
            executor.put(step)
            monitor.finish(self._arm.steps)

    def _drive(self, number: int, step: Step, monitor: Monitor) -> None:
        """Bring the hand to the keyframe, go to the table, and see everything from there."""
        held = frozenset({monitor.held} if monitor.held else ())
        monitor.begin(number, "", held)
        monitor.tolerated = held  # on the long way it may come to lean on the palm
        monitor.phase = "carry"
        arrival = self._arm.move(np.array(step.keyframe.position), rotation_matrix(step.keyframe.rotation), CARRY_PACE[step.keyframe.speed])
        if arrival == "there" and not monitor.events:
            monitor.phase = "drive"
            arrival = self._wheels.drive(step.object, step.keyframe.speed)
        if arrival != "there":
            monitor.note(arrival, step.object)
        monitor.finish(self._arm.steps)
        self._wheels.stand()

    def _things(self, table: str) -> tuple[SceneObject, ...]:
        """What is on one table, in the frame of a robot before it."""
        here = table == self._wheels.at
        things = []
        for spot in self._require_task().layout:
            body = self._bodies[spot.name]
            seen = self._bullet.pose(body.number)
            world = self._in_world(seen)
            if (world.position[0] < _BETWEEN) == (table == FAR_TABLE):
                pose = seen if here else Pose(*DOCKS[table].inward(*world))
                things.append(scene_object(spot.name, body.kind, spot.marks, pose.position.tolist(), pose.orientation.tolist()))
        carried = with_supports(things)
        return tuple(thing if thing.support != TABLE else thing.model_copy(update={"support": table}) for thing in carried)

    def _in_world(self, pose: Pose) -> Pose:
        frame: Frame | None = self._bullet.frame
        return pose if frame is None else Pose(*frame.outward(*pose))

    def _named(self, name: str) -> SceneObject:
        """A thing that is not at the keyframe; the hand goes there all the same, and finds nothing."""
        thing = self.scene().find(name)
        if thing is None:
            raise ValueError(f"expected '{name}' on one of the tables, found {', '.join(self._bodies)}; check the plan first")
        return thing

    def _outcome(self, goal: Goal, start: Scene, monitor: Monitor) -> Outcome:
        bodies = [body.number for body in self._bodies.values()]
        finite = self._bullet.is_finite(bodies) and bool(np.isfinite(self._arm.joint_positions()).all())
        reached = finite and not monitor.events and self._reached(goal, start, monitor.held)
        if not reached and not monitor.events:
            monitor.note("goal_missed", goal.object)
        state_hash = self._state_hash()
        if not finite:
            self._bullet.close()
            self._open()
        return Outcome(success=reached, goal_reached=reached, events=tuple(monitor.events), ticks=self._arm.steps, state_hash=state_hash)

    def _reached(self, goal: Goal, start: Scene, held: str | None) -> bool:
        """Whether the thing has come to the near table: in the hand of a robot that stands there, or on the mat."""
        near = Scene(objects=self._things(TABLE))
        thing, before = near.find(goal.object), start.find(goal.object)
        if thing is None or before is None:
            return False
        if goal.relation == "held":
            return self._wheels.at == TABLE and held == thing.name and thing.position[2] > before.position[2] + _LIFTED
        mat = near.find(goal.target or "")
        if mat is None or held == thing.name:
            return False
        stands = abs(thing.bottom) < _STANDING and abs(thing.size[2] - before.size[2]) < _STANDING
        return stands and math.dist(thing.position[:2], mat.position[:2]) < _ON_PLACE

    def _state_hash(self) -> str:
        digest = hashlib.sha256(self._arm.joint_positions().tobytes())
        for name in sorted(self._bodies):
            pose = self._bullet.pose(self._bodies[name].number)
            digest.update(name.encode() + pose.position.tobytes() + pose.orientation.tobytes())
        return digest.hexdigest()

    def _require_task(self) -> Task:
        if self._task is None:
            raise ValueError("expected reset(task) before anything else; the tables are empty")
        return self._task


def _require_drivable(plan: Plan) -> None:
    for number, step in enumerate(plan.steps, 1):
        if step.skill not in SKILLS:
            raise PlanRefusedError(f"step {number}: expected a skill of {', '.join(sorted(SKILLS))}, got '{step.skill}' on wheels")
        if step.skill == "drive" and step.object not in TABLES:
            raise PlanRefusedError(f"step {number}: expected a table to drive to ({', '.join(sorted(TABLES))}), got '{step.object}'")
