"""A goal and two scenes, before and after, as yes or no: has every part of it come true?

Positions that physics has measured decide; what the plan said it did is not asked.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from siren.core.geometry import gap_mm
from siren.core.plan import TABLE
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Relation
from siren.world.catalogue import kind_of

NEAR_MM = 40  # free space to the target
_LIFTED = 0.04  # metres above where it stood
_ON_PLACE = 0.05  # metres from the centre of a mat
_STANDING = 0.02  # metres that underside and height of a thing that stands on the table may differ from what they were
_LYING = 0.8  # share of its height that a thing on its side reaches at most


class _Case(NamedTuple):
    """One thing of a goal: before, now, and what it is to be on, in or near."""

    before: SceneObject
    thing: SceneObject
    target: SceneObject | None
    now: Scene
    held: str | None


def is_reached(goal: Goal, start: Scene, now: Scene, held: str | None) -> bool:
    """Whether all parts of the goal hold now; `held` is what the fingers hold."""
    return all(_part_reached(part, start, now, held) for part in goal.each())


def _part_reached(goal: Goal, start: Scene, now: Scene, held: str | None) -> bool:
    before, thing = start.find(goal.object), now.find(goal.object)
    if before is None or thing is None:
        return False
    return _TESTS[goal.relation](_Case(before, thing, now.find(goal.target) if goal.target else None, now, held))


def _held(case: _Case) -> bool:
    return case.held == case.thing.name and case.thing.position[2] > case.before.position[2] + _LIFTED


def _on(case: _Case) -> bool:
    thing, target = case.thing, case.target
    if target is None or case.held == thing.name:
        return False
    if kind_of(target.kind).role == "mat":
        return math.dist(thing.position[:2], target.position[:2]) < _ON_PLACE and _stands_on_table(case)
    return thing.support == target.name and thing.position[2] > target.top


def _in(case: _Case) -> bool:
    inside = case.target is not None and case.thing.support == case.target.name and case.thing.inside
    return inside and case.held != case.thing.name


def _near(case: _Case) -> bool:
    if case.target is None or case.held == case.thing.name or not _stands_on_table(case):
        return False
    return gap_mm(case.thing, case.target) <= NEAR_MM


def _tipped(case: _Case) -> bool:
    lying = case.thing.size[2] < _LYING * case.before.size[2]
    return lying and abs(case.thing.bottom) < _STANDING and case.held != case.thing.name


def _opened(case: _Case) -> bool:
    """The lid rests on the table; a container that never had one is not opened."""
    lids = [thing for thing in case.now.objects if kind_of(thing.kind).role == "lid"]
    return bool(lids) and all(lid.support == TABLE and abs(lid.bottom) < _STANDING and lid.name != case.held for lid in lids)


def _stands_on_table(case: _Case) -> bool:
    return abs(case.thing.bottom) < _STANDING and abs(case.thing.size[2] - case.before.size[2]) < _STANDING


_TESTS: Mapping[Relation, Callable[[_Case], bool]] = MappingProxyType(
    {"held": _held, "on": _on, "in": _in, "near": _near, "tipped": _tipped, "opened": _opened}
)
