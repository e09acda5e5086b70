"""A picture and a thing's sides as which of them lies which way, for an eye that was taught to see sides but not which one is longer.

    lies_across(image, place, (0.09, 0.07), yaw)      # True: its longer side lies a quarter turn from yaw

Where the longer side lies, the thing reaches beyond the square of its shorter one. So two strips are compared that only one of both turns
would fill: the one whose colours are farther from those around the thing is the thing.
"""

import math

import numpy as np

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW

SAMPLES = 7  # points of a strip along each of its sides
AROUND = (0.010, 0.018)  # metres beside the thing where the table is looked at


def lies_across(image: np.ndarray, place: tuple[float, float], sides: tuple[float, float], yaw: float) -> bool:
    """Whether the longer of two sides (metres) lies a quarter turn from `yaw` (degrees). image: uint8, (height, width, 3), from above."""
    longer, shorter = max(sides) / 2, min(sides) / 2
    table = np.median(_colours(image, place, yaw, _ring(longer)), axis=0)
    along = _strip(shorter, longer)
    filled = [np.linalg.norm(_colours(image, place, yaw, strip) - table, axis=1).mean() for strip in (along, along[:, ::-1])]
    return bool(filled[1] > filled[0])


def _strip(shorter: float, longer: float) -> np.ndarray:
    """Points beyond both ends of the square of the shorter side, in the thing's own axes: float (N, 2), metres."""
    out, side = np.meshgrid(np.linspace(shorter, longer, SAMPLES + 2)[1:-1], np.linspace(-0.8 * shorter, 0.8 * shorter, SAMPLES))
    half = np.stack([out.ravel(), side.ravel()], axis=1)
    return np.concatenate([half, -half])


def _ring(longer: float) -> np.ndarray:
    """Points around the circle that the thing lies in: float (N, 2), metres."""
    turns = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    rim = np.stack([np.cos(turns), np.sin(turns)], axis=1)
    return np.concatenate([(math.sqrt(2) * longer + beside) * rim for beside in AROUND])


def _colours(image: np.ndarray, place: tuple[float, float], yaw: float, points: np.ndarray) -> np.ndarray:
    """What the picture shows at points around a place: float (N, 3). Up is +x, left is +y."""
    turn = math.radians(yaw)
    x = place[0] + points[:, 0] * math.cos(turn) - points[:, 1] * math.sin(turn)
    y = place[1] + points[:, 0] * math.sin(turn) + points[:, 1] * math.cos(turn)
    height, width = image.shape[:2]
    rows = (WORKSPACE_HIGH[0] - x) / (WORKSPACE_HIGH[0] - WORKSPACE_LOW[0]) * height
    columns = (WORKSPACE_HIGH[1] - y) / (WORKSPACE_HIGH[1] - WORKSPACE_LOW[1]) * width
    shown = image[np.clip(rows.astype(int), 0, height - 1), np.clip(columns.astype(int), 0, width - 1)]
    return np.asarray(shown, dtype=float)
