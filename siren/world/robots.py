"""What the arm is, as one frozen declaration: joints, limits, home, fingers and their forces. It moves nothing."""

from dataclasses import dataclass

from siren.core.action import APERTURE, Force


@dataclass(frozen=True)
class Robot:
    """An arm with two fingers. Angles in radians, lengths in metres, forces in newtons, speeds in metres per second."""

    name: str
    joints: tuple[int, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    home: tuple[float, ...]
    joint_force: tuple[float, ...]
    fingers: tuple[int, int]
    fingertip: int
    aperture: float
    open_force: float
    grip: dict[Force, float]

    @property
    def dof(self) -> int:
        """How many joints the arm has."""
        return len(self.joints)


# Link numbers as in the Panda description that ships with the simulator; limits a little inside the maker's.
PANDA = Robot(
    name="panda",
    joints=(0, 1, 2, 3, 4, 5, 6),
    lower=(-2.9, -1.80, -2.9, -3.07, -2.9, -0.05, -2.9),
    upper=(2.9, 1.80, 2.9, -0.07, 2.9, 3.75, 2.9),
    home=(0.0, -0.30, 0.0, -2.20, 0.0, 2.0, 0.785),
    joint_force=(200.0, 200.0, 200.0, 200.0, 60.0, 60.0, 60.0),
    fingers=(9, 10),
    fingertip=11,
    aperture=APERTURE,
    open_force=60.0,
    grip={"gentle": 10.0, "firm": 55.0},
)
