"""Kinds as things on a table, one by one, each where nothing else stands. The table in the making of a task."""

import math

import numpy as np

from siren.core.scene import Scene
from siren.core.task import Placement
from siren.world.catalogue import kind_of, scene_object
from siren.world.kinds import WET, Kind
from siren.world.scenery import with_supports
from siren.world.shape import quaternion

# Centres of things, metres. The camera sees 7 cm more on the left and right, 16 and 14 cm more below and above.
LOW = (0.33, -0.25)
HIGH = (0.67, 0.25)
SIDE = 0.32  # nothing reaches farther left or right: the camera ends there
LIFT = 0.001  # things are let go that far above what carries them
GAP = 0.03
TRIES = 30

Place = tuple[float, float]


def scene_of(layout: tuple[Placement, ...]) -> Scene:
    """The scene of a layout without physics: every thing where it was put."""
    things = [
        scene_object(
            item.name, kind_of(item.kind).variant(item.variant), item.marks, item.position, quaternion((0.0, 0.0, math.radians(item.yaw)))
        )
        for item in layout
    ]
    return Scene(objects=with_supports(things))


class Layout:
    """A table that is being laid. Every kind stands on it once at most; discs keep what was put down apart."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._placements: list[Placement] = []
        self._discs: list[tuple[float, float, float]] = []

    def placements(self) -> tuple[Placement, ...]:
        """What stands on the table, in the order of putting."""
        return tuple(self._placements)

    def names(self) -> frozenset[str]:
        """The kinds that are on the table."""
        return frozenset(item.kind for item in self._placements)

    def solid_count(self) -> int:
        """How many things stand on the table, mats not counted."""
        return sum(kind_of(item.kind).role != "mat" for item in self._placements)

    def put(self, kind: Kind, centre: Place, yaw: float, height: float = 0.0, marks: tuple[str, ...] = (), variant: str = "") -> None:
        """Put a thing with the centre of its box over a place, on a surface at that height. yaw: degrees; `kind` is the variant itself."""
        angle, middle = math.radians(yaw), (kind.box[0] + kind.box[1]) / 2
        x = centre[0] - math.cos(angle) * middle[0] + math.sin(angle) * middle[1]
        y = centre[1] - math.sin(angle) * middle[0] - math.cos(angle) * middle[1]
        lift = 0.0 if kind.role == "mat" else LIFT
        position = (round(float(x), 4), round(float(y), 4), round(height + kind.rest + lift, 4))
        laid = Placement(name=kind.name, kind=kind.name, position=position, yaw=round(yaw, 2), marks=marks, variant=variant)
        self._placements.append(laid)

    def keep_clear(self, centre: Place, radius: float) -> None:
        """Nothing more may come within that disc."""
        self._discs.append((*centre, radius))

    def is_on_table(self, centre: Place, radius: float) -> bool:
        """Whether a disc lies where hand and camera reach."""
        inside = all(low <= value <= high for low, value, high in zip(LOW, centre, HIGH, strict=True))
        return inside and abs(centre[1]) + radius <= SIDE

    def is_free(self, centre: Place, radius: float, gap: float = GAP) -> bool:
        """Whether a disc lies on the table and clear of all others."""
        return self.is_on_table(centre, radius) and all(
            math.hypot(centre[0] - x, centre[1] - y) > radius + taken + gap for x, y, taken in self._discs
        )

    def find(self, radius: float, gap: float = GAP, away: tuple[Place, float] | None = None) -> Place | None:
        """A random free place; `away` names a place and the least distance from it. None when tries run out."""
        for _ in range(TRIES):
            place = (float(self._rng.uniform(LOW[0], HIGH[0])), float(self._rng.uniform(LOW[1], HIGH[1])))
            if self.is_free(place, radius, gap) and (away is None or math.dist(place, away[0]) >= away[1]):
                return place
        return None

    def scatter(self, kind: Kind, gap: float, wet: float, varied: float = 0.0) -> bool:
        """Put a thing anywhere, wet with that probability if it can be, and `varied`: one of its variants. False when there was no room."""
        variant = kind.variants[int(self._rng.integers(len(kind.variants)))].name if kind.variants and self._rng.random() < varied else ""
        kind = kind.variant(variant)
        place = self.find(kind.radius, gap)
        if place is None:
            return False
        self.put(kind, place, self.any_yaw(), marks=self.marks(kind, wet), variant=variant)
        self.keep_clear(place, kind.radius)
        return True

    def any_yaw(self) -> float:
        """A random direction, degrees."""
        return float(self._rng.uniform(-90, 90))

    def marks(self, kind: Kind, wet: float) -> tuple[str, ...]:
        """Wet with that probability, if this kind can be."""
        return (WET,) if self._rng.random() < wet and kind.wettable else ()
