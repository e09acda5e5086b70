"""One keyframe of the arm: where the fingertips are to be, how fast, and how hard they close.

Metres and degrees in the robot's base frame: x forward, y left, z up from the table top.
`rotation` is roll, pitch, yaw; (0, 180, 0) points the fingers down with the finger axis along y. The gripper is the
same after half a turn, so a yaw and the yaw plus 180 name one grasp.
This file does not know any robot: reach and joint limits belong to `siren.world`.
"""

from typing import Literal

from pydantic import Field

from siren.core.values import Value

Speed = Literal["slow", "normal", "fast"]
Force = Literal["gentle", "firm"]
Gripper = Literal["open", "close"]

SPEEDS: tuple[Speed, ...] = ("slow", "normal", "fast")
FORCES: tuple[Force, ...] = ("gentle", "firm")

# The box that plans may speak of: 256 steps of 2.5 mm along each axis, and exactly what the overhead camera sees.
WORKSPACE_LOW: tuple[float, float, float] = (0.17, -0.32, 0.0)
WORKSPACE_HIGH: tuple[float, float, float] = (0.81, 0.32, 0.64)
POINTING_DOWN: tuple[float, float] = (0.0, 180.0)  # roll and pitch of a hand that looks at the table

# What the gripper can do: fingers open to 80 mm.
APERTURE = 0.080


class Keyframe(Value):
    """Where the fingertips are to be at the end of the step, and in what manner they get there."""

    position: tuple[float, float, float] = Field(description="metres, base frame")
    rotation: tuple[float, float, float] = Field(description="roll, pitch, yaw in degrees")
    speed: Speed
    force: Force
    gripper: Gripper

    @property
    def yaw(self) -> float:
        """Direction of the finger axis, degrees from the y axis, in [0, 180)."""
        return self.rotation[2] % 180.0

    def inside_workspace(self) -> bool:
        """Whether the position lies in the box that plans may speak of."""
        return all(low <= p <= high for low, p, high in zip(WORKSPACE_LOW, self.position, WORKSPACE_HIGH, strict=True))
