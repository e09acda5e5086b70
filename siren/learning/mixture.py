"""Two pools as one stream of batches, mixed in exact proportions that may change on the way, and resumable anywhere.

    mixture = Mixture(robot, web, size=24)
    for step in range(steps):
        batch = mixture.batch(share_at(CURRICULUM, step / steps))
    state = mixture.state                      # later: Mixture(robot, web, 24).resume(state) goes on with the very same rows

Each pool gives every row once before any comes twice (learning/pools.py), however the shares change.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np

from siren.learning.samples import Row

ROBOT_TEXTS, WEB_TEXTS = 4, 4
CURRICULUM = (0.9, 0.5, 0.1)  # share of web rows, by thirds of the training


class Draws(Protocol):
    """Where rows come from: a `Pool`, or a stand-in."""

    position: int

    def draw(self, count: int, texts: int) -> list[Row]:
        """The next `count` rows with that many texts each."""
        ...


class MixtureState(NamedTuple):
    """Where a mixture stands: rows drawn from each pool, and the fraction of a web row still owed."""

    robot: int
    web: int
    owed: float


class Batch(NamedTuple):
    """Rows of one step, by where they come from."""

    robot: list[Row]
    web: list[Row]

    @property
    def rows(self) -> list[Row]:
        """All of them, robot rows first."""
        return self.robot + self.web


class Mixture:
    """Batches of `size` rows; over any stretch the number of web rows differs from its share by less than one."""

    def __init__(self, robot: Draws, web: Draws, size: int) -> None:
        self._robot, self._web, self._size = robot, web, size
        self._owed = 0.5  # rounds to the nearest row from the first batch on

    @property
    def state(self) -> MixtureState:
        """Enough to go on from here."""
        return MixtureState(self._robot.position, self._web.position, self._owed)

    def resume(self, state: MixtureState) -> "Mixture":
        """Itself, standing where that state was taken."""
        self._robot.position, self._web.position, self._owed = state
        return self

    def batch(self, web_share: float) -> Batch:
        """The next rows. Raises ValueError for a share outside of 0 to 1."""
        if not 0 <= web_share <= 1:
            raise ValueError(f"expected a share of web rows between 0 and 1, got {web_share}; 0.9 is nine of ten")
        self._owed += web_share * self._size
        web = min(self._size, int(self._owed + 1e-9))
        self._owed -= web
        return Batch(self._robot.draw(self._size - web, ROBOT_TEXTS), self._web.draw(web, WEB_TEXTS))


def share_at(schedule: Sequence[float], progress: float) -> float:
    """The share that holds at that progress (0 to 1) of a schedule of equally long phases; of one phase it is a fixed ratio."""
    bounds = np.linspace(0, 1, len(schedule) + 1)
    return next((share for share, (low, high) in zip(schedule, pairwise(bounds), strict=True) if low <= progress < high), schedule[-1])
