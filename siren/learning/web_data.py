"""Pictures of any things on any table, with what people write about pictures: the web half of the training data.

Captions, lists with places, pointing, questions on colour, category, use and comparison, over all kinds, also those that no robot
sample ever shows. Nobody acts here, so there are no plans, only words and places.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from siren.core.scene import Scene, SceneObject
from siren.core.task import Reference
from siren.learning.regions import QUARTERED, WET_WORD, Region, region_labels
from siren.learning.samples import Row, Text, WebSample
from siren.policy.action_text import turn_word
from siren.policy.vocabulary import PLACES, TURNS
from siren.world.camera import CENTRE, Camera, Setting, VisibleBody, robot_setting, web_setting
from siren.world.catalogue import catalogue, scene_object
from siren.world.kinds import WET, Kind
from siren.world.shape import quaternion
from siren.world.wording import Phrase, nouns, places, spoken

LONG = 1.45  # a thing whose sides differ by less has no axis that could be asked for
LEAST_SEEN = 6  # pixels; what shows less is not spoken of
USE = "something that "
VARIED = 0.25  # share of things that are of another colour or size, where their kind has one
WEB_WORDS = (
    "question",
    ":",
    "caption",
    "list",
    "robot",
    "where",
    "is",
    "the",
    "what",
    "which",
    "one",
    "?",
    "there",
    "yes",
    "no",
    "kind",
    "colour",
    "of",
    "a",
    "an",
    "and",
    "at",
    "object",
    "something",
    "that",
    "show",
    "me",
    "point",
    WET_WORD,
)
# Without web pictures on a table like the robot's, unseen kinds are read there as the seen kind that looks most alike (measured
# in a prototype: 90 of 90 forks as spoons).
LIKE_ROBOT = 0.2
TEXTS = 12  # written about each picture; a training row takes four of them


@dataclass(frozen=True)
class Shown:
    """One thing in a picture, as the texts speak of it."""

    kind: Kind
    region: Region
    pixels: int
    seen: SceneObject  # in its own colour and size

    @property
    def place(self) -> str:
        return f"x{self.region.x} y{self.region.y}"

    @property
    def turn(self) -> str:
        return "any" if not 0 <= self.region.turn < QUARTERED else f"r{self.region.turn}"


def web_row(rng: np.random.Generator, camera: Camera, count: int = TEXTS) -> Row:
    """One new picture of one to six things, `count` texts about it, and its region labels."""
    while True:
        setting = robot_setting(rng) if rng.random() < LIKE_ROBOT else web_setting(rng)
        bodies = arrange(rng, tuple(catalogue().values()), int(rng.integers(1, 7)), setting.width / 2 - 0.03)
        picture = camera.look(bodies, setting)
        shown = shown_things(bodies, picture.segmentation, setting)
        if shown:
            regions = [thing.region for thing in shown_things(bodies, picture.segmentation, setting, least=0)]
            texts = web_texts(rng, shown, count)
            return Row(grain(rng, picture.image), texts, region_labels(picture.segmentation, regions))


def web_samples(rng: np.random.Generator, camera: Camera, count: int) -> tuple[WebSample, ...]:
    """Single questions with answers, about four to a picture, for rehearsal while fine-tuning."""
    samples: list[WebSample] = []
    while len(samples) < count:
        row = web_row(rng, camera, 4)
        samples += [WebSample(row.image, text.prompt, text.answer) for text in row.texts]
    return tuple(samples[:count])


def arrange(rng: np.random.Generator, kinds: Sequence[Kind], count: int, reach: float) -> tuple[VisibleBody, ...]:
    """Up to `count` things of different kinds within `reach` metres of the centre along each axis, none overlapping.

    Now and then a thing stands on a flat one, a lid lies on a box, or a thing is wet.
    """
    order = [kinds[number] for number in rng.permutation(len(kinds))]
    bodies: list[VisibleBody] = []
    discs: list[tuple[float, float, float]] = []
    for kind in order[: 3 * count]:
        spot = _free(rng, discs, kind.radius, reach)
        if len(bodies) >= count or spot is None or any(body.kind == kind.name for body in bodies):
            continue
        discs.append((*spot, kind.radius))
        bodies.append(_body(rng, kind, spot, 0.0))
        rider = _rider(rng, kind, order, bodies)
        if rider is not None:
            shift = rng.uniform(-0.012, 0.012, 2) if rider.role != "lid" else np.zeros(2)
            height = kind.variant(bodies[-1].variant).size[2]
            bodies.append(_body(rng, rider, (spot[0] + float(shift[0]), spot[1] + float(shift[1])), height))
    return tuple(bodies)


def shown_things(bodies: Sequence[VisibleBody], segmentation: np.ndarray, setting: Setting, least: int = LEAST_SEEN) -> tuple[Shown, ...]:
    """What a picture shows, in the order of the bodies; `least` pixels must be seen of it."""
    kinds = catalogue()
    numbers = {name: number for number, name in enumerate(kinds)}
    shown = []
    for index, body in enumerate(bodies):
        pixels = int((segmentation == index).sum())
        if pixels < least:
            continue
        kind = kinds[body.kind]
        varied = kind.variant(body.variant)
        x, y, turn = _image_place(varied, body, setting)
        wet = int(WET in body.marks) if kind.wettable else -1
        seen = scene_object(body.kind, varied, body.marks, body.position, body.orientation)
        shown.append(Shown(kind, Region(numbers[body.kind], x, y, turn, wet), pixels, seen))
    return tuple(shown)


def web_texts(rng: np.random.Generator, shown: Sequence[Shown], count: int) -> tuple[Text, ...]:
    """A list of all things, then `count` - 1 questions and captions with their answers."""
    texts = [Text("list", " ; ".join(f"{thing.kind.name} {thing.place} {thing.turn}" for thing in _left_to_right(shown)))]
    while len(texts) < count:
        thing = shown[int(rng.integers(len(shown)))]
        draw = rng.random()
        text = next(make for limit, make in _MAKERS if draw < limit)(rng, thing, shown)
        if text is not None:
            texts.append(text)
    return tuple(texts)


def pointing(words: str, thing: Shown) -> Text:
    """Where is it, and which way does it lie? The answer's turn is the yaw of a hand that closes across the long axis."""
    return Text(f"question : where is {words}", f"{thing.kind.name} {thing.place} {thing.turn}")


def spoken_of(shown: Sequence[Shown], *references: Reference) -> list[tuple[Phrase, Shown]]:
    """Every phrase of these kinds that fits exactly one shown thing, and that thing."""
    scene = Scene(objects=tuple(thing.seen for thing in shown), perception="picture")
    told = [(phrase, thing) for thing in shown for phrase in (*nouns(scene, thing.kind.name), *_as_place(thing))]
    return [(phrase, thing) for phrase, thing in told if phrase.reference in references]


def _as_place(thing: Shown) -> tuple[Phrase, ...]:
    return places(thing.kind.name) if thing.kind.role == "mat" else ()


def _point(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    draw = rng.random()
    if draw < 0.35:
        return pointing(f"the {thing.kind.name}", thing)
    if draw < 0.55:
        return pointing(spoken(thing.kind.name, "es" if draw < 0.45 else "ko"), thing)
    return _described(rng, shown, pointing)


def _show(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    """Pointing in the words of a command: what the web half knows of things is then known where the robot is asked."""
    if rng.random() < 0.3:
        return showing(f"the {thing.kind.name}", thing)
    return _described(rng, shown, showing)


def showing(words: str, thing: Shown) -> Text:
    """Where it is, asked of the robot: a plan begins with the same words in the same order."""
    return Text(f"robot : show me {words}", f"point {thing.kind.name} {thing.place} {thing.turn}")


def _described(rng: np.random.Generator, shown: Sequence[Shown], write: Callable[[str, Shown], Text]) -> Text | None:
    """By use or occasion, or against the other things; each way as often as the others."""
    ways: tuple[tuple[Reference, ...], ...] = (("use",), ("use", "occasion"), ("comparison", "sum", "symbol"))
    found = spoken_of(shown, *ways[int(rng.integers(len(ways)))])
    return _one(rng, [write(phrase.text, thing) for phrase, thing in found])


def _which_fits(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    found = spoken_of(shown, "use")
    return _one(rng, [Text(f"question : which object {phrase.text.removeprefix(USE)} ?", thing.kind.name) for phrase, thing in found])


def _comparison(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    found = spoken_of(shown, "comparison", "sum")
    return _one(rng, [Text(f"question : which one is {phrase.text} ?", thing.kind.name) for phrase, thing in found])


def _colour(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text(f"question : what colour is the {thing.kind.name} ?", thing.seen.colour)


def _category(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text(f"question : what kind of object is the {thing.kind.name} ?", thing.kind.category)


def _presence(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    if rng.random() < 0.5:
        return Text(f"question : is there a {thing.kind.name} ?", "yes")
    names = list(catalogue())
    other = names[rng.integers(len(names))]
    return None if any(seen.kind.name == other for seen in shown) else Text(f"question : is there a {other} ?", "no")


def _what_is_at(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text(f"question : what is at {thing.place} ?", thing.kind.name)


def _caption(rng: np.random.Generator, thing: Shown, shown: Sequence[Shown]) -> Text | None:
    return Text("caption", " and ".join(f"a {one.seen.colour} {one.kind.name}" for one in _left_to_right(shown)))


# Cumulative shares of each form of text.
_MAKERS = (
    (0.30, _point),
    (0.54, _show),
    (0.64, _which_fits),
    (0.70, _comparison),
    (0.75, _colour),
    (0.80, _category),
    (0.87, _presence),
    (0.95, _what_is_at),
    (1.01, _caption),
)


def _one(rng: np.random.Generator, texts: Sequence[Text]) -> Text | None:
    return texts[int(rng.integers(len(texts)))] if texts else None


def _left_to_right(shown: Sequence[Shown]) -> list[Shown]:
    return sorted(shown, key=lambda thing: -thing.region.y)


def _rider(rng: np.random.Generator, kind: Kind, order: Sequence[Kind], bodies: Sequence[VisibleBody]) -> Kind | None:
    """What stands on a thing of this kind, if anything does."""
    taken = {body.kind for body in bodies}
    if kind.role == "container":
        return next((lid for lid in order if lid.role == "lid" and lid.name not in taken and rng.random() < 0.4), None)
    if not kind.flat_top or rng.random() > 0.35:
        return None
    smaller = (
        other
        for other in order
        if other.role == "thing" and other.flat_base and max(other.size[:2]) < 0.9 * min(kind.size[:2]) and other.name not in taken
    )
    return next(smaller, None)


def _free(rng: np.random.Generator, discs: Sequence[tuple[float, float, float]], radius: float, reach: float) -> tuple[float, float] | None:
    span = reach - 0.7 * radius
    for _ in range(30):
        x, y = CENTRE[0] + float(rng.uniform(-span, span)), CENTRE[1] + float(rng.uniform(-span, span))
        if all(math.hypot(x - a, y - b) > 0.85 * (radius + other) + 0.004 for a, b, other in discs):
            return x, y
    return None


def _body(rng: np.random.Generator, kind: Kind, spot: tuple[float, float], height: float) -> VisibleBody:
    yaw = float(rng.uniform(-math.pi, math.pi))
    marks = (WET,) if kind.wettable and rng.random() < 0.3 else ()
    variant = kind.variants[int(rng.integers(len(kind.variants)))].name if kind.variants and rng.random() < VARIED else ""
    kind = kind.variant(variant)
    low, high = kind.box
    centre = (low + high) / 2
    x = spot[0] - (centre[0] * math.cos(yaw) - centre[1] * math.sin(yaw))
    y = spot[1] - (centre[0] * math.sin(yaw) + centre[1] * math.cos(yaw))
    return VisibleBody(kind.name, (float(x), float(y), height + kind.rest), quaternion((0.0, 0.0, yaw)), marks, variant)


def _image_place(kind: Kind, body: VisibleBody, setting: Setting) -> tuple[int, int, int]:
    """Grid numbers of the thing's centre (at table height) and of its long axis, as this picture shows them."""
    yaw = 2 * math.atan2(body.orientation[2], body.orientation[3])
    low, high = kind.box
    middle = (low + high) / 2
    x = body.position[0] + middle[0] * math.cos(yaw) - middle[1] * math.sin(yaw)
    y = body.position[1] + middle[0] * math.sin(yaw) + middle[1] * math.cos(yaw)
    along = yaw + (0.0 if kind.size[0] >= kind.size[1] else math.pi / 2)
    ends = np.array([[x, y, 0.0], [x + 0.01 * math.cos(along), y + 0.01 * math.sin(along), 0.0]])
    (u, v), (u_end, v_end) = setting.project(ends)
    turn = turn_word(math.degrees(math.atan2(u - u_end, v - v_end)))
    if not is_long(kind.size):
        turn = QUARTERED + turn % (TURNS // 2) if kind.outline == "box" else -1
    return _grid(1 - v), _grid(1 - u), turn


def is_long(size: tuple[float, float, float]) -> bool:
    """Whether a thing of that size has an axis that can be seen."""
    return max(size[:2]) / min(size[:2]) > LONG


def _grid(share: float) -> int:
    return min(PLACES - 1, max(0, math.floor(share * PLACES)))


def grain(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """A little noise, as every sensor adds (standard deviation 3 of 255)."""
    return np.clip(image + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)
