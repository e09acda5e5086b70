"""The laws by which this world fails, each as the true condition on a step and the events it shows as.

For grading and for the expert only: nothing that learns or reasons may import this file.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from siren.core.action import APERTURE
from siren.core.geometry import RELEASE_HEIGHT, finger_axis, grasp_height, release_mm, span
from siren.core.plan import Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.world.catalogue import kind_of
from siren.world.foresight import held_before, scene_after, taken_thing
from siren.world.kinds import WET

# Fingers stand 40 mm from the middle on each side; the hand above them is 200 mm wide and 60 mm thick. Metres.
_FINGER_ALONG = (0.036, 0.045, 0.055, 0.064)
_FINGER_ACROSS = (-0.016, 0.0, 0.016)
_HAND_ALONG = (0.075, 0.085, 0.095, 0.105)
_HAND_ACROSS = (-0.035, -0.018, 0.0, 0.018, 0.035)
_HAND_ABOVE_TIPS = 0.038
_SAFE = 0.004  # metres that the careful keep between fingers and neighbours
_SURE = -0.002  # metres of overlap from which fingers do hit a neighbour; between the two they may


@dataclass(frozen=True)
class Situation:
    """One step of a plan, what it handles, and the scene it begins in."""

    scene: Scene
    step: Step
    thing: SceneObject


@dataclass(frozen=True)
class Hazard:
    """One law: when it is broken, and as which events that shows."""

    name: str
    sentence: str
    skills: frozenset[str]
    events: frozenset[str]
    breaks: Callable[[Situation], bool]


def fragile(thing: SceneObject) -> bool:
    """Whether it breaks when squeezed or dropped."""
    return kind_of(thing.kind).fragile is not None


def heavy(thing: SceneObject) -> bool:
    """Whether a gentle grip cannot hold its weight."""
    return kind_of(thing.kind).heavy


def slippery(thing: SceneObject) -> bool:
    """Whether it slides between the fingers, by nature or because it is wet."""
    kind = kind_of(thing.kind)
    return kind.slippery or WET in thing.marks


def fingers_blocked(scene: Scene, thing: SceneObject, yaw: float, slack: float = _SAFE) -> bool:
    """Whether a neighbour stands where a finger, or the hand above it, has to come down beside the thing.

    slack: free space in metres that is asked for; below zero, an overlap that is forgiven.
    """
    return any(_in_the_way(other, thing, yaw, slack) for other in scene.objects if _beside(other, thing))


def situation(scene: Scene, plan: Plan, number: int) -> Situation | None:
    """Step `number` (from 1) as it begins when all before it went well; None when it handles nothing."""
    step, before = plan.steps[number - 1], scene_after(scene, plan, number - 1)
    thing = taken_thing(before, step) if step.skill in ("pick", "open") else held_before(scene, plan, number)
    return Situation(before, step, thing) if thing is not None else None


def broken_laws(scene: Scene, plan: Plan, number: int) -> tuple[str, ...]:
    """Names of the laws that step `number` (from 1) of the plan breaks."""
    now = situation(scene, plan, number)
    if now is None:
        return ()
    return tuple(law.name for law in HAZARDS if now.step.skill in law.skills and law.breaks(now))


def _beside(other: SceneObject, thing: SceneObject) -> bool:
    return other.name != thing.name and thing.name != other.support and thing.support != other.name


def _in_the_way(other: SceneObject, thing: SceneObject, yaw: float, slack: float) -> bool:
    tips = grasp_height(thing)
    if other.top < tips - slack:
        return False
    points = _footprint(yaw, other.top > tips + _HAND_ABOVE_TIPS - 2 * (slack - _SAFE)) + np.subtract(
        thing.position[:2], other.position[:2]
    )
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


def _released_high(now: Situation) -> bool:
    return release_mm(now.scene, now.thing, now.step) > 500 * (RELEASE_HEIGHT["low"] + RELEASE_HEIGHT["high"])


def _closed(now: Situation) -> bool:
    return now.step.relation == "in" and bool(now.step.target) and any(t.handle for t in now.scene.carried_by(now.step.target or ""))


_PICK = frozenset({"pick", "open"})
_TAKE = frozenset({"pick"})
_PUT = frozenset({"place", "stack"})

HAZARDS: tuple[Hazard, ...] = (
    Hazard(
        "slip_at_speed",
        "a slippery thing slips out when it is lifted fast",
        _TAKE,
        frozenset({"dropped"}),
        lambda now: slippery(now.thing) and now.step.keyframe.speed == "fast",
    ),
    Hazard(
        "weight_at_speed",
        "a heavy thing slips out when it is lifted fast",
        _TAKE,
        frozenset({"dropped"}),
        lambda now: heavy(now.thing) and now.step.keyframe.speed == "fast",
    ),
    Hazard(
        "slip_from_grip",
        "a slippery thing slips out of a gentle grip",
        _TAKE,
        frozenset({"dropped", "missed_grasp"}),
        lambda now: slippery(now.thing) and now.step.keyframe.force == "gentle",
    ),
    Hazard(
        "weight_against_grip",
        "a heavy thing slips out of a gentle grip",
        _TAKE,
        frozenset({"dropped", "missed_grasp"}),
        lambda now: heavy(now.thing) and now.step.keyframe.force == "gentle",
    ),
    Hazard(
        "crush",
        "a fragile thing breaks in a firm grip",
        _TAKE,
        frozenset({"crushed"}),
        lambda now: fragile(now.thing) and now.step.keyframe.force == "firm",
    ),
    Hazard(
        "drop",
        "a fragile thing breaks when it is let go high up",
        _PUT,
        frozenset({"broken"}),
        lambda now: fragile(now.thing) and _released_high(now),
    ),
    Hazard(
        "width",
        "a thing wider than the open fingers cannot be taken",
        _PICK,
        frozenset({"hand_hit", "blocked", "missed_grasp", "dropped", "collision", "toppled"}),
        lambda now: span(now.thing, now.step.keyframe.yaw) > APERTURE,
    ),
    Hazard(
        "covered",
        "a thing with something on top cannot be taken",
        _TAKE,
        frozenset({"collision", "bump", "displaced", "blocked"}),
        lambda now: bool(now.scene.carried_by(now.thing.name)),
    ),
    Hazard(
        "closed",
        "nothing goes into a container whose lid is on",
        frozenset({"place"}),
        frozenset({"bump", "goal_missed", "displaced", "collision", "blocked"}),
        _closed,
    ),
    Hazard(
        "neighbour",
        "the fingers come down on a neighbour that stands too close",
        _PICK,
        frozenset({"collision", "blocked", "toppled", "displaced"}),
        lambda now: fingers_blocked(now.scene, now.thing, now.step.keyframe.yaw, _SURE),
    ),
)
