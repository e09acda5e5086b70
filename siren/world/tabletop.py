"""A task as a table in the simulator, and a plan as what came of it: the World that the agent acts in.

Every episode is built from nothing, so the same task and plan give the same outcome, bit for bit: in a fresh process, after other
episodes, after a reset. (Saved simulator states are not exact after a disturbance: measured deviations of decimetres.)
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from siren.core import geometry
from siren.core.action import Keyframe
from siren.core.episode import Outcome
from siren.core.errors import PlanRefusedError
from siren.core.plan import SHOVES, TABLE, TAKES, Plan, Step, require_executable
from siren.core.scene import Scene, SceneObject
from siren.core.task import Task
from siren.world.arm import Arm
from siren.world.bullet import Bullet
from siren.world.camera import Camera, Picture, Posture, Setting, VisibleBody, backdrop_setting
from siren.world.catalogue import kind_of, scene_object
from siren.world.executor import Executor
from siren.world.foresight import carried_along, taken_thing
from siren.world.goals import is_reached
from siren.world.grounded import grounded_step
from siren.world.monitor import Body, Monitor
from siren.world.robots import robot_of
from siren.world.scenery import with_supports
from siren.world.shape import Feel, quaternion

_RENEWED = 1000  # resets after which the simulator is made anew: it keeps 0.9 kB of every body that ever was
_SETTLE_STEPS = 20  # things are let go 1 mm above what carries them; half of them are then within 0.03 mm of where they will rest


@dataclass
class _Attempt:
    """An episode under way."""

    start: Scene
    monitor: Monitor
    executor: Executor
    steps: int = 0
    yaw: float = 0.0  # of the hand in the last step, degrees


class Tabletop:
    """A robot before a table, in PyBullet.

        with Tabletop() as world:
            scene = world.reset(task)
            image = world.look()
            outcome = world.execute(plan)

    Implements core.interfaces.World.
    """

    def __init__(self, robot: str = "panda") -> None:
        """`robot` is `panda` or `kuka`; the same plans run on both. Raises WorldError for any other."""
        self.robot = robot_of(robot)
        self.feel = Feel()  # of everything that the next reset puts down
        self._open()
        self._camera: Camera | None = None
        self._task: Task | None = None
        self._bodies: dict[str, Body] = {}
        self._attempt: _Attempt | None = None  # none right after reset
        self._start: Scene | None = None  # before the first attempt since reset

    def __enter__(self) -> "Tabletop":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the simulator back. Every later call fails."""
        self._bullet.close()
        if self._camera is not None:
            self._camera.close()

    def reset(self, task: Task) -> Scene:
        """Build the task's layout from nothing and let it settle."""
        self._resets += 1
        if self._resets > _RENEWED:
            self._bullet.close()
            self._open()
        self._bullet.clear()
        self._arm.home()
        self._task, self._bodies, self._attempt, self._start = task, {}, None, None
        for spot in task.layout:
            kind = kind_of(spot.kind).variant(spot.variant)
            turn = quaternion((0.0, 0.0, float(np.radians(spot.yaw))))
            number = self._bullet.add_body(kind.looks(spot.marks), spot.position, turn, self.feel.of(kind.matter(spot.marks)))
            self._bodies[spot.name] = Body(spot.name, kind, number)
        self._bullet.step(_SETTLE_STEPS)
        return self.scene()

    def scene(self) -> Scene:
        """What stands on the table now."""
        marks = {spot.name: spot.marks for spot in self._require_task().layout}
        things = []
        for name, body in self._bodies.items():
            pose = self._bullet.pose(body.number)
            things.append(scene_object(name, body.kind, marks[name], pose.position.tolist(), pose.orientation.tolist()))
        return Scene(objects=with_supports(things))

    def look(self) -> np.ndarray:
        """What the overhead camera sees now, without the arm. uint8, (96, 96, 3), RGB; up is +x, left is +y."""
        return self.picture(robot=False).image

    def picture(self, setting: Setting | None = None, *, robot: bool = True) -> Picture:
        """What a camera sees from anywhere; without the arm if so asked. Bodies are numbered as in the task's layout.

        A task with a backdrop is seen on its own table and in its own light, whatever the setting has.
        """
        if self._camera is None:
            self._camera = Camera()
        seen_as = backdrop_setting(self._require_task().backdrop, setting)
        return self._camera.look(self.visible_bodies(), seen_as, self.posture() if robot else None)

    def posture(self) -> Posture:
        """How the arm stands now, as a camera needs it."""
        return Posture(self.robot, self._arm.joint_positions().tolist())

    def visible_bodies(self) -> tuple[VisibleBody, ...]:
        """Every thing as the camera needs it."""
        poses = [(spot, self._bullet.pose(self._bodies[spot.name].number)) for spot in self._require_task().layout]
        return tuple(
            VisibleBody(spot.kind, pose.position.tolist(), pose.orientation.tolist(), spot.marks, spot.variant) for spot, pose in poses
        )

    def execute(self, plan: Plan) -> Outcome:
        """Run the plan once from the state after `reset`; a plan whose step failed does not go on.

        Raises PlanRefusedError before anything moves when the plan names unknown things or leaves the workspace.
        """
        task = self._require_task()
        require_executable(plan, frozenset(self._bodies))
        if any(step.skill == "drive" for step in plan.steps):
            raise PlanRefusedError(f"expected steps at this table, got 'drive'; {self.robot.name} has no wheels")
        if self._attempt is not None:
            self.reset(task)
        attempt = self._begin()
        for step in plan.steps:
            self._step(attempt, step)
            if attempt.monitor.events:
                break
        return self._outcome(task, attempt, ended=True)

    def act(self, keyframe: Keyframe, *, shove: bool = False) -> Outcome:
        """Carry out one keyframe, for agents that go step by step; what it takes, or puts something on, is what stands there.

        shove: push or tip with closed fingers, as `grounded_step` has it.

        The outcome is that of the episode so far: a success as soon as the goal holds, over as soon as there is an event.
        Raises PlanRefusedError, before anything moves, for a keyframe outside the workspace or after an event.
        """
        task = self._require_task()
        attempt = self._attempt or self._begin()
        if attempt.monitor.events:
            event = attempt.monitor.events[0]
            raise PlanRefusedError(
                f"expected reset(task) after the episode ended with '{event.kind}' at step {event.step}, got another keyframe; reset first"
            )
        step = grounded_step(self.scene(), keyframe, attempt.monitor.held, shove=shove)
        require_executable(Plan(steps=(step,)), frozenset(self._bodies))
        self._step(attempt, step)
        return self._outcome(task, attempt, ended=False)

    def go_on(self) -> Scene:
        """End an attempt where it stands, so that another may begin from there: nothing is reset, and what happened has happened.

        What the fingers hold is laid down on a free spot near by, or let go where there is none; the arm is at home again. The goal is
        still measured against the scene before the first attempt. Returns what stands on the table now.
        """
        attempt = self._attempt
        held = self.scene().find(attempt.monitor.held) if attempt is not None and attempt.monitor.held else None
        if attempt is not None and held is not None:
            self._lay_down(attempt, held)
        self._arm.home()
        self._attempt = None
        self._bullet.step(_SETTLE_STEPS)
        return self.scene()

    def proprioception(self) -> np.ndarray:
        """What the arm feels of itself: seven joint angles (rad), two finger positions (m), fingertips x, y, z (m). float64, (12,)."""
        return np.concatenate([self._arm.joint_positions(), self._arm.fingertip()])

    def _lay_down(self, attempt: _Attempt, held: SceneObject) -> None:
        others = Scene(objects=tuple(thing for thing in self.scene().objects if thing.name != held.name))
        spot = geometry.free_spot(others, float(np.hypot(*held.size[:2])) / 2, (held.position[0], held.position[1]))
        if spot is not None:
            put = geometry.put_step("place", held, others, "on", TABLE, spot, attempt.yaw, "low", "slow", "gentle")
            self._step(attempt, put)

    def _begin(self) -> _Attempt:
        self._start = self._start or self.scene()
        monitor = Monitor(self._bullet, self._arm.body, self.robot, self._bodies)
        self._attempt = _Attempt(self._start, monitor, Executor(self._arm, monitor, self.robot))
        return self._attempt

    def _outcome(self, task: Task, attempt: _Attempt, *, ended: bool) -> Outcome:
        monitor = attempt.monitor
        finite = self._bullet.is_finite([body.number for body in self._bodies.values()]) and bool(
            np.isfinite(self._arm.joint_positions()).all()
        )
        reached = finite and not monitor.events and is_reached(task.goal, attempt.start, self.scene(), monitor.held)
        if (ended or not finite) and not reached and not monitor.events:
            monitor.note("goal_missed", task.goal.object)
        outcome = Outcome(
            success=reached and not monitor.events,
            goal_reached=reached,
            events=tuple(monitor.events),
            ticks=self._arm.steps,
            state_hash=self._state_hash(),
        )
        if not finite:
            self._bullet.close()
            self._open()
        return outcome

    def _open(self) -> None:
        self._bullet = Bullet(visuals=False)
        self._arm = Arm(self._bullet, self.robot)
        self._arm.home()
        self._resets = 0

    def _step(self, attempt: _Attempt, step: Step) -> None:
        attempt.steps, attempt.yaw = attempt.steps + 1, step.keyframe.yaw
        monitor = attempt.monitor
        self._arm.watch(lambda: monitor.look(self._arm.steps))
        if step.skill in TAKES | SHOVES:
            scene = self.scene()
            thing = taken_thing(scene, step) or self._named(step.object)
            shoved = step.skill in SHOVES
            expected = carried_along(scene, thing.name) if shoved else frozenset[str]()
            monitor.begin(attempt.steps, thing.name, expected, tipped=thing.name if step.skill == "tip" else None)
            (attempt.executor.shove if shoved else attempt.executor.take)(step, thing)
        else:
            held = monitor.held or step.object
            monitor.begin(attempt.steps, held, frozenset({held}))
            attempt.executor.put(step)
        monitor.finish(self._arm.steps)
        self._arm.watch(None)

    def _named(self, name: str) -> SceneObject:
        thing = self.scene().find(name)
        if thing is None:
            raise ValueError(
                f"expected '{name}' on the table, found {', '.join(self._bodies)}; check the plan with require_executable first"
            )
        return thing

    def _state_hash(self) -> str:
        digest = hashlib.sha256()
        for name in sorted(self._bodies):
            pose = self._bullet.pose(self._bodies[name].number)
            digest.update(name.encode() + pose.position.tobytes() + pose.orientation.tobytes())
        digest.update(self._arm.joint_positions().tobytes())
        return digest.hexdigest()

    def _require_task(self) -> Task:
        if self._task is None:
            raise ValueError("expected reset(task) before anything else; the table is empty")
        return self._task
