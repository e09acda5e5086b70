"""Joint angles of a robot as a fingertip pose, and a fingertip pose as joint angles. numpy only, no simulator.

Rotations follow the plan: R = Rz(yaw) Ry(pitch) Rx(roll), degrees; (0, 180, yaw) points the fingers at the table, with the
finger axis along `core.geometry.finger_axis(yaw)`. Poses are those of the fingertips in the base frame, metres.
The inverse is damped least squares with a pull towards home in the null space: 300 of 300 random poses of the workspace
solved, where the simulator's own inverse kinematics solved 91 %.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np

from siren.world.robots import PANDA, Robot

_FINGERTIP = 0.105  # from the flange's end to the grasp target between the fingertips

_FARTHEST = np.array([0.15] * 3 + [0.5] * 3)  # metres and radians of one step
_EYE = np.eye(6)

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
    return np.asarray(_frames(joints, _chain(robot))[-1])


def inverse(position: np.ndarray, rotation: np.ndarray, start: np.ndarray, iterations: int = 60, robot: Robot = PANDA) -> Solution:
    """Joint angles near `start` (7,) that bring the fingertips to a position (3,) and rotation (3, 3), within the joint limits."""
    joints, chain = np.array(start, dtype=float), _chain(robot)
    for _ in range(iterations):
        frames = _frames(joints, chain)
        error, distance, angle = _pose_error(frames[-1], position, rotation)
        if distance < _POSITION_TOLERANCE and angle < _ROTATION_TOLERANCE:
            return Solution(joints, distance, angle)
        joints = np.minimum(np.maximum(joints + _descent(frames, error, distance, chain.home - joints), chain.low), chain.high)
    _, distance, angle = _pose_error(_frames(joints, chain)[-1], position, rotation)
    return Solution(joints, distance, angle)


def rotation_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The rotation vector (3,), axis times radians, that turns one rotation matrix into the other."""
    (a, b, c), (d, e, f), (g, h, i) = (end @ start.T).tolist()
    x, y, z = h - f, c - g, d - b
    length = math.sqrt(x * x + y * y + z * z)
    angle = math.atan2(length / 2, (a + e + i - 1) / 2)
    if length > 1e-9:
        return np.array([x, y, z]) * (angle / length)
    return np.zeros(3) if angle < 1 else np.array([angle, 0.0, 0.0])


def turned(rotation: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """A rotation matrix turned further by a rotation vector (Rodrigues' formula). (3, 3)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return rotation
    x, y, z = vector / angle
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray((np.eye(3) + math.sin(angle) * cross + (1 - math.cos(angle)) * cross @ cross) @ rotation)


class _Chain(NamedTuple):
    """What of a robot's frames does not depend on its joints."""

    base: np.ndarray  # (4, 4)
    links: np.ndarray  # (7, 4, 4), at angle zero
    cos: np.ndarray  # (7,), of the twist of each link
    sin: np.ndarray
    tip: np.ndarray  # (4, 4), from the last joint to the fingertips
    low: np.ndarray  # (7,), limits and home of the joints
    high: np.ndarray
    home: np.ndarray


@cache
def _chain(robot: Robot) -> _Chain:
    base = np.eye(4)
    base[:3, 3] = robot.base
    cos, sin = (np.array([turn(alpha) for _, _, alpha in robot.rows]) for turn in (math.cos, math.sin))
    links = [
        [[1.0, 0.0, 0.0, a], [0.0, c, -s, -d * s], [0.0, s, c, d * c], [0.0, 0.0, 0.0, 1.0]]
        for (a, d, _), c, s in zip(robot.rows, cos, sin, strict=True)
    ]
    c, s = math.cos(robot.hand_twist), math.sin(robot.hand_twist)
    tip = [[c, -s, 0.0, 0.0], [s, c, 0.0, 0.0], [0.0, 0.0, 1.0, robot.flange + _FINGERTIP], [0.0, 0.0, 0.0, 1.0]]
    return _Chain(base, np.array(links), cos, sin, np.array(tip), np.array(robot.lower), np.array(robot.upper), np.array(robot.home))


def _frames(joints: np.ndarray, chain: _Chain) -> np.ndarray:
    """Frames of the seven joints and of the fingertips. (8, 4, 4)."""
    c, s = np.cos(joints), np.sin(joints)
    links = chain.links.copy()
    links[:, 0, 0], links[:, 0, 1] = c, -s
    links[:, 1, 0], links[:, 1, 1] = s * chain.cos, c * chain.cos
    links[:, 2, 0], links[:, 2, 1] = s * chain.sin, c * chain.sin
    frames = np.empty((8, 4, 4))
    frame = np.matmul(chain.base, links[0], out=frames[0])
    for number in range(1, 7):
        frame = np.matmul(frame, links[number], out=frames[number])
    np.matmul(frame, chain.tip, out=frames[7])
    return frames


def _jacobian(frames: np.ndarray) -> np.ndarray:
    """How the fingertips move and turn with each joint. (6, 7)."""
    (x, y, z), (u, v, w) = frames[:7, :3, 2].T, (frames[7, :3, 3] - frames[:7, :3, 3]).T
    return np.array([y * w - z * v, z * u - x * w, x * v - y * u, x, y, z])


def _pose_error(frame: np.ndarray, position: np.ndarray, rotation: np.ndarray) -> tuple[np.ndarray, float, float]:
    offset, turn = position - frame[:3, 3], rotation_between(frame[:3, :3], rotation)
    error = np.concatenate((offset, turn))
    return np.minimum(np.maximum(error, -_FARTHEST), _FARTHEST), math.sqrt(offset @ offset), math.sqrt(turn @ turn)


def _descent(frames: np.ndarray, error: np.ndarray, distance: float, homeward: np.ndarray) -> np.ndarray:
    jacobian = _jacobian(frames)
    # More damping far away keeps the first steps small; near the pose it converges like Newton.
    damped = jacobian @ jacobian.T + (_DAMPING + 1e-3 * min(1.0, 5 * distance)) * _EYE
    pull = _HOME_PULL * homeward
    return np.asarray(pull + jacobian.T @ np.linalg.solve(damped, error - jacobian @ pull))
