"""An image as the Scene that rules speak of: what the policy itself sees, not what a simulator knows.

    perceiver = Perceiver(Eye(checkpoint, marks), looks)
    scene = perceiver.perceive(image, candidates[0].plan)      # scene.perception == "policy"

The eye says kind, place and direction (policy/sightings.py); size, outline and colour come from a table of kinds that is handed in;
what stands on or in what follows from things that share a place. What cannot be seen is not in the scene: what lies in a covered
container, what a larger thing hides, another colour or size than most of a kind have. Two exceptions, marked `unseen`: a container
under its lid, and a thing that the policy's own plan reaches for where something is seen that could stand on it.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from siren.core.geometry import BOX_FLOOR
from siren.core.plan import PUTS, TABLE, TAKES, Plan
from siren.core.scene import Scene, SceneObject
from siren.policy.sightings import Sighting
from siren.policy.silhouette import lies_across

UNCERTAIN, UNSEEN = "uncertain", "unseen"
SURE = 0.8  # a sighting of less confidence is marked `uncertain`
INFERRED = 0.5  # confidence in what is concluded or only spoken of
HERE = 0.03  # metres between what a plan speaks of and what is seen
LONG = 1.45  # things whose sides differ by less have no axis that the eye was taught (learning.web_data.LONG),
SQUARE = 1.05  # but down to here a picture shows which one is longer (policy/silhouette.py)


@dataclass(frozen=True)
class KindLook:
    """What is known of a kind before it is seen. Metres; x and y along its own axes."""

    size: tuple[float, float, float]
    outline: Literal["box", "round"]
    colour: str
    role: str  # thing, mat, container or lid
    handle: tuple[float, float, float] | None = None
    flat_top: bool = False  # others can stand on it
    flat_base: bool = False  # it stands where it is put
    marks: tuple[str, ...] = ()  # what may be seen on one of them only, e.g. wet


class Sees(Protocol):
    """An eye: `Eye`, or a stand-in."""

    def see(self, image: np.ndarray, may_share: Callable[[str, str], bool]) -> tuple[Sighting, ...]:
        """Sightings, each kind once; `may_share`: whether things of two kinds can be at one place."""
        ...


class Perceiver:
    """An eye and a table of kinds, as something that says what stands where."""

    def __init__(self, eye: Sees, looks: Mapping[str, KindLook]) -> None:
        """`looks`: every kind that can be recognised; a kind of the eye's that is not there is never reported."""
        self._eye = eye
        self._looks = dict(looks)

    def perceive(self, image: np.ndarray, said: Plan | None = None) -> Scene:
        """What stands on the table. image: uint8, (96, 96, 3), RGB, from straight above.

        `said` is a plan that the policy proposed for this image: a second witness where the eye is in doubt, never against it.
        """
        sightings = [sighting for sighting in self._eye.see(image, self._may_share) if sighting.kind in self._looks]
        for name, place in _spoken_of(said) if said else ():
            sightings = self._with_word(sightings, name, place)
        turned = [self._turned(sighting, image) for sighting in self._with_containers(sightings)]
        return Scene(objects=tuple(self._settled(turned)), perception="policy")

    def _turned(self, sighting: Sighting, image: np.ndarray) -> Sighting:
        """The sighting with its sides told apart, where they differ too little for the eye to say which one is longer."""
        look = self._looks[sighting.kind]
        longer, shorter = max(look.size[:2]), min(look.size[:2])
        if look.outline != "box" or not SQUARE < longer / shorter <= LONG:
            return sighting
        across = lies_across(image, sighting.place, look.size[:2], sighting.side)
        return replace(sighting, side=sighting.side + 90.0 * (across != (look.size[0] < look.size[1])))

    def _may_share(self, first: str, second: str) -> bool:
        return any(self._relation(upper, lower) is not None for upper, lower in ((first, second), (second, first)))

    def _relation(self, upper: str, lower: str) -> Literal["on", "in"] | None:
        """How a thing of one kind can rest at the place of another."""
        high, low = self._looks.get(upper), self._looks.get(lower)
        if high is None or low is None or high.role in ("mat", "container"):
            return None
        if low.role == "container":
            return "on" if high.role == "lid" else "in" if max(high.size[:2]) < min(low.size[:2]) else None
        if high.role == "lid":
            return None
        return "on" if low.role == "mat" or (low.flat_top and high.flat_base) else None

    def _with_word(self, sightings: list[Sighting], name: str, place: tuple[float, float]) -> list[Sighting]:
        """The sightings, and what a plan says of a place where the eye is in doubt or something may hide it."""
        near = [other for other in sightings if math.dist(other.place, place) < HERE]
        if not near or name not in self._looks or any(other.kind == name for other in sightings):
            return sightings
        there = min(near, key=lambda other: math.dist(other.place, place))
        spoken = replace(there, kind=name, confidence=INFERRED)
        if self._relation(there.kind, name):
            return [*sightings, replace(spoken, marks=(UNSEEN,))]
        return [spoken if other is there and there.confidence < SURE else other for other in sightings]

    def _with_containers(self, sightings: Sequence[Sighting]) -> list[Sighting]:
        """The sightings, and below every lid that lies on nothing the largest container it covers that is not seen elsewhere."""
        known = {sighting.kind for sighting in sightings}
        inferred = []
        for lid in (sighting for sighting in sightings if self._looks[sighting.kind].role == "lid"):
            if any(self._looks[other.kind].role == "container" and self._over(lid, other) for other in sightings):
                continue
            covered = [kind for kind in sorted(self._looks.keys() - known) if self._fits_below(kind, lid.kind)]
            if covered:
                largest = max(covered, key=lambda kind: self._looks[kind].size[0])
                inferred.append(replace(lid, kind=largest, confidence=INFERRED, marks=(UNSEEN,)))
                known.add(largest)
        return [*sightings, *inferred]

    def _fits_below(self, kind: str, lid: str) -> bool:
        look, cover = self._looks[kind], self._looks[lid]
        return look.role == "container" and max(look.size[:2]) <= max(cover.size[:2])

    def _settled(self, sightings: Sequence[Sighting]) -> list[SceneObject]:
        """Sightings as things, what carries before what is carried."""
        waiting = {sighting.kind: self._carrier(sighting, sightings) for sighting in sightings}
        things: dict[str, SceneObject] = {}
        for sighting in sorted(sightings, key=lambda one: _depth(one.kind, waiting)):
            carrier = waiting[sighting.kind]
            things[sighting.kind] = self._thing(sighting, things[carrier] if carrier else None)
        return [things[sighting.kind] for sighting in sightings]

    def _carrier(self, sighting: Sighting, others: Sequence[Sighting]) -> str | None:
        """What it stands on or in: of all that it is over the smallest; of two that could carry each other, the smaller is on top."""
        below = [
            other
            for other in others
            if other.kind != sighting.kind
            and self._looks[other.kind].role != "mat"
            and self._relation(sighting.kind, other.kind)
            and self._over(sighting, other)
            and (not self._relation(other.kind, sighting.kind) or self._rank(other) > self._rank(sighting))
        ]
        return min(below, key=self._rank).kind if below else None

    def _rank(self, sighting: Sighting) -> tuple[float, str]:
        length, width, _ = self._looks[sighting.kind].size
        return length * width, sighting.kind

    def _over(self, upper: Sighting, lower: Sighting) -> bool:
        return math.dist(upper.place, lower.place) < min(self._looks[lower.kind].size[:2]) / 2

    def _thing(self, sighting: Sighting, carrier: SceneObject | None) -> SceneObject:
        look = self._looks[sighting.kind]
        inside = carrier is not None and self._relation(sighting.kind, carrier.kind) == "in"
        bottom = 0.0 if carrier is None else carrier.bottom + BOX_FLOOR if inside else carrier.top
        doubt = (UNCERTAIN,) if sighting.confidence < SURE else ()
        return SceneObject(
            name=sighting.kind,
            kind=sighting.kind,
            position=(*sighting.place, round(bottom + look.size[2] / 2, 4)),
            yaw=_yaw(look, sighting),
            size=look.size,
            outline=look.outline,
            handle=look.handle,
            colour=look.colour,
            marks=(*(mark for mark in sighting.marks if mark in (*look.marks, UNSEEN)), *doubt),
            support=carrier.name if carrier else TABLE,
            inside=inside,
            confidence=round(sighting.confidence, 3),
        )


def _spoken_of(plan: Plan) -> Iterator[tuple[str, tuple[float, float]]]:
    """What a plan says stands where: what it takes, and what it puts something on or in."""
    for step in plan.steps:
        if step.skill in TAKES or step.skill == "tip":
            yield step.object, step.keyframe.position[:2]
        elif step.skill in PUTS and step.target is not None:
            yield step.target, step.keyframe.position[:2]


def _yaw(look: KindLook, sighting: Sighting) -> float:
    """Direction of the thing's own x axis, degrees in [-180, 180), half turns (of square things quarter turns) apart; 0 for round ones."""
    length, width, _ = look.size
    if max(length, width) <= LONG * min(length, width):
        return sighting.side if look.outline == "box" else 0.0
    turned = sighting.axis if length >= width else sighting.axis - 90.0
    return (turned + 180.0) % 360.0 - 180.0


def _depth(kind: str, carriers: Mapping[str, str | None]) -> int:
    """How many things are below it."""
    carrier = carriers[kind]
    return 0 if carrier is None else 1 + _depth(carrier, carriers)
