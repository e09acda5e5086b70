"""Contacts and poses as events: what goes wrong is noticed when it happens, with the step, the phase and the thing.

The monitor looks every 4 physics steps, whatever the arm is doing, and once more when a step is over. It reads the
simulator's state only; it never moves anything.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from siren.core.episode import Event, Phase
from siren.world.bullet import Bullet, Pose
from siren.world.kinds import Kind
from siren.world.robots import Robot
from siren.world.shape import matrix

_TOUCH = 2.0  # newtons from which a touch of the robot, or of what it holds, counts
_HAND_TOUCH = 5.0  # newtons of the palm or the arm on what is handled
_FINGER_LANDS = 60.0  # newtons of a finger on what is handled, on the way down
_LOST_LOOKS = 3  # looks in a row without a finger on what is held
_UPRIGHT = 0.7  # cosine of the tilt from which a thing has toppled
_DISPLACED = 0.03  # metres
_FALLEN = -0.05  # metres: below the table top
_ROTATED = math.cos(math.radians(20))  # of the turn between the fingers and what they hold
_ROLLED = 0.06  # metres from where a round thing was let go, or pushed to; inside a box it cannot get that far
_ON_TRAY = 0.12  # metres above the middle of a tray up to which something stands on it
_PRESSED_LOOKS = 6  # looks in a row with too much weight on a fragile thing; a landing is shorter


@dataclass(frozen=True)
class Body:
    """One thing in the simulator."""

    name: str
    kind: Kind
    number: int


class Monitor:
    """Watches one episode.

    monitor.begin(1, target="egg", expected={"die"})
    monitor.phase = "descend"
    monitor.look(steps)     # every 4 physics steps
    monitor.finish(steps)   # when the step is over
    """

    def __init__(self, bullet: Bullet, robot_body: int, robot: Robot, bodies: Mapping[str, Body]) -> None:
        self.phase: Phase = "approach"
        self.held: str | None = None
        self.tolerated: frozenset[str] = frozenset()
        self.events: list[Event] = []
        self._bullet, self._robot_body, self._fingers = bullet, robot_body, set(robot.fingers)
        self._fingertip = robot.fingertip
        self._bodies = bodies
        self._wheels = robot.wheels
        self._names = {body.number: body.name for body in bodies.values()} | {number: name for name, number in bullet.tables.items()}
        self._fragile = {body.name: body.kind.fragile for body in bodies.values() if body.kind.fragile is not None}
        self._speeds = {name: np.zeros(3) for name in self._fragile}
        self._gripped: set[str] = set()
        self._lost = self._pressed = 0
        self._grasp: np.ndarray | None = None  # orientation of what is held, as the hand sees it when the lift begins
        self._left: Pose | None = None  # where the target of this step was last held or pushed
        self._loads: dict[str, tuple[float, float]] = {}  # what a tray carries, and half the length and width of the tray
        self._now = 0
        self._step, self._target, self._expected = 1, "", frozenset[str]()
        self._tipped: str | None = None
        self._before = self._poses()

    def begin(self, step: int, target: str, expected: frozenset[str], tipped: str | None = None) -> None:
        """A step starts that handles `target`; things in `expected` are moved by the plan on purpose, `tipped` is knocked over so."""
        self._step, self._target, self._expected, self._tipped = step, target, expected, tipped
        self.tolerated = frozenset()
        self._left, self._pressed = None, 0
        self._before = self._poses()
        self._loads = self._loads_of(target)

    def note(self, kind: str, subject: str | None = None) -> None:
        """Record an event here and now, once per step, kind and subject."""
        if not any((event.kind, event.step, event.subject) == (kind, self._step, subject) for event in self.events):
            self.events.append(Event(kind=kind, step=self._step, phase=self.phase, tick=self._now, subject=subject))

    def touching_fingers(self, name: str) -> set[int]:
        """Which fingers (link numbers) touch the thing."""
        contacts = self._bullet.contacts(self._robot_body, self._bodies[name].number)
        return {contact.link for contact in contacts if contact.force > 0} & self._fingers

    def look(self, now: int) -> None:
        """Read the contacts and speeds of this moment. now: physics steps since the episode began."""
        self._now = now
        forces: dict[tuple[str, int], float] = defaultdict(float)
        for contact in self._bullet.contacts(self._robot_body):
            if contact.link not in self._wheels:
                forces[self._names.get(contact.other, "floor"), contact.link] += contact.force
        gripped = {name for (name, link), force in forces.items() if link in self._fingers and force > 0}
        for (name, link), force in forces.items():
            self._touch(name, link, force)
        self._watch_held(gripped)
        self._watch_target()
        self._watch_loads()
        self._watch_fragile(gripped | self._gripped)
        self._gripped = gripped

    def finish(self, now: int) -> None:
        """Look at what the step has left behind: things fallen off, toppled or pushed away."""
        self._now, self.phase = now, "end"
        for name, pose in self._poses().items():
            start = self._before[name]
            if name == self.held:
                continue
            if pose.position[2] < _FALLEN:
                self.note("fell_off", name)
            elif name == self._tipped:
                continue
            elif self._bodies[name].kind.flat_base and matrix(start.orientation)[:, 2] @ matrix(pose.orientation)[:, 2] < _UPRIGHT:
                self.note("toppled", name)
            elif name == self._target:
                self._has_rolled(name, pose)
            elif name not in self._expected and name not in self._loads and np.linalg.norm(pose.position - start.position) > _DISPLACED:
                self.note("displaced", name)

    @property
    def _landing(self) -> float:
        """Newtons from which a finger does not slide down beside the target but lands on it."""
        return _FINGER_LANDS if self.phase == "descend" else math.inf

    def _poses(self) -> dict[str, Pose]:
        return {name: self._bullet.pose(body.number) for name, body in self._bodies.items()}

    def _touch(self, name: str, link: int, force: float) -> None:
        if name != self._target and name not in self.tolerated and force > _TOUCH:
            self.note("collision", name)
        if name == self._target and self.phase != "shove" and force > (_HAND_TOUCH if link not in self._fingers else self._landing):
            self.note("hand_hit", name)
        limits = self._fragile.get(name)
        if limits is not None and link in self._fingers and force > limits.crush:
            self.note("crushed", name)

    def _has_rolled(self, name: str, pose: Pose) -> None:
        """Note a round thing that did not stay where it was put down or pushed to."""
        if self._left is not None and self._rolls(name) and math.dist(pose.position[:2], self._left.position[:2]) > _ROLLED:
            self.note("rolled", name)

    def _rolls(self, name: str) -> bool:
        kind = self._bodies[name].kind if name in self._bodies else None
        return kind is not None and kind.outline == "round" and not kind.flat_base

    def _watch_target(self) -> None:
        if self.phase in ("lower", "shove") and self._rolls(self._target):
            self._left = self._bullet.pose(self._bodies[self._target].number)

    def _loads_of(self, name: str) -> dict[str, tuple[float, float]]:
        """What stands on the thing, if it is a tray: the only thing that is meant to be carried with others on it."""
        if name not in self._bodies or self._bodies[name].kind.role != "tray":
            return {}
        half = self._bodies[name].kind.size[0] / 2, self._bodies[name].kind.size[1] / 2
        tray = self._before[name]
        return {load: half for load, pose in self._before.items() if load != name and _stands_on(tray, pose, half)}

    def _watch_loads(self) -> None:
        for name in list(self._loads):
            tray, load = self._bullet.pose(self._bodies[self._target].number), self._bullet.pose(self._bodies[name].number)
            if not _stands_on(tray, load, self._loads[name]):
                self.note("spilled", name)
                del self._loads[name]

    def _watch_grasp(self, held: str) -> None:
        """Note what turns between the fingers. Round things may."""
        if self._bodies[held].kind.outline == "round":
            return
        hand = matrix(self._bullet.link_pose(self._robot_body, self._fingertip).orientation)
        seen = hand.T @ matrix(self._bullet.pose(self._bodies[held].number).orientation)
        if self._grasp is None:
            self._grasp = seen
        elif (np.trace(self._grasp.T @ seen) - 1) / 2 < _ROTATED:
            self.note("rotated", held)

    def _watch_held(self, gripped: set[str]) -> None:
        if self.held is None:
            self._grasp = None
            return
        self._lost = 0 if self.held in gripped else self._lost + 1
        if self._lost >= _LOST_LOOKS:
            self.note("dropped", self.held)
            self.held, self._lost = None, 0
        elif self.phase in ("lift", "carry", "lower"):
            self._watch_bumps(self.held)
            self._watch_grasp(self.held)

    def _watch_bumps(self, held: str) -> None:
        forces: dict[str, float] = defaultdict(float)
        for contact in self._bullet.contacts(self._bodies[held].number):
            forces[self._names.get(contact.other, "")] += contact.force
        for name, force in forces.items():
            if name in self._bodies and name != held and name not in self.tolerated | self._loads.keys() and force > _TOUCH:
                self.note("bump", name)

    def _watch_fragile(self, gripped: set[str]) -> None:
        for name, limits in self._fragile.items():
            speed = self._bullet.velocity(self._bodies[name].number)[0]
            change = float(np.linalg.norm(speed - self._speeds[name]))
            self._speeds[name] = speed
            if name != self.held and name not in gripped and change > limits.shock:
                self.note("broken", name)
            if name in self.tolerated:
                self._watch_weight(name, limits.weight)

    def _watch_weight(self, name: str, bearable: float) -> None:
        """Note a fragile thing that breaks under what is put on it."""
        above = self._bullet.contacts(self._bodies[name].number)
        weight = sum(contact.force for contact in above if contact.other in self._names and contact.other != self._bullet.table)
        self._pressed = self._pressed + 1 if weight > bearable else 0
        if self._pressed >= _PRESSED_LOOKS:
            self.note("crushed", name)


def _stands_on(tray: Pose, load: Pose, half: tuple[float, float]) -> bool:
    x, y, z = matrix(tray.orientation).T @ (load.position - tray.position)
    return bool(abs(x) < half[0] and abs(y) < half[1] and 0 < z < _ON_TRAY)
