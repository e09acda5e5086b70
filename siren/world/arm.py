"""Fingertip poses as motor commands: straight lines through waypoints, joint targets every 4 physics steps, and the clock that ticks.

Whoever moves the arm waits by `wait`, so nothing happens in the world that the watcher is not told of.
"""

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from siren.world.bullet import TIMESTEP, Bullet
from siren.world.kinematics import forward, half_turned, inverse, nearest_half_turn, rotation_between, turned
from siren.world.robots import Robot

Arrival = Literal["there", "blocked", "unreachable"]

CONTROL = 4  # physics steps between two motor commands, and between two looks of the watcher
_WAYPOINT = 0.03  # metres of straight line between two solutions of the inverse kinematics
_WAYPOINT_TURN = 0.35  # radians
_TURN_SPEED = 2.0  # radians per second
_JOINT_SPEED = 2.5  # radians per second, summed over the joints; not for fast motions
_SETTLE_CONTROLS = 15
_SETTLED = 0.003  # metres
_BLOCKED = 0.012  # metres
_CLOSING = 0.12  # metres per second of one finger; faster ones strike harder than they hold, and crush what they should not
_OPENING = 0.03  # metres per second of one finger while it lets go; faster ones tip what stands high
_LETTING_GO_CONTROLS = 6
_CLOSE_CONTROLS, _OPEN_CONTROLS = 30, 15
_GRIP_STILL = 1.5e-4  # metres of finger motion between two looks
_STILL_LOOKS = 4
_GRIP_SLACK = 0.004  # metres; fingers as far open as that hold nothing


class Pace(NamedTuple):
    """How fast a line is followed: metres per second, metres per second squared."""

    speed: float
    acceleration: float


class Arm:
    """A robot's arm and fingers in a simulator.

    arm.move(position, rotation, pace)   # "there", "blocked" or "unreachable"
    arm.close(12.0)
    """

    def __init__(self, bullet: Bullet, robot: Robot) -> None:
        self.body = bullet.add_robot(robot)
        self.steps = 0
        self._bullet = bullet
        self._robot = robot
        self._joints = np.array(robot.home)
        self._watch: Callable[[], None] | None = None

    def home(self) -> None:
        """Jump to the home pose with open fingers, at rest, and restart the clock. Nobody watches from here on."""
        robot = self._robot
        self._watch, self.steps = None, 0
        self._joints = np.array(robot.home)
        self._bullet.reset_joints(self.body, robot.joints, robot.home)
        self._bullet.reset_joints(self.body, robot.fingers, [robot.aperture / 2] * 2)
        self._bullet.forget_neighbours(self.body)
        self._drive(self._joints, np.zeros(robot.dof))
        self._fingers(robot.aperture)

    def watch(self, watcher: Callable[[], None] | None) -> None:
        """Call this every 4 physics steps from now on."""
        self._watch = watcher

    def wait(self, controls: int) -> None:
        """Let 4 physics steps pass that many times."""
        for _ in range(controls):
            self._bullet.step(CONTROL)
            self.steps += CONTROL
            if self._watch is not None:
                self._watch()

    def fingertip(self) -> np.ndarray:
        """Where the fingertips are. (3,), metres."""
        return self._bullet.link_pose(self.body, self._robot.fingertip).position

    def width(self) -> float:
        """Distance between the fingers, metres."""
        return float(self._bullet.joints(self.body, self._robot.fingers)[0].sum())

    def joint_positions(self) -> np.ndarray:
        """All nine joints: seven of the arm (radians), two of the fingers (metres)."""
        return self._bullet.joints(self.body, (*self._robot.joints, *self._robot.fingers))[0]

    def move(self, position: np.ndarray, rotation: np.ndarray, pace: Pace) -> Arrival:
        """Follow the straight line to a fingertip pose. The rotation may be met half a turn about, the gripper being symmetric."""
        present = forward(self._joints, self._robot)
        near = nearest_half_turn(rotation, present[:3, :3])
        # The last joint turns by less than a full turn, so sometimes only the farther half turn can be met.
        goal = next((turn for turn in (near, half_turned(near)) if inverse(position, turn, self._joints, 120, self._robot).reaches), None)
        if goal is None:
            return "unreachable"
        path = self._path(present, position, goal)
        for joints, velocities in self._timed(path, float(np.linalg.norm(position - present[:3, 3])), pace):
            self._drive(joints, velocities)
            self.wait(1)
        self._joints = path[-1]
        self._drive(self._joints, np.zeros(self._robot.dof))
        return self._arrive(position)

    def close(self, force: float) -> None:
        """Close the fingers with that many newtons each, until they stand still."""
        self._bullet.drive(self.body, self._robot.fingers, [0.0, 0.0], [-_CLOSING] * 2, [force] * 2, (0.0, 1.0))
        self._wait_for_fingers(_CLOSE_CONTROLS)

    def open(self, width: float) -> None:
        """Open the fingers to that width, metres."""
        if self.width() < width - _GRIP_SLACK:
            force = [self._robot.open_force] * 2
            self._bullet.drive(self.body, self._robot.fingers, [0.0, 0.0], [_OPENING] * 2, force, (0.0, 1.0))
            self.wait(_LETTING_GO_CONTROLS)
        self._fingers(min(width, self._robot.aperture))
        self._wait_for_fingers(_OPEN_CONTROLS)

    def _path(self, present: np.ndarray, position: np.ndarray, rotation: np.ndarray) -> np.ndarray:
        """Joint angles at the waypoints of the line. (n + 1, 7)."""
        offset, turn = position - present[:3, 3], rotation_between(present[:3, :3], rotation)
        count = max(1, math.ceil(max(np.linalg.norm(offset) / _WAYPOINT, np.linalg.norm(turn) / _WAYPOINT_TURN)))
        path = [self._joints]
        for share in np.arange(1, count + 1) / count:
            last = share == 1
            goal = rotation if last else turned(present[:3, :3], turn * share)
            path.append(inverse(present[:3, 3] + offset * share, goal, path[-1], 60 if last else 25, self._robot).joints)
        return np.array(path)

    def _timed(self, path: np.ndarray, distance: float, pace: Pace) -> list[tuple[np.ndarray, np.ndarray]]:
        """Joint targets and velocities, one pair every 4 physics steps."""
        turn = float(np.linalg.norm(rotation_between(forward(path[0], self._robot)[:3, :3], forward(path[-1], self._robot)[:3, :3])))
        shortest = max(turn / _TURN_SPEED, 0.06)
        if pace.speed < 1.0:
            shortest = max(shortest, float(np.abs(np.diff(path, axis=0)).sum(axis=0).max()) / _JOINT_SPEED)
        shares = _profile(distance, pace, shortest, CONTROL * TIMESTEP) * (len(path) - 1)
        whole = np.minimum(shares.astype(int), len(path) - 2)
        joints = path[whole] + (path[whole + 1] - path[whole]) * (shares - whole)[:, None]
        velocities = np.diff(joints, axis=0, prepend=path[:1]) / (CONTROL * TIMESTEP)
        return list(zip(joints, velocities, strict=True))

    def _arrive(self, position: np.ndarray) -> Arrival:
        for _ in range(_SETTLE_CONTROLS):
            self.wait(1)
            if np.linalg.norm(self.fingertip() - position) < _SETTLED:
                return "there"
        return "there" if np.linalg.norm(self.fingertip() - position) < _BLOCKED else "blocked"

    def _drive(self, joints: np.ndarray, velocities: np.ndarray) -> None:
        self._bullet.drive(self.body, self._robot.joints, joints.tolist(), velocities.tolist(), self._robot.joint_force)

    def _fingers(self, width: float) -> None:
        self._bullet.drive(self.body, self._robot.fingers, [width / 2] * 2, [0.0, 0.0], [self._robot.open_force] * 2)

    def _wait_for_fingers(self, controls: int) -> None:
        before, still = self.width(), 0
        for _ in range(controls):
            self.wait(1)
            now = self.width()
            still = still + 1 if abs(now - before) < _GRIP_STILL else 0
            if still == _STILL_LOOKS:
                return
            before = now


def _profile(distance: float, pace: Pace, shortest: float, tick: float) -> np.ndarray:
    """Shares of the way, one a tick, along a trapezoid of speed. (n,), the last is 1."""
    speed = min(pace.speed, math.sqrt(max(distance, 1e-6) * pace.acceleration))
    duration = distance / speed + speed / pace.acceleration
    ramp = min(0.5, speed / pace.acceleration / duration)
    count = max(2, math.ceil(max(duration, shortest) / tick))
    u = np.arange(1, count + 1) / count
    peak = 1 / (1 - ramp)
    rising, falling = peak / (2 * ramp) * u**2, 1 - peak / (2 * ramp) * (1 - u) ** 2
    return np.asarray(np.where(u < ramp, rising, np.where(u > 1 - ramp, falling, peak * (u - ramp / 2))))
