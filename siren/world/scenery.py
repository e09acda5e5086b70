"""Boxed things as things that stand on or in each other: who carries whom, from where the boxes are."""

import math
from collections.abc import Sequence

import numpy as np

from siren.core.geometry import board
from siren.core.plan import TABLE
from siren.core.scene import SceneObject
from siren.world.catalogue import kind_of

_CONTACT = 0.008  # metres between the underside of a thing and the top of what carries it
_RIM = 0.005  # metres that the underside of a thing in a container lies below the rim
_ENDS = 0.45  # of its length and width, where a thing that bridges others still rests on them


def with_supports(things: Sequence[SceneObject]) -> tuple[SceneObject, ...]:
    """The same things, each with the name of what carries it and whether it lies inside. A cover is carried by what it hides."""
    return tuple(_with_support(thing, things) for thing in things)


def _with_support(thing: SceneObject, things: Sequence[SceneObject]) -> SceneObject:
    role = kind_of(thing.kind).role
    if role in ("mat", "container"):
        return thing
    others = [other for other in things if other.name != thing.name and kind_of(other.kind).role != "mat"]
    around = [other for other in others if _over(thing.position, other)]
    inside = next((other for other in around if kind_of(other.kind).role == "container" and thing.bottom < other.top - _RIM), None)
    hidden = [other for other in others if role == "cover" and _over(other.position, thing) and other.top < board(thing)]
    below = [other for other in around if _meet(thing, other)] or [
        other for other in others if _meet(thing, other) and _ends_on(thing, other)
    ]
    support = inside or max(below or hidden, key=lambda other: other.top, default=None)
    return thing.model_copy(update={"support": support.name if support else TABLE, "inside": inside is not None})


def _meet(thing: SceneObject, other: SceneObject) -> bool:
    return abs(thing.bottom - board(other)) < _CONTACT


def _ends_on(thing: SceneObject, other: SceneObject) -> bool:
    """Whether one of its ends lies over the other."""
    angle = np.radians(thing.yaw)
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) * np.reshape(thing.size[:2], (2, 1)) * _ENDS
    return any(_over((*(thing.position[:2] + sign * axis), 0.0), other) for axis in axes for sign in (-1, 1))


def _over(place: tuple[float, float, float], other: SceneObject) -> bool:
    """Whether a place lies within the outline of the other, seen from above."""
    x, y = place[0] - other.position[0], place[1] - other.position[1]
    cos, sin = math.cos(math.radians(other.yaw)), math.sin(math.radians(other.yaw))
    return abs(x * cos + y * sin) < other.size[0] / 2 and abs(y * cos - x * sin) < other.size[1] / 2
