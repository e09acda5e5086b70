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
        self._bodies = bodies
        self._wheels = robot.wheels
        self._names = {body.number: body.name for body in bodies.values()} | {number: name for name, number in bullet.tables.items()}
        self._fragile = {body.name: body.kind.fragile for body in bodies.values() if body.kind.fragile is not None}
        self._speeds = {name: np.zeros(3) for name in self._fragile}
        self._gripped: set[str] = set()
        self._lost = 0
        self._now = 0
        self._step, self._target, self._expected = 1, "", frozenset[str]()
        self._before = self._poses()

    def begin(self, step: int, target: str, expected: frozenset[str]) -> None:
        """A step starts that handles `target`; things in `expected` are moved by the plan on purpose."""
        self._step, self._target, self._expected = step, target, expected
        self.tolerated = frozenset()
        self._before = self._poses()

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
            elif self._bodies[name].kind.flat_base and matrix(start.orientation)[:, 2] @ matrix(pose.orientation)[:, 2] < _UPRIGHT:
                self.note("toppled", name)
            elif name != self._target and name not in self._expected and np.linalg.norm(pose.position - start.position) > _DISPLACED:
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
        if name == self._target and force > (_HAND_TOUCH if link not in self._fingers else self._landing):
            self.note("hand_hit", name)
        limits = self._fragile.get(name)
        if limits is not None and link in self._fingers and force > limits.crush:
            self.note("crushed", name)

    def _watch_held(self, gripped: set[str]) -> None:
        if self.held is None:
            return
        self._lost = 0 if self.held in gripped else self._lost + 1
        if self._lost >= _LOST_LOOKS:
            self.note("dropped", self.held)
            self.held, self._lost = None, 0
        elif self.phase in ("lift", "carry", "lower"):
            self._watch_bumps(self.held)

    def _watch_bumps(self, held: str) -> None:
        forces: dict[str, float] = defaultdict(float)
        for contact in self._bullet.contacts(self._bodies[held].number):
            forces[self._names.get(contact.other, "")] += contact.force
        for name, force in forces.items():
            if name in self._bodies and name != held and name not in self.tolerated and force > _TOUCH:
                self.note("bump", name)

    def _watch_fragile(self, gripped: set[str]) -> None:
        for name, limits in self._fragile.items():
            speed = self._bullet.velocity(self._bodies[name].number)[0]
            change = float(np.linalg.norm(speed - self._speeds[name]))
            self._speeds[name] = speed
            if name != self.held and name not in gripped and change > limits.shock:
                self.note("broken", name)
