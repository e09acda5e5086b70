"""Keyframes as 256 bins for each dimension, as RT-1 has them: `token = int((clip(a) - low) / (high - low) * 255)`.

Brohan et al., arXiv 2212.06817, and its action tokenizer. A bin is read as its middle, so a number comes back within half a bin.
"""

import numpy as np

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW, Keyframe
from siren.core.plan import Plan
from siren.policy.codecs.codec import Resolution
from siren.policy.codecs.integers import LAST, Row, read_rows, write_rows

ORDER = ("x", "y", "z", "roll", "pitch", "yaw", "gripper", "speed", "force", "terminate")
_METRIC = ORDER[:6]
_LOW = np.array([*WORKSPACE_LOW, -180.0, 0.0, 0.0])
_HIGH = np.array([*WORKSPACE_HIGH, 180.0, 360.0, 180.0])  # half a turn of the hand is the same hand
_ROUNDING = 1e-9  # so that what was read is written as it was


class Rt1Codec:
    """What does not fit into the ranges is clipped to them."""

    name = "rt1"
    resolution = Resolution(float((_HIGH - _LOW)[:3].max()) / LAST / 2 + 1e-6, 360.0 / LAST / 2 + 1e-6)

    def write(self, plan: Plan) -> str:
        return write_rows(plan, ORDER, _row)

    def read(self, text: str) -> Plan:
        return read_rows(text, ORDER, _numbers)

    def ended(self, bins: np.ndarray) -> Plan:
        """Bins (steps, 10) as a plan that ends with the last step, whatever the bins say of that."""
        ends = np.arange(len(bins)) == len(bins) - 1
        rows = np.where(np.array(ORDER) == "terminate", ends[:, None], bins)
        return self.read(" ".join(map(str, rows.flatten().tolist())))

    def tokens(self, plan: Plan) -> int:
        return len(ORDER) * len(plan.steps)


def _row(frame: Keyframe) -> Row:
    roll, pitch, _ = frame.rotation
    values = np.array([*frame.position, (roll + 180.0) % 360.0 - 180.0, pitch % 360.0, frame.yaw])
    shares = (np.clip(values, _LOW, _HIGH) - _LOW) / (_HIGH - _LOW)
    row = dict(zip(_METRIC, (shares * LAST + _ROUNDING).astype(int).tolist(), strict=True))
    return row | {"yaw": row["yaw"] % LAST}  # 180 degrees are 0


def _numbers(row: Row) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    middles = np.minimum([row[name] + 0.5 for name in _METRIC], LAST) / LAST
    x, y, z, roll, pitch, yaw = (round(float(value), 6) for value in _LOW + middles * (_HIGH - _LOW))
    return (x, y, z), (roll, pitch, yaw)
