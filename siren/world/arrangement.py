"""A brief as things on a table: the target, what makes it difficult, where it goes, and things that only stand about."""

import math

import numpy as np

from siren.core.action import APERTURE
from siren.core.task import Placement
from siren.world.brief import MATS, Brief
from siren.world.catalogue import kind_of, things
from siren.world.kinds import Kind
from siren.world.layout import Layout, Place

_NEIGHBOURS = ("cola_can", "juice_box", "die", "candle", "red_cube", "toy_block")
_TOPS = ("die", "matchbox", "candle", "red_cube", "toy_block", "yoghurt")
_COVER = 0.62  # share of its top that a thing on top may hide, so that it can still be seen
_GOAL_RADIUS = {"container": 0.105, "mat": 0.085, "thing": 0.085}  # with the hand around it, metres
_GOAL_AWAY = 0.20
_FEWEST = 4


def lay_table(brief: Brief, rng: np.random.Generator) -> tuple[Placement, ...] | None:
    """One try at a table for the brief; None when something found no room."""
    layout, kind = Layout(rng), kind_of(brief.target)
    spot, yaw = (float(rng.uniform(0.37, 0.63)), float(rng.uniform(-0.23, 0.23))), layout.any_yaw()
    layout.put(kind, spot, yaw, marks=layout.marks(kind, brief.wet))
    layout.keep_clear(spot, kind.radius + 0.04)
    laid = (
        (not brief.covered or _cover(layout, brief, kind, spot, yaw, rng))
        and (brief.place is None or _lay_goal(layout, brief, spot, rng))
        and (brief.neighbour is None or _beside(layout, brief, kind, spot, yaw, rng))
        and _fill(layout, brief, rng)
    )
    return layout.placements() if laid else None


def _cover(layout: Layout, brief: Brief, kind: Kind, spot: Place, yaw: float, rng: np.random.Generator) -> bool:
    """Put something smaller on top of the target."""
    pool = [top for name in _TOPS if (top := kind_of(name)).name not in (kind.name, brief.place) and _leaves_seen(kind, top)]
    if not pool:
        return False
    layout.put(pool[int(rng.integers(len(pool)))], spot, yaw, height=kind.size[2])
    return True


def _leaves_seen(kind: Kind, top: Kind) -> bool:
    return _area(top) <= _COVER * _area(kind) and min(top.size[:2]) <= min(kind.size[:2])


def _area(kind: Kind) -> float:
    return kind.size[0] * kind.size[1] * (math.pi / 4 if kind.outline == "round" else 1.0)


def _beside(layout: Layout, brief: Brief, kind: Kind, spot: Place, yaw: float, rng: np.random.Generator) -> bool:
    """Put a neighbour beside the target along one of its axes; along the longer one when it is long, where fingers need not go."""
    pool = [name for name in _NEIGHBOURS if name not in layout.names()]
    other = kind_of(pool[int(rng.integers(len(pool)))])
    long = max(kind.size[:2]) > APERTURE
    axis = int(np.argmax(kind.size[:2])) if long else int(rng.integers(2))
    angle = math.radians(yaw + 90 * axis)
    turn = math.degrees(angle) + (90 if other.size[0] > other.size[1] else 0)
    reach = kind.size[axis] / 2 + (brief.neighbour or 0.0) + min(other.size[:2]) / 2
    side = 1 if rng.random() < 0.5 else -1
    place = (spot[0] + side * reach * math.cos(angle), spot[1] + side * reach * math.sin(angle))
    if not layout.is_on_table(place, other.radius) or not _clear_of_goal(layout, brief, place, other):
        return False
    layout.put(other, place, (turn + 90) % 180 - 90, marks=layout.marks(other, 0.15))
    layout.keep_clear(place, other.radius + 0.01)
    return True


def _clear_of_goal(layout: Layout, brief: Brief, place: Place, other: Kind) -> bool:
    goal = next((item for item in layout.placements() if item.kind == brief.place), None)
    return goal is None or math.dist(place, goal.position[:2]) > other.radius + _GOAL_RADIUS["container"] + 0.02


def _lay_goal(layout: Layout, brief: Brief, spot: Place, rng: np.random.Generator) -> bool:
    """Put down where the target is to go, with room for a hand around it."""
    kind = kind_of(brief.place or "")
    radius = _GOAL_RADIUS[kind.role]
    place = layout.find(radius, 0.01, away=(spot, _GOAL_AWAY))
    if place is None:
        return False
    yaw = layout.any_yaw() if kind.role == "thing" else 0.0
    layout.put(kind, place, yaw)
    layout.keep_clear(place, radius)
    if kind.role == "container" and brief.lid:
        lid = kind_of("lid")
        layout.put(lid, place, yaw, height=kind.size[2] + 0.001)
    return True


def _fill(layout: Layout, brief: Brief, rng: np.random.Generator) -> bool:
    """Things that have nothing to do with the goal, until there are enough."""
    for name in MATS:
        if brief.family != "place_in" and name not in layout.names() and rng.random() < 0.2:
            layout.scatter(kind_of(name), 0.03, 0.0)
    taken = things(held_out=False)
    for index in rng.permutation(len(taken)):
        if layout.solid_count() >= brief.count:
            break
        if taken[index].name not in layout.names():
            layout.scatter(taken[index], 0.04, 0.2)
    return layout.solid_count() >= _FEWEST
