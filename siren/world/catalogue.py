"""The name of a kind as everything the world knows of it, and a body's pose as the thing that a scene shows."""

import difflib
import math
from collections.abc import Sequence
from functools import cache
from types import MappingProxyType

import numpy as np

from siren.core.errors import InstructionError
from siren.core.plan import TABLE
from siren.core.scene import SceneObject
from siren.world.fixtures import furniture
from siren.world.kinds import Kind
from siren.world.numerals import numerals
from siren.world.shape import matrix, rotation
from siren.world.things.breakfast import breakfast
from siren.world.things.cleaning import cleaning
from siren.world.things.dish import dishes
from siren.world.things.drink import drinks
from siren.world.things.fruit import fruit
from siren.world.things.home import home
from siren.world.things.material import materials
from siren.world.things.office import office
from siren.world.things.snack import snacks
from siren.world.things.tool import tools
from siren.world.things.toy import toys

UPRIGHT = 0.94  # cosine of the tilt (20 degrees) up to which a thing keeps its own box


@cache
def catalogue() -> MappingProxyType[str, Kind]:
    """Every kind by name: things first, furniture last."""
    food = fruit() + drinks() + breakfast() + snacks()
    house = tools() + toys() + office() + cleaning() + dishes() + home() + materials()
    return MappingProxyType({kind.name: kind for kind in food + house + furniture() + numerals()})


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises InstructionError that names the nearest ones."""
    kinds = catalogue()
    if name not in kinds:
        near = difflib.get_close_matches(name, kinds, 1, 0.5)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise InstructionError(f"unknown object '{name}'; {hint}known objects: {', '.join(sorted(kinds))}")
    return kinds[name]


@cache
def things(*, held_out: bool | None = None) -> tuple[Kind, ...]:
    """Kinds that a hand can take: all, or only those kept out of (or in) robot data."""
    return tuple(kind for kind in catalogue().values() if kind.role == "thing" and held_out in (None, kind.held_out))


@cache
def uses() -> MappingProxyType[str, tuple[str, ...]]:
    """Each phrase that continues "something that ...", and the kinds it fits."""
    phrases = sorted({use for kind in things() for use in kind.uses})
    return MappingProxyType({phrase: tuple(kind.name for kind in things() if phrase in kind.uses) for phrase in phrases})


@cache
def occasions() -> MappingProxyType[str, tuple[str, ...]]:
    """Each phrase that continues "something ...", such as "for breakfast", and the kinds it fits."""
    phrases = sorted({occasion for kind in things() for occasion in kind.occasions})
    return MappingProxyType({phrase: tuple(kind.name for kind in things() if phrase in kind.occasions) for phrase in phrases})


def scene_object(
    name: str,
    kind: Kind,
    marks: tuple[str, ...],
    position: Sequence[float],
    orientation: Sequence[float],
    support: str = TABLE,
    inside: bool = False,
) -> SceneObject:
    """What a scene shows of a body whose origin is at `position` (m) with that quaternion (x, y, z, w).

    `kind` is the variant that stands there, where it is one: colour and size are its own, the name is that of the kind.
    A thing that has toppled or rolled is boxed anew, along whichever of its own axes still lies flat.
    """
    turned = matrix(orientation)
    low, high = kind.box
    centre, size = np.asarray(position) + turned @ ((low + high) / 2), high - low
    yaw = _yaw(turned)
    if turned[2, 2] < UPRIGHT:
        about = rotation((0.0, 0.0, -yaw)) @ turned
        size = np.abs(about) @ size if kind.outline == "box" else np.sqrt(about**2 @ size**2)
    return SceneObject(
        name=name,
        kind=kind.name,
        position=_rounded(centre),
        yaw=round((math.degrees(yaw) + 180) % 360 - 180, 2),
        size=_rounded(size),
        outline=kind.outline,
        handle=kind.handle,
        colour=kind.colour,
        marks=marks,
        support=support,
        inside=inside,
    )


def _yaw(turned: np.ndarray) -> float:
    """Direction of the x axis in the table plane, radians; of the y axis less a quarter when x stands up."""
    if abs(turned[2, 0]) < 0.7:
        return math.atan2(turned[1, 0], turned[0, 0])
    return math.atan2(-turned[0, 1], turned[1, 1])


def _rounded(values: np.ndarray) -> tuple[float, float, float]:
    """Tenths of a millimetre; perception is no better than that."""
    x, y, z = (round(float(value), 4) for value in values)
    return x, y, z
