"""A pose in the world as the pose that one who stands elsewhere sees, and back. numpy only; metres and quaternions (x, y, z, w)."""

from typing import NamedTuple

import numpy as np

from siren.world.shape import matrix


class Frame(NamedTuple):
    """Where one stands: origin (3,) and orientation (4,) in the world."""

    position: np.ndarray
    orientation: np.ndarray

    def inward(self, position: np.ndarray, orientation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A pose of the world as seen from here."""
        turned = matrix(self.orientation).T @ (position - self.position)
        return turned, product(self.orientation * np.array([-1.0, -1.0, -1.0, 1.0]), orientation)

    def outward(self, position: np.ndarray, orientation: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A pose seen from here as a pose of the world."""
        return self.position + matrix(self.orientation) @ position, product(self.orientation, orientation)


def product(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The quaternion of the turn `second` followed by the turn `first`. (4,)."""
    (a, b, c, d), (e, f, g, h) = first, second
    return np.array(
        [d * e + a * h + b * g - c * f, d * f - a * g + b * h + c * e, d * g + a * f - b * e + c * h, d * h - a * e - b * f - c * g]
    )
