"""A law's own things, with others of several categories about them, as a trial: a mixed table on which more than one law is alive."""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from siren.core.action import Force, Speed
from siren.core.errors import WorldError
from siren.core.geometry import Release, gap_mm, grasp_yaw, pick_step, put_step
from siren.core.plan import TABLE, Plan, Relation, Skill, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Family, Goal, Placement, Task
from siren.world.catalogue import kind_of, things
from siren.world.foresight import scene_after
from siren.world.kinds import Kind
from siren.world.laws.fingers import fingers_blocked
from siren.world.laws.hidden import careful_manner
from siren.world.laws.law import Pair, Trial
from siren.world.layout import SIDE, Layout, Place, scene_of

_FEWEST, _MOST = 5, 6
_GAP = 0.045  # metres around what only stands about, so that no finger meets it unasked
_WET = 0.25
_FREE_MM = 30  # around what is put aside

T = TypeVar("T")

Case = tuple[Family, Goal, list[Step], int]  # ends with the number of the step that the law speaks of


class NoRoomError(WorldError):
    """The draw did not fit on the table."""


class Mixed:
    """A table that is being laid for a law.

    table = Mixed(rng)
    egg = table.put("egg")
    table.put("blue_mat")
    table.fill()
    table.pair(("place", goal, steps, 2), ("place", goal, others, 2))
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.layout = Layout(rng)

    def put(
        self,
        name: str,
        place: Place | None = None,
        yaw: float | None = None,
        height: float = 0.0,
        marks: tuple[str, ...] = (),
        room: float = 0.035,
    ) -> Place:
        """Put a thing somewhere, or there. `room` (m) is kept free around it for the hand. Returns its place."""
        kind = kind_of(name)
        spot = place or self.layout.find(kind.radius + room, 0.0)
        if spot is None:
            raise NoRoomError(f"expected a free place for '{name}' on the table, found none; draw again")
        self.layout.put(kind, spot, self.layout.any_yaw() if yaw is None else yaw, height, marks)
        self.layout.keep_clear(spot, kind.radius + room)
        return spot

    def fill(self) -> None:
        """Others stand about, one that breaks, one that weighs and one that slips first, until there are five or six things."""
        count = int(self.rng.integers(_FEWEST, _MOST + 1))
        pool = [kind for kind in _shuffled(things(), self.rng) if kind.name not in self.layout.names()]
        firsts = [next(filter(test, pool)) for test in (_breaks, _weighs, _slips)]
        for kind in firsts + [kind for kind in pool if kind not in firsts]:
            if self.layout.solid_count() >= count:
                return
            self.layout.scatter(kind, _GAP, _WET)
        raise NoRoomError(f"expected room for {count} things on the table, got {self.layout.solid_count()}; draw again")

    def scene(self) -> Scene:
        """The table as it is laid so far."""
        return scene_of(self.layout.placements())

    def thing(self, name: str) -> SceneObject:
        """One of its things."""
        return require(self.scene(), name)

    def pair(self, violating: Case, complying: Case) -> Pair:
        """Two cases on this very table."""
        layout = self.layout.placements()
        return Pair(trial(layout, *violating), trial(layout, *complying))


def trial(layout: tuple[Placement, ...], family: Family, goal: Goal, steps: list[Step], at: int) -> Trial:
    """A layout with a goal and a plan."""
    task = Task(seed=0, family=family, split="laws", instruction="", goal=goal, layout=layout)
    return Trial(task, Plan(steps=tuple(steps)), at)


def require(scene: Scene, name: str) -> SceneObject:
    """The thing of that name. Raises ValueError that names those there are."""
    thing = scene.find(name)
    if thing is None:
        raise ValueError(f"expected '{name}' on the table, found {', '.join(sorted(scene.names()))}; lay it first")
    return thing


def take(scene: Scene, name: str, speed: Speed | None = None, force: Force | None = None, turn: float | None = None) -> Step:
    """Pick a thing up with care, but for what is given."""
    thing = require(scene, name)
    own_turn, own_speed, own_force = careful_manner(scene, thing)
    return pick_step(thing, own_turn if turn is None else turn, speed or own_speed, force or own_force)


def put(
    scene: Scene,
    taken: Step,
    target: str = TABLE,
    place: Place | None = None,
    relation: Relation = "on",
    skill: Skill = "place",
    release: Release = "low",
    speed: Speed | None = None,
) -> Step:
    """Put down what was taken, on the middle of the target or there."""
    thing = require(scene, taken.object)
    at = place or require(scene, target).position[:2]
    own_speed = careful_manner(scene, thing)[1]
    return put_step(skill, thing, scene, relation, target, at, taken.keyframe.yaw, release, speed or own_speed, taken.keyframe.force)


def free_place(scene: Scene, thing: SceneObject) -> Place:
    """The nearest place with free space about it, turned as it is. Raises NoRoomError when there is none."""
    others = [other for other in scene.objects if other.name != thing.name]
    yaw = grasp_yaw(thing, careful_manner(scene, thing)[0])
    places = [(float(x), float(y)) for x in np.arange(0.34, 0.67, 0.02) for y in np.arange(-0.26, 0.27, 0.02)]
    for place in sorted(places, key=lambda place: math.dist(place, thing.position[:2])):
        there = thing.model_copy(update={"position": (*place, thing.size[2] / 2), "support": TABLE})
        free = abs(place[1]) + thing.size[0] / 2 < SIDE and all(gap_mm(there, other) > _FREE_MM for other in others)
        if free and not fingers_blocked(Scene(objects=(*others, there)), there, yaw):
            return place
    raise NoRoomError(f"expected a free place to put '{thing.name}' aside, found none; draw again")


def put_aside(scene: Scene, name: str) -> list[Step]:
    """Take a thing and put it where nothing stands. Raises NoRoomError when there is no such place."""
    taken = take(scene, name)
    return [taken, put(scene, taken, place=free_place(scene, require(scene, name)))]


def after(scene: Scene, steps: list[Step]) -> Scene:
    """The scene when these steps have gone well."""
    return scene_after(scene, Plan(steps=tuple(steps)), len(steps))


def moved(step: Step, by: tuple[float, float, float] = (0.0, 0.0, 0.0), roll: float = 0.0, pitch: float = 0.0) -> Step:
    """The same step with its keyframe elsewhere (m), or the hand tilted (degrees)."""
    x, y, z = (round(value + shift, 3) for value, shift in zip(step.keyframe.position, by, strict=True))
    first, second, yaw = step.keyframe.rotation
    frame = step.keyframe.model_copy(update={"position": (x, y, z), "rotation": (first + roll, second + pitch, yaw)})
    return step.model_copy(update={"keyframe": frame})


def any_of(rng: np.random.Generator, names: Sequence[T]) -> T:
    """One of these. Raises NoRoomError when there are none: on this table the law cannot be at stake."""
    if not names:
        raise NoRoomError("expected at least one choice on this table, found none; draw again")
    return names[int(rng.integers(len(names)))]


def polar(rng: np.random.Generator, low: float, high: float) -> tuple[float, float]:
    """A shift in any direction, of a length between these (m)."""
    angle, length = rng.uniform(0, 2 * math.pi), rng.uniform(low, high)
    return float(length * math.cos(angle)), float(length * math.sin(angle))


def _shuffled(kinds: tuple[Kind, ...], rng: np.random.Generator) -> list[Kind]:
    return [kinds[index] for index in rng.permutation(len(kinds))]


def _breaks(kind: Kind) -> bool:
    return kind.fragile is not None


def _weighs(kind: Kind) -> bool:
    return kind.heavy


def _slips(kind: Kind) -> bool:
    return kind.slippery or kind.wettable
