"""A robot on wheels between two tables: from one to the other by turning four wheels, and standing fast where it has stopped.

Skid steering: the wheels of one side turn alike and scrub over the floor when the robot turns, so where it ends is physics and not what was
asked. It sees where it is (as by markers on the tables) and steers 60 times a second: back off, turn about, approach. Then it lets
feet down that hold it level: on its wheels alone the arm would rock it by centimetres.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from siren.core.action import Speed
from siren.core.errors import WorldError
from siren.core.plan import FAR_TABLE, TABLE
from siren.world.arm import CONTROL, Arrival
from siren.world.bullet import TIMESTEP, Bullet, Pose, Slab
from siren.world.frame import Frame, product
from siren.world.robots import Robot

# Two tables that face each other, 2 m apart; a robot before one has its own origin 20 cm from the edge.
SLABS: Mapping[str, Slab] = MappingProxyType(
    {TABLE: ((0.30, 0.50, 0.05), (0.50, 0.0, -0.05)), FAR_TABLE: ((0.30, 0.50, 0.05), (-2.10, 0.0, -0.05))}
)
DOCKS: Mapping[str, Frame] = MappingProxyType(
    {
        TABLE: Frame(np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0])),
        FAR_TABLE: Frame(np.array([-1.6, 0.0, 0.0]), np.array([0.0, 0.0, 1.0, 0.0])),
    }
)

_BACK_OFF = 0.45  # metres
_NEAR_ENOUGH, _TURNED_ENOUGH = 0.001, 0.02  # metres short of the dock, radians of heading before the approach
_MISSED = 0.015, 0.03  # metres and radians from the dock from which it counts as not reached
_PATIENCE = 1200  # controls (20 s) for one of the three motions
_STOP_CONTROLS, _CLAMP_CONTROLS = 12, 6
_HOMING, _STEERING = 5.0, 40.0  # radians of heading for a metre beside the line; radians per second for a radian of heading
_MOST_HOMING = 0.6
_TICK = CONTROL * TIMESTEP


class Haste(NamedTuple):
    """How a robot drives: metres per second, metres per second squared, and how fast the wheels are asked to turn it (radians per second).

    The floor lets it turn at about a fifth of that.
    """

    speed: float
    acceleration: float
    turning: float


HASTE: Mapping[Speed, Haste] = MappingProxyType(
    {"slow": Haste(0.5, 0.5, 4.0), "normal": Haste(0.8, 0.9, 6.0), "fast": Haste(1.1, 1.6, 8.0)}
)


class Wheels:
    """The wheels of one robot.

    wheels.park()                       # before the near table, as new
    wheels.drive(FAR_TABLE, "normal")   # "there" or "blocked"
    wheels.stand()                      # from here on poses are seen from where it stands
    """

    def __init__(self, bullet: Bullet, body: int, robot: Robot, wait: Callable[[int], None]) -> None:
        """`wait` lets that many controls (4 physics steps each) pass. Raises WorldError for a robot without wheels."""
        if robot.carrier is None:
            raise WorldError(f"expected a robot on wheels, got '{robot.name}', which is screwed down; take robots.HUSKY")
        self.at = TABLE
        self._bullet, self._body, self._carrier, self._wait = bullet, body, robot.carrier, wait
        self._start = bullet.pose(body)
        self._middle = robot.carrier.mount[0]
        self._clamp: int | None = None

    def park(self) -> None:
        """Stand exactly before the near table, at rest, wheels straight."""
        self._let_go()
        self._bullet.frame = None
        self._bullet.place(self._body, self._start.position.tolist(), self._start.orientation.tolist())
        self._bullet.reset_joints(self._body, self._carrier.wheels, [0.0] * 4)
        self._roll(0.0, 0.0)
        self._clamp = self._bullet.clamp(self._body, self._start.position.tolist(), self._start.orientation.tolist())
        self.at, self._bullet.table = TABLE, self._bullet.tables[TABLE]

    def drive(self, table: str, speed: Speed) -> Arrival:
        """Go to stand before that table; at once if it is the one. Poses are told as before until `stand`."""
        if table == self.at:
            return "there"
        haste, start, dock = HASTE[speed], DOCKS[self.at], DOCKS[table]
        self._let_go()
        turning_place = self._before(start, _BACK_OFF)
        done = (
            self._straight(turning_place, _heading(start), -1, haste)
            and self._turn(turning_place, _heading(dock), haste)
            and self._straight(self._before(dock, 0.0), _heading(dock), 1, haste)
        )
        self._halt(_STOP_CONTROLS)
        self._set_down()
        self._halt(_CLAMP_CONTROLS)
        self.at = table
        beside, aside = self.miss()
        return "there" if done and beside < _MISSED[0] and aside < _MISSED[1] else "blocked"

    def stand(self) -> None:
        """From here on the simulator's poses are told as seen from the base of the arm."""
        self._bullet.frame = self._mount()
        self._bullet.table = self._bullet.tables[self.at]

    def miss(self) -> tuple[float, float]:
        """How far it stands from where it should: metres and radians."""
        (x, y, heading), dock = self._place(), DOCKS[self.at]
        goal = self._before(dock, 0.0)
        return math.dist((x, y), goal), abs(_wrapped(heading - _heading(dock)))

    def _straight(self, goal: tuple[float, float], heading: float, sign: int, haste: Haste) -> bool:
        """Along the line through the goal with that heading, forwards or backwards (sign). Whether it came abreast of the goal."""
        speed = 0.0
        along, across = np.array([math.cos(heading), math.sin(heading)]), np.array([-math.sin(heading), math.cos(heading)])
        for _ in range(_PATIENCE):
            x, y, now = self._place()
            offset = np.array([x, y]) - goal
            rest = -sign * float(offset @ along)
            if rest < _NEAR_ENOUGH:
                return True
            braking = 0.9 * math.sqrt(2 * haste.acceleration * rest) + 0.004
            speed = min(haste.speed, speed + haste.acceleration * _TICK, braking)
            homing = float(np.clip(_HOMING * (offset @ across), -_MOST_HOMING, _MOST_HOMING))
            turn = _STEERING * (_wrapped(heading - now) - sign * homing)
            self._roll(sign * speed, float(np.clip(turn, -haste.turning, haste.turning)))
            self._wait(1)
        return False

    def _turn(self, place: tuple[float, float], heading: float, haste: Haste) -> bool:
        """About the left until that heading, keeping to the place as far as the wheels can. Whether it did."""
        turning = 0.0
        for _ in range(_PATIENCE):
            x, y, now = self._place()
            rest = _wrapped(heading - now)
            rest = rest if abs(rest) < 2.5 else abs(rest)
            if abs(rest) < _TURNED_ENOUGH:
                return True
            ahead = math.cos(now) * (place[0] - x) + math.sin(now) * (place[1] - y)
            turning = min(haste.turning, turning + 2 * haste.turning * _TICK, 8 * abs(rest) + 0.5)
            self._roll(float(np.clip(2 * ahead, -0.3, 0.3)), math.copysign(turning, rest))
            self._wait(1)
        return False

    def _halt(self, controls: int) -> None:
        self._roll(0.0, 0.0)
        self._wait(controls)

    def _roll(self, speed: float, turning: float) -> None:
        """Turn the wheels as for that speed (m/s) and that turn to the left (rad/s)."""
        half = turning * self._carrier.track / 2
        left, right = (speed - half) / self._carrier.wheel_radius, (speed + half) / self._carrier.wheel_radius
        self._bullet.drive(self._body, self._carrier.wheels, [0.0] * 4, [left, right] * 2, [self._carrier.torque] * 4, (0.0, 1.0))

    def _set_down(self) -> None:
        """Let the feet down: it stays where it is and is brought level, at the height it started from."""
        seen = self._bullet.pose(self._body)
        x, y, _ = (seen if self._bullet.frame is None else Pose(*self._bullet.frame.outward(*seen))).position
        half = self._place()[2] / 2
        turned = product(np.array([0.0, 0.0, math.sin(half), math.cos(half)]), self._start.orientation)
        self._clamp = self._bullet.clamp(self._body, (float(x), float(y), float(self._start.position[2])), turned.tolist())

    def _let_go(self) -> None:
        if self._clamp is not None:
            self._bullet.release(self._clamp)
            self._clamp = None

    def _mount(self) -> Frame:
        """Where the base of the arm is, in the world."""
        seen = self._bullet.link_pose(self._body, self._carrier.mount_link)
        return Frame(*(seen if self._bullet.frame is None else self._bullet.frame.outward(*seen)))

    def _place(self) -> tuple[float, float, float]:
        """Where the middle between the wheels is (m), and the heading (rad), in the world."""
        mount = self._mount()
        heading = _heading(mount)
        x, y = mount.position[0] - self._middle * math.cos(heading), mount.position[1] - self._middle * math.sin(heading)
        return float(x), float(y), heading

    def _before(self, dock: Frame, distance: float) -> tuple[float, float]:
        """Where the middle of the wheels is when the arm stands that far behind a dock."""
        heading, back = _heading(dock), self._middle + distance
        return float(dock.position[0]) - back * math.cos(heading), float(dock.position[1]) - back * math.sin(heading)


def _heading(frame: Frame) -> float:
    """Direction of the x axis, radians."""
    x, y, z, w = frame.orientation
    return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi
