"""A plan that works as plans that do not: one thing is changed at one step, so what goes wrong has a known cause.

Seven of the causes are the failure kinds of AHA (arXiv 2410.00371); two more are of SIREN's world. A change alone proves nothing:
`injection.py` carries it out and keeps it when it fails. Knows the laws' side of the world; nothing that learns may import it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

import numpy as np

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW, Keyframe
from siren.core.geometry import RELEASE_HEIGHT
from siren.core.plan import Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Task
from siren.world.catalogue import kind_of
from siren.world.expert import expert_plan
from siren.world.laws.every import broken_laws
from siren.world.laws.read import situation

Cause = Literal["no_grasp", "slip", "translation", "rotation", "no_rotation", "wrong_sequence", "wrong_target", "squeeze", "release_height"]

T = TypeVar("T")

_NO_GRASP = (0.006, 0.025)  # metres above the top at which fingers close on air
_PICK_OFF, _PUT_OFF = (0.025, 0.070), (0.06, 0.13)  # metres sideways
_DEEPER = (0.030, 0.060)  # metres lower
_TURNED, _TILTED = (30.0, 150.0), (25.0, 45.0)  # degrees
_FAR = (0.80, 0.31, 0.60)  # a corner that no robot here reaches


class Original(NamedTuple):
    """An episode that succeeded."""

    task: Task
    scene: Scene
    plan: Plan


class Change(NamedTuple):
    """A plan that differs from the original first at `step` (from 1), and how."""

    plan: Plan
    cause: Cause
    step: int
    what: str


Changer = Callable[[Original, np.random.Generator], Iterator[Change]]


def changes(cause: Cause, original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """Changes of that cause, most drastic first where it matters; none when the episode has no place for it."""
    return CHANGERS[cause](original, rng)


def _no_grasp(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """The fingers close above the thing."""
    for number, thing in _taken(original, rng):
        x, y, _ = original.plan.steps[number - 1].keyframe.position
        yield _moved(original, "no_grasp", number, (x, y, thing.top + rng.uniform(*_NO_GRASP)))


def _slip(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """A grip that does not hold: too gentle, or torn upwards."""
    for number, _ in _taken(original, rng):
        for manner in _shuffled(({"speed": "fast"}, {"force": "gentle"}, {"speed": "fast", "force": "gentle"}), rng):
            yield from _harmful(original, _changed(original, "slip", number, **manner))


def _translation(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """A keyframe beside the right place, too deep, or where no arm gets to."""
    for number in _shuffled(range(1, len(original.plan.steps) + 1), rng):
        step = original.plan.steps[number - 1]
        (x, y, z), taking = step.keyframe.position, step.skill in ("pick", "open")
        for _ in range(2):
            angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(*(_PICK_OFF if taking else _PUT_OFF))
            yield _moved(original, "translation", number, (x + far * math.cos(angle), y + far * math.sin(angle), z))
        if taking:
            yield _moved(original, "translation", number, (x, y, z - rng.uniform(*_DEEPER)))
        yield _moved(original, "translation", number, (_FAR[0], math.copysign(_FAR[1], y), _FAR[2]))


def _rotation(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """The hand turned or tilted wrongly."""
    for number, _ in _taken(original, rng):
        roll, pitch, yaw = original.plan.steps[number - 1].keyframe.rotation
        for angle in (90.0, rng.uniform(*_TURNED)):
            yield from _harmful(original, _changed(original, "rotation", number, rotation=(roll, pitch, round((yaw + angle) % 180.0, 1))))
        tilt = round(float(rng.choice([-1, 1]) * rng.uniform(*_TILTED)), 1)
        yield _changed(original, "rotation", number, rotation=(tilt, pitch, yaw))


def _no_rotation(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """The hand stays as it is at home, though the thing asks for a turn."""
    for number, _ in _taken(original, rng):
        roll, pitch, yaw = original.plan.steps[number - 1].keyframe.rotation
        if abs((yaw + 90.0) % 180.0 - 90.0) > 15.0:
            yield from _harmful(original, _changed(original, "no_rotation", number, rotation=(roll, pitch, 0.0)))


def _wrong_sequence(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """What has to come last comes first, or the two halves of putting something away change places."""
    steps = original.plan.steps
    main = 1 if original.task.goal.relation in ("held", "tipped") or original.task.family == "push" else 2
    orders = [(*steps[-main:], *steps[:-main])] if len(steps) > main else []
    orders += [(*steps[:place], steps[place + 1], steps[place], *steps[place + 2 :]) for place in range(len(steps) - 1)]
    for order in _shuffled(orders, rng):
        yield _other_plan(original, "wrong_sequence", Plan(steps=order), "steps in another order")


def _wrong_target(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """Another thing is taken, or the thing is put somewhere else; all of it done well."""
    goal = original.task.goal
    free = [thing for thing in original.scene.objects if not original.scene.carried_by(thing.name) and thing.name != goal.object]
    takeable = [thing.name for thing in free if kind_of(thing.kind).role == "thing" and thing.name != goal.target]
    places = [thing.name for thing in free if kind_of(thing.kind).role == "mat" or kind_of(thing.kind).carries]
    goals = [goal.model_copy(update={"object": name}) for name in takeable if goal.relation != "opened"]
    if goal.relation == "on":
        goals += [goal.model_copy(update={"target": name}) for name in places if name != goal.target]
    for other in _shuffled(goals, rng):
        plan = expert_plan(original.task.model_copy(update={"goal": other}), original.scene)
        what = f"{other.object} instead of {goal.object}" if other.object != goal.object else f"{other.target} instead of {goal.target}"
        yield _other_plan(original, "wrong_target", plan, what)


def _squeeze(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """A firm grip on what breaks."""
    for number, _ in _taken(original, rng):
        yield from _harmful(original, _changed(original, "squeeze", number, force="firm"))


def _release_height(original: Original, rng: np.random.Generator) -> Iterator[Change]:
    """The fingers open too high up."""
    rise = RELEASE_HEIGHT["high"] - RELEASE_HEIGHT["low"]
    for number, step in enumerate(original.plan.steps, 1):
        if step.skill in ("place", "stack"):
            x, y, z = step.keyframe.position
            yield from _harmful(original, _moved(original, "release_height", number, (x, y, z + rise * rng.uniform(1.0, 1.4))))


CHANGERS: Mapping[Cause, Changer] = MappingProxyType(
    {
        "no_grasp": _no_grasp,
        "slip": _slip,
        "translation": _translation,
        "rotation": _rotation,
        "no_rotation": _no_rotation,
        "wrong_sequence": _wrong_sequence,
        "wrong_target": _wrong_target,
        "squeeze": _squeeze,
        "release_height": _release_height,
    }
)


def _taken(original: Original, rng: np.random.Generator) -> Iterator[tuple[int, SceneObject]]:
    """Steps that take something, in any order, and what they take."""
    for number in _shuffled(range(1, len(original.plan.steps) + 1), rng):
        now = situation(original.scene, original.plan, number)
        if now is not None and now.step.skill in ("pick", "open"):
            yield number, now.thing


def _harmful(original: Original, change: Change) -> Iterator[Change]:
    """The change, if it breaks a law of the world: the others mostly do no harm, and carrying them out takes time."""
    if broken_laws(original.scene, change.plan, change.step):
        yield change


def _moved(original: Original, cause: Cause, number: int, place: tuple[float, float, float]) -> Change:
    return _changed(original, cause, number, position=(_within(place[0], 0), _within(place[1], 1), _within(place[2], 2)))


def _changed(original: Original, cause: Cause, number: int, **fields: object) -> Change:
    step = original.plan.steps[number - 1]
    before = step.keyframe.model_dump()
    frame = Keyframe.model_validate({**before, **fields})
    what = ", ".join(f"{name} {_shown(before[name])} -> {_shown(value)}" for name, value in fields.items() if before[name] != value)
    steps = [*original.plan.steps]
    steps[number - 1] = step.model_copy(update={"keyframe": frame})
    return Change(Plan(steps=tuple(steps)), cause, number, what)


def _other_plan(original: Original, cause: Cause, plan: Plan, what: str) -> Change:
    pairs = zip(original.plan.steps, plan.steps, strict=False)
    first = next((number for number, (one, other) in enumerate(pairs, 1) if one != other), min(len(original.plan.steps), len(plan.steps)))
    return Change(plan, cause, first, what)


def _within(value: float, axis: int) -> float:
    return round(min(max(float(value), WORKSPACE_LOW[axis]), WORKSPACE_HIGH[axis]), 3)


def _shown(value: object) -> str:
    return " ".join(f"{number:g}" for number in value) if isinstance(value, tuple) else str(value)


def _shuffled(items: Sequence[T], rng: np.random.Generator) -> list[T]:
    return [items[index] for index in rng.permutation(len(items))]
