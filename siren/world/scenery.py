"""Boxed things as things that stand on or in each other: who carries whom, from where the boxes are."""

import math
from collections.abc import Sequence

from siren.core.plan import TABLE
from siren.core.scene import SceneObject
from siren.world.catalogue import kind_of

_CONTACT = 0.008  # metres between the underside of a thing and the top of what carries it
_RIM = 0.005  # metres that the underside of a thing in a container lies below the rim


def with_supports(things: Sequence[SceneObject]) -> tuple[SceneObject, ...]:
    """The same things, each with the name of what carries it and whether it lies inside."""
    return tuple(_with_support(thing, things) for thing in things)


def _with_support(thing: SceneObject, things: Sequence[SceneObject]) -> SceneObject:
    if kind_of(thing.kind).role in ("mat", "container"):
        return thing
    others = [other for other in things if other.name != thing.name and _over(thing, other)]
    inside = next((other for other in others if kind_of(other.kind).role == "container" and thing.bottom < other.top - _RIM), None)
    below = [other for other in others if _solid(other) and abs(thing.bottom - other.top) < _CONTACT]
    support = inside or max(below, key=lambda other: other.top, default=None)
    return thing.model_copy(update={"support": support.name if support else TABLE, "inside": inside is not None})


def _solid(thing: SceneObject) -> bool:
    return kind_of(thing.kind).role != "mat"


def _over(thing: SceneObject, other: SceneObject) -> bool:
    """Whether the centre of the thing lies within the outline of the other, seen from above."""
    x, y = thing.position[0] - other.position[0], thing.position[1] - other.position[1]
    cos, sin = math.cos(math.radians(other.yaw)), math.sin(math.radians(other.yaw))
    return abs(x * cos + y * sin) < other.size[0] / 2 and abs(y * cos - x * sin) < other.size[1] / 2
