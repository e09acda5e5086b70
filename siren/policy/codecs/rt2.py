"""Keyframes as integers in text, in the order of RT-2: `1 99 108 31 128 0 16 0 0 255`.

Brohan et al., arXiv 2307.15818, section 3.2: terminate, position, rotation, gripper; speed and force stand behind, because the laws of
this world cannot be kept without them. Positions are in 256 equal parts of the workspace, angles in 256 parts of a circle.
"""

import math

from siren.core.action import WORKSPACE_LOW, Keyframe
from siren.core.plan import Plan
from siren.policy.action_text import PLACE_STEP, place_words
from siren.policy.codecs.codec import Resolution
from siren.policy.codecs.integers import BINS, Row, read_rows, write_rows

ORDER = ("terminate", "x", "y", "z", "roll", "pitch", "yaw", "gripper", "speed", "force")
_CIRCLE = 360.0 / BINS


class Rt2Codec:
    """Absolute keyframes where RT-2 has changes of pose: SIREN's robots are told where to be, not how far to go."""

    name = "rt2"
    resolution = Resolution(PLACE_STEP / 2 + 1e-9, _CIRCLE / 2 + 1e-9)

    def write(self, plan: Plan) -> str:
        return write_rows(plan, ORDER, _row)

    def read(self, text: str) -> Plan:
        return read_rows(text, ORDER, _numbers)

    def tokens(self, plan: Plan) -> int:
        return len(ORDER) * len(plan.steps)


def _row(frame: Keyframe) -> Row:
    places = dict(zip("xyz", place_words(frame.position), strict=True))
    # Level with the middle: 0 degrees is 128 and 180 is 0, so a hand that points down comes back exactly.
    angles = {name: round((angle + 180.0) / _CIRCLE) % BINS for name, angle in zip(("roll", "pitch", "yaw"), frame.rotation, strict=True)}
    return places | angles


def _numbers(row: Row) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    x, y, z = (round(low + (row[axis] + 0.5) * PLACE_STEP, 5) for low, axis in zip(WORKSPACE_LOW, "xyz", strict=True))
    roll, pitch, yaw = (math.fmod(row[name] * _CIRCLE - 180.0, 360.0) for name in ("roll", "pitch", "yaw"))
    return (x, y, z), (_upright(roll), _upright(pitch), yaw)


def _upright(angle: float) -> float:
    """-180 and 180 degrees are one direction; hands are spoken of with 180."""
    return 180.0 if angle == -180.0 else angle
