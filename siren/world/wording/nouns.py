"""A thing or a place in a scene as every phrase that can mean nothing else there: by name, use, occasion, comparison, symbol or count.

It looks at the scene as it is given: leave out what cannot be seen.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from siren.core.scene import Scene, SceneObject
from siren.core.task import Reference
from siren.world.catalogue import kind_of
from siren.world.numerals import NUMBER_MATS
from siren.world.palette import COLOURS
from siren.world.suitable import suits
from siren.world.wording.names import spoken

SOMETHING = "something"
FITTING = "the largest thing that fits in the box"
THING = "thing"
ORDINALS = ("first", "second", "third", "fourth")
NUMBERS = ("one", "two", "three", "four", "five")
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {"blue_mat": "the blue square", "red_mat": "the red square", "yellow_disc": "the yellow circle", "green_cross": "the green plus sign"}
)
# Categories that people compare within; the others have no name of their own.
GROUPS: Mapping[str, str] = MappingProxyType({name: name for name in ("fruit", "drink", "snack", "tool", "toy", "dish")})
_APART = 0.03  # metres between the middles of two things from which one is farther to the left


class Phrase(NamedTuple):
    """How a thing is spoken of, and the words."""

    reference: Reference
    text: str


def _brightness(thing: SceneObject) -> float:
    red, green, blue = COLOURS[thing.colour]
    return 0.3 * red + 0.59 * green + 0.11 * blue


def _volume(thing: SceneObject) -> float:
    return math.log(math.prod(thing.size))


# What each superlative goes by, and by how much the thing has to lead: brightness 0..1, logarithms of volume and mass, metres.
QUALITIES: Mapping[str, tuple[Callable[[SceneObject], float], float]] = MappingProxyType(
    {
        "darkest": (lambda thing: -_brightness(thing), 0.12),
        "brightest": (_brightness, 0.12),
        "largest": (_volume, math.log(1.4)),
        "smallest": (lambda thing: -_volume(thing), math.log(1.4)),
        "heaviest": (lambda thing: math.log(kind_of(thing.kind).mass), math.log(2.0)),
        "leftmost": (lambda thing: thing.position[1], _APART),
        "rightmost": (lambda thing: -thing.position[1], _APART),
    }
)


def nouns(scene: Scene, name: str) -> tuple[Phrase, ...]:
    """Every way to speak of the thing of that name, in English, that fits nothing else in the scene. Empty when it is not there."""
    thing = scene.find(name)
    if thing is None:
        return ()
    things = [other for other in scene.objects if kind_of(other.kind).role == "thing"]
    others = [other for other in things if other.name != name]
    return tuple(_phrases(scene, thing, others)) if thing in things else (Phrase("name", spoken(thing.kind)),)


def places(name: str) -> tuple[Phrase, ...]:
    """Every way to speak of a place of that kind: by name, by the symbol on it, as a sum."""
    found = [Phrase("name", spoken(name))]
    if name in SYMBOLS:
        found.append(Phrase("symbol", SYMBOLS[name]))
    if name in NUMBER_MATS:
        found += [Phrase("sum", text) for text in sums(NUMBER_MATS.index(name) + 1)]
    return tuple(found)


def sums(result: int) -> tuple[str, ...]:
    """Sums and differences of numbers up to five that come to the result."""
    numbers = range(1, len(NUMBERS) + 1)
    added = [f"{NUMBERS[one - 1]} plus {NUMBERS[result - one - 1]}" for one in numbers if result - one >= 1]
    return (*added, *(f"{NUMBERS[one - 1]} minus {NUMBERS[one - result - 1]}" for one in numbers if one - result >= 1))


def _phrases(scene: Scene, thing: SceneObject, others: Sequence[SceneObject]) -> Iterator[Phrase]:
    if all(other.kind != thing.kind for other in others):
        yield Phrase("name", spoken(thing.kind))
    kind, rest = kind_of(thing.kind), [kind_of(other.kind) for other in others]
    yield from (Phrase("use", f"{SOMETHING} that {use}") for use in kind.uses if not any(use in other.uses for other in rest))
    fitting = [occasion for occasion in kind.occasions if not any(occasion in other.occasions for other in rest)]
    yield from (Phrase("occasion", f"{SOMETHING} {occasion}") for occasion in fitting)
    yield from _comparisons(thing, others)
    if scene.find("box") is not None and _is_largest_that_fits(thing, others):
        yield Phrase("comparison", FITTING)
    yield from _counted(thing, others)


def _comparisons(thing: SceneObject, others: Sequence[SceneObject]) -> Iterator[Phrase]:
    category = kind_of(thing.kind).category
    alike = [other for other in others if kind_of(other.kind).category == category]
    groups = [(THING, others)] + ([(GROUPS[category], alike)] if category in GROUPS and alike else [])
    for quality, (value, lead) in QUALITIES.items():
        for group, rivals in groups:
            if rivals and value(thing) >= max(map(value, rivals)) + lead:
                yield Phrase("comparison", f"the {quality} {group}")


def _is_largest_that_fits(thing: SceneObject, others: Sequence[SceneObject]) -> bool:
    """Whether it leads those that fit in the box, while something larger does not fit."""
    value, lead = QUALITIES["largest"]
    fitting = [other for other in others if suits(kind_of(other.kind), "place_in")]
    larger = any(value(other) > value(thing) and other not in fitting for other in others)
    return larger and suits(kind_of(thing.kind), "place_in") and all(value(thing) >= value(other) + lead for other in fitting)


def _counted(thing: SceneObject, others: Sequence[SceneObject]) -> Iterator[Phrase]:
    """Its place in the row of things from the left or the right, where it is plain to see."""
    left = [other.position[1] - thing.position[1] for other in others]
    if any(abs(ahead) < _APART for ahead in left):
        return
    for side, count in (("left", sum(ahead > 0 for ahead in left)), ("right", sum(ahead < 0 for ahead in left))):
        if 1 <= count < len(ORDINALS):
            yield Phrase("sum", f"the {ORDINALS[count]} thing from the {side}")
