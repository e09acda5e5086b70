"""Two pools as one stream of batches, mixed in exact proportions that may change on the way."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from siren.learning.pools import Pool
from siren.learning.samples import Row

ROBOT_TEXTS, WEB_TEXTS = 4, 4


class Mixture:
    """Batches of `size` rows; over any stretch the number of web rows differs from its share by less than one."""

    def __init__(self, robot: Pool, web: Pool, size: int) -> None:
        self._robot, self._web, self._size = robot, web, size
        self._owed = 0.5  # rounds to the nearest row from the first batch on

    def batch(self, web_share: float) -> list[Row]:
        """The next rows, robot rows first."""
        if not 0 <= web_share <= 1:
            raise ValueError(f"expected a share of web rows between 0 and 1, got {web_share}")
        self._owed += web_share * self._size
        web = min(self._size, int(self._owed + 1e-9))
        self._owed -= web
        return self._robot.draw(self._size - web, ROBOT_TEXTS) + self._web.draw(web, WEB_TEXTS)


def share_at(schedule: Sequence[float], progress: float) -> float:
    """The share that holds at that progress (0 to 1) of a schedule of equally long phases."""
    bounds = np.linspace(0, 1, len(schedule) + 1)
    return next((share for share, (low, high) in zip(schedule, pairwise(bounds), strict=True) if low <= progress < high), schedule[-1])
