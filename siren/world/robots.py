"""What the arms are, each as one frozen declaration: joints, limits, home, reach, fingers and their forces. They move nothing."""

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from siren.core.action import APERTURE, Force
from siren.core.errors import WorldError

Row = tuple[float, float, float]

_PANDA_FILE = "franka_panda/panda.urdf"


@dataclass(frozen=True)
class Carrier:
    """A vehicle with four wheels that an arm stands on. Metres and newton metres; links are those of the loaded description."""

    file: str  # its description among the simulator's own files
    root: str  # the link that everything else is screwed to
    mount: Row  # where the base of the arm stands, in the frame of that link
    riser: float  # height of the box between the deck and the arm
    mount_link: int
    wheels: tuple[int, int, int, int]  # front left, front right, rear left, rear right
    wheel_radius: float
    track: float  # from the left wheels to the right ones
    torque: float


@dataclass(frozen=True)
class Robot:
    """An arm with two fingers. Angles in radians, lengths in metres, forces in newtons, torques in newton metres.

    `rows` are modified Denavit-Hartenberg rows (a, d, alpha), one a joint; `flange` leads along the last axis to where the hand
    is screwed on, turned by `hand_twist`. Joint and link numbers are those of the loaded description.
    """

    name: str
    arm_file: str  # its description among the simulator's own files
    hand_file: str  # where its hand is taken from; empty: it has one
    base: tuple[float, float, float]  # where it is screwed down, in the frame of the table
    rows: tuple[Row, ...]
    flange: float
    hand_twist: float
    joints: tuple[int, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    home: tuple[float, ...]
    joint_force: tuple[float, ...]
    fingers: tuple[int, int]
    fingertip: int
    reach: tuple[float, float]  # nearest and farthest place on the table for fingers that point down, from the first joint's axis
    carrier: Carrier | None = None  # none: it is screwed down
    aperture: float = APERTURE
    open_force: float = 60.0
    grip: Mapping[Force, float] = field(default_factory=lambda: MappingProxyType({"gentle": 10.0, "firm": 55.0}), hash=False)

    @property
    def dof(self) -> int:
        """How many joints the arm has."""
        return len(self.joints)

    @property
    def root(self) -> Row:
        """Where the root of its description stands when the arm is at its base, metres."""
        mount = self.carrier.mount if self.carrier else (0.0, 0.0, 0.0)
        x, y, z = (base - offset for base, offset in zip(self.base, mount, strict=True))
        return x, y, z

    @property
    def wheels(self) -> tuple[int, ...]:
        """Links that roll on the floor."""
        return self.carrier.wheels if self.carrier else ()


# Rows from the maker's documentation, link numbers as in the description that ships with the simulator; limits a little inside the maker's.
PANDA = Robot(
    name="panda",
    arm_file=_PANDA_FILE,
    hand_file="",
    base=(0.0, 0.0, 0.0),
    rows=(
        (0.0, 0.333, 0.0),
        (0.0, 0.0, -math.pi / 2),
        (0.0, 0.316, math.pi / 2),
        (0.0825, 0.0, math.pi / 2),
        (-0.0825, 0.384, -math.pi / 2),
        (0.0, 0.0, math.pi / 2),
        (0.088, 0.0, math.pi / 2),
    ),
    flange=0.107,
    hand_twist=-math.pi / 4,
    joints=(0, 1, 2, 3, 4, 5, 6),
    lower=(-2.9, -1.80, -2.9, -3.07, -2.9, -0.05, -2.9),
    upper=(2.9, 1.80, 2.9, -0.07, 2.9, 3.75, 2.9),
    home=(0.0, -0.30, 0.0, -2.20, 0.0, 2.0, 0.785),
    joint_force=(200.0, 200.0, 200.0, 200.0, 60.0, 60.0, 60.0),
    fingers=(9, 10),
    fingertip=11,
    reach=(0.27, 0.79),
)

# An LBR iiwa 7 with the Panda's hand. It folds less than the Panda does (its fourth joint ends at 120 degrees), so it stands 8 cm
# farther back and on a foot of 7 cm: of 12 places for the base that were tried, one in the middle of the 8 that reach everything.
KUKA = Robot(
    name="kuka",
    arm_file="kuka_iiwa/model.urdf",
    hand_file=_PANDA_FILE,
    base=(-0.08, 0.0, 0.07),
    rows=(
        (0.0, 0.36, 0.0),
        (0.0, 0.0, -math.pi / 2),
        (0.0, 0.42, math.pi / 2),
        (0.0, 0.0, math.pi / 2),
        (0.0, 0.40, -math.pi / 2),
        (0.0, 0.0, -math.pi / 2),
        (0.0, 0.081, math.pi / 2),
    ),
    flange=0.045,
    hand_twist=0.0,
    joints=(0, 1, 2, 3, 4, 5, 6),
    lower=(-2.9, -2.05, -2.9, -2.05, -2.9, -2.05, -3.0),
    upper=(2.9, 2.05, 2.9, 2.05, 2.9, 2.05, 3.0),
    home=(0.0, 0.447, 0.0, -1.585, 0.0, 1.11, 0.0),
    joint_force=(300.0, 300.0, 300.0, 300.0, 300.0, 300.0, 300.0),
    fingers=(8, 9),
    fingertip=10,
    reach=(0.39, 0.79),
)

# The Panda on a Husky: 0.6 m above the floor and 15 cm before the middle of the wheels, so that the vehicle's nose goes below the table.
HUSKY = replace(
    PANDA,
    name="husky",
    carrier=Carrier(
        file="husky/husky.urdf",
        root="base_link",
        mount=(0.15, 0.0, 0.45507),
        riser=0.196,
        mount_link=5,
        wheels=(0, 1, 2, 3),
        wheel_radius=0.17775,
        track=0.5708,
        torque=60.0,
    ),
    joints=(6, 7, 8, 9, 10, 11, 12),
    fingers=(15, 16),
    fingertip=17,
)

ROBOTS: Mapping[str, Robot] = MappingProxyType({robot.name: robot for robot in (PANDA, KUKA)})  # those that stand before one table


def robot_of(name: str) -> Robot:
    """The robot of that name. Raises WorldError that names the ones there are."""
    if name not in ROBOTS:
        near = difflib.get_close_matches(name, ROBOTS, 1, 0.5)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise WorldError(f"expected a robot of {', '.join(ROBOTS)}, got '{name}'; {hint}choose one of these")
    return ROBOTS[name]
