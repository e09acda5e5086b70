"""A brief as things on a table: the target, what makes it difficult, where it goes, and things that only stand about."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from siren.core.action import APERTURE
from siren.core.task import Placement
from siren.world.brief import VARIED, Brief
from siren.world.catalogue import kind_of, things
from siren.world.kinds import Kind
from siren.world.layout import SIDE, Layout, Place
from siren.world.shoving import BEHIND, FINGERS_THICK
from siren.world.suitable import MATS, tops

_NEIGHBOURS = ("cola_can", "juice_box", "die", "candle", "red_cube", "toy_block")
_GOAL_RADIUS = {"container": 0.105, "mat": 0.085, "thing": 0.085}  # with the hand around it, metres
_GOAL_AWAY = 0.20
_NEAR_ROOM = 0.10  # metres kept free around what something is put next to
_LANE = 0.10  # half the width that a hand needs where it shoves, metres
_PUSHED = (0.13, 0.20)  # how far
_FALLS = 0.06  # metres beyond the far end of a thing on its side that stay free, for it may roll
_REACH, _SHOULDER = (0.42, 0.78), (-0.08, 0.0)  # from the robot that stands farthest back, for a hand that shoves, metres
_FEWEST, _FEWEST_CROWDED = 4, 6
_TRIES = 6
_SPREAD = ((0.37, 0.63), (-0.23, 0.23))  # where targets stand
_CORNERS = ((0.135, 0.15), (0.19, 0.235))  # and in the split `layout`: that far from the middle of the table, both ways
_MIDDLE = (0.50, 0.0)

_Goal = Callable[["_Table"], bool]


def lay_table(brief: Brief, rng: np.random.Generator) -> tuple[Placement, ...] | None:
    """One try at a table for the brief; None when something found no room."""
    table = _Table(brief, rng)
    return table.layout.placements() if table.is_laid() else None


def in_corner(place: Place) -> bool:
    """Whether a place lies in a corner of the table, where no target of another split stands."""
    return all(abs(value - middle) >= far[0] for value, middle, far in zip(place, _MIDDLE, _CORNERS, strict=True))


class _Table:
    """A table that is being laid for one brief."""

    def __init__(self, brief: Brief, rng: np.random.Generator) -> None:
        self.brief, self.rng, self.layout = brief, rng, Layout(rng)
        self.kind = kind_of(brief.target).variant(brief.variant)
        self.spot, self.yaw = self._spot(), self.layout.any_yaw()

    def is_laid(self) -> bool:
        """Put everything down; False as soon as something finds no room."""
        brief, layout = self.brief, self.layout
        if brief.family == "open":
            return self._lay_box(self.spot) and self._fill()
        layout.put(self.kind, self.spot, self.yaw, marks=layout.marks(self.kind, brief.wet), variant=brief.variant)
        layout.keep_clear(self.spot, self.kind.radius + 0.04)
        goal = _GOALS.get(brief.family, _Table._lay_goal)
        return (
            (not brief.covered or self._cover())
            and goal(self)
            and (brief.second is None or self._lay_second())
            and (brief.neighbour is None or self._beside())
            and self._fill()
        )

    def _spot(self) -> Place:
        """Where the target stands."""
        if self.brief.corner:
            aside = [float(self.rng.choice((-1, 1)) * self.rng.uniform(*far)) for far in _CORNERS]
            return _MIDDLE[0] + aside[0], _MIDDLE[1] + aside[1]
        while True:
            place = (float(self.rng.uniform(*_SPREAD[0])), float(self.rng.uniform(*_SPREAD[1])))
            if not in_corner(place):
                return place

    def _cover(self) -> bool:
        """Put something smaller on top of the target."""
        pool = [top for top in tops(self.kind) if top.name != self.brief.place or self.brief.family == "clear"]
        if self.brief.family == "clear":
            pool = [top for top in pool if top.name == self.brief.place]
        if pool:
            self.layout.put(pool[int(self.rng.integers(len(pool)))], self.spot, self.yaw, height=self.kind.size[2])
        return bool(pool)

    def _nothing(self) -> bool:
        return True

    def _lay_goal(self) -> bool:
        """Put down where the target is to go, with room for a hand around it."""
        kind = kind_of(self.brief.place or "")
        radius = _GOAL_RADIUS[kind.role]
        place = self.layout.find(radius, 0.01, away=(self.spot, _GOAL_AWAY))
        return place is not None and self._put_goal(kind, place, radius)

    def _lay_near(self) -> bool:
        """Put down what the target is to stand next to, with room for target and hand on some side of it."""
        kind = kind_of(self.brief.place or "")
        place = self.layout.find(kind.radius + _NEAR_ROOM, 0.0, away=(self.spot, kind.radius + self.kind.radius + 0.12))
        return place is not None and self._put_goal(kind, place, kind.radius + _NEAR_ROOM)

    def _lay_pushed(self) -> bool:
        """Put down where the target is pushed to, along one of its axes, and keep the way of the hand free."""
        kind, far = kind_of(self.brief.place or ""), float(self.rng.uniform(*_PUSHED))
        for angle in (self._along() for _ in range(_TRIES)):
            place = (self.spot[0] + far * math.cos(angle), self.spot[1] + far * math.sin(angle))
            if self.layout.is_on_table(place, kind.radius) and self._keep_lane(angle, far):
                return self._put_goal(kind, place, _LANE)
        return False

    def _lay_falling(self) -> bool:
        """Keep the way of the hand free, and where the target will lie."""
        angles = (self._along() for _ in range(_TRIES))
        return any(math.cos(angle) > 0.05 and self._keep_lane(angle, self.kind.size[2] + _FALLS) for angle in angles)

    def _along(self) -> float:
        """A direction along an axis of the target, or any for a round one. Radians."""
        if self.kind.outline == "round":
            return float(self.rng.uniform(-math.pi, math.pi))
        return math.radians(self.yaw + 90 * int(self.rng.integers(4)))

    def _keep_lane(self, angle: float, far: float) -> bool:
        """Keep a lane free from behind the target to that far before it; False when it leaves the table."""
        back = -(self.kind.radius + BEHIND + FINGERS_THICK)
        steps = [(self.spot[0] + way * math.cos(angle), self.spot[1] + way * math.sin(angle)) for way in (back, *np.linspace(0, far, 4))]
        if not all(_REACH[0] <= math.dist(place, _SHOULDER) <= _REACH[1] and abs(place[1]) <= SIDE for place in (steps[0], steps[-1])):
            return False
        for place in steps:
            self.layout.keep_clear(place, _LANE)
        return True

    def _put_goal(self, kind: Kind, place: Place, radius: float) -> bool:
        if kind.role == "container":
            return self._lay_box(place)
        self.layout.put(kind, place, self.layout.any_yaw() if kind.role == "thing" else 0.0)
        self.layout.keep_clear(place, radius)
        return True

    def _lay_box(self, place: Place) -> bool:
        box, lid = kind_of("box"), kind_of("lid")
        self.layout.put(box, place, 0.0)
        self.layout.keep_clear(place, _GOAL_RADIUS["container"])
        if self.brief.lid:
            self.layout.put(lid, place, 0.0, height=box.size[2] + 0.001)
        return True

    def _lay_second(self) -> bool:
        """The other thing that is put away, and its mat."""
        brief, layout = self.brief, self.layout
        kind, goal = kind_of(brief.second or ""), kind_of(brief.second_place or brief.place or "")
        place = layout.find(kind.radius + 0.04, 0.0)
        if place is None:
            return False
        layout.put(kind, place, layout.any_yaw(), marks=layout.marks(kind, brief.wet))
        layout.keep_clear(place, kind.radius + 0.04)
        if goal.name in layout.names():
            return True
        where = layout.find(_GOAL_RADIUS[goal.role], 0.01, away=(place, _GOAL_AWAY / 2))
        return where is not None and self._put_goal(goal, where, _GOAL_RADIUS[goal.role])

    def _beside(self) -> bool:
        """Put a neighbour beside the target along one of its axes; along the longer one when it is long, where fingers need not go."""
        layout, kind = self.layout, self.kind
        pool = [name for name in _NEIGHBOURS if name not in layout.names()]
        other = kind_of(pool[int(self.rng.integers(len(pool)))])
        axis = int(np.argmax(kind.size[:2])) if max(kind.size[:2]) > APERTURE else int(self.rng.integers(2))
        angle = math.radians(self.yaw + 90 * axis)
        turn = math.degrees(angle) + (90 if other.size[0] > other.size[1] else 0)
        reach = kind.size[axis] / 2 + (self.brief.neighbour or 0.0) + min(other.size[:2]) / 2
        side = 1 if self.rng.random() < 0.5 else -1
        place = (self.spot[0] + side * reach * math.cos(angle), self.spot[1] + side * reach * math.sin(angle))
        if not layout.is_on_table(place, other.radius) or not self._is_clear_of_goal(place, other):
            return False
        layout.put(other, place, (turn + 90) % 180 - 90, marks=layout.marks(other, 0.15))
        layout.keep_clear(place, other.radius + 0.01)
        return True

    def _is_clear_of_goal(self, place: Place, other: Kind) -> bool:
        goal = next((item for item in self.layout.placements() if item.kind == self.brief.place), None)
        cleared = goal is None or self.brief.family == "clear"
        return cleared or goal is None or math.dist(place, goal.position[:2]) > other.radius + _GOAL_RADIUS["container"] + 0.02

    def _fill(self) -> bool:
        """Things that have nothing to do with the goal, until there are enough."""
        layout, brief = self.layout, self.brief
        for name in MATS:
            if brief.family not in ("place_in", "push", "tip") and name not in layout.names() and self.rng.random() < 0.2:
                layout.scatter(kind_of(name), 0.03, 0.0)
        pool = things(held_out=False)
        for index in self.rng.permutation(len(pool)):
            if layout.solid_count() >= brief.count:
                break
            if pool[index].name not in layout.names():
                layout.scatter(pool[index], 0.04, 0.2, VARIED)
        return layout.solid_count() >= (_FEWEST_CROWDED if brief.corner else _FEWEST)


_GOALS: Mapping[str, _Goal] = MappingProxyType(
    {
        "pick": _Table._nothing,
        "clear": _Table._nothing,
        "near": _Table._lay_near,
        "push": _Table._lay_pushed,
        "tip": _Table._lay_falling,
    }
)
