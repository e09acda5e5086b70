"""A thing and its neighbours as room for fingers: whether something stands where a finger, or the hand above it, has to come down."""

import numpy as np

from siren.core.geometry import finger_axis, grasp_height
from siren.core.scene import Scene, SceneObject

# Fingers stand 40 mm from the middle on each side; the hand above them is 200 mm wide and 60 mm thick. Metres.
_FINGER_ALONG = (0.036, 0.045, 0.055, 0.064)
_FINGER_ACROSS = (-0.016, 0.0, 0.016)
_HAND_ALONG = (0.075, 0.085, 0.095, 0.105)
_HAND_ACROSS = (-0.035, -0.018, 0.0, 0.018, 0.035)
_HAND_ABOVE_TIPS = 0.038
_FINGERS_BELOW = 0.010  # fingers end that far below the point between their tips
SAFE = 0.004  # metres that the careful keep between fingers and neighbours
SURE = -0.002  # metres of overlap from which fingers do hit a neighbour; between the two they may


def fingers_blocked(scene: Scene, thing: SceneObject, yaw: float, slack: float = SAFE) -> bool:
    """Whether a neighbour stands where a finger, or the hand above it, has to come down beside the thing.

    slack: free space in metres that is asked for; below zero, an overlap that is forgiven.
    """
    return any(_in_the_way(other, thing, yaw, slack) for other in scene.objects if _beside(other, thing))


def _beside(other: SceneObject, thing: SceneObject) -> bool:
    return other.name != thing.name and thing.name != other.support and thing.support != other.name


def _in_the_way(other: SceneObject, thing: SceneObject, yaw: float, slack: float) -> bool:
    tips = grasp_height(thing)
    if other.top < tips - _FINGERS_BELOW - slack:
        return False
    points = _footprint(yaw, other.top > tips + _HAND_ABOVE_TIPS - 2 * (slack - SAFE)) + np.subtract(thing.position[:2], other.position[:2])
    angle = np.radians(other.yaw)
    rotated = points @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    half = np.array(other.size[:2]) / 2 + slack
    if other.outline == "round":
        return bool((np.sum((rotated / half) ** 2, axis=1) < 1).any())
    return bool((np.abs(rotated) < half).all(axis=1).any())


def _footprint(yaw: float, with_hand: bool) -> np.ndarray:
    """Where fingers (and hand) reach down, as points (n, 2) about the middle of the grasp."""
    along = finger_axis(yaw)
    across = np.array([along[1], -along[0]])
    spots = [(a, b) for a in _FINGER_ALONG for b in _FINGER_ACROSS]
    if with_hand:
        spots += [(a, b) for a in _FINGER_ALONG + _HAND_ALONG for b in _HAND_ACROSS]
    return np.array([side * a * along + b * across for side in (-1, 1) for a, b in spots])
