"""Pictures of any things on any table, with what people write about them: the web half of the training data.

All kinds come in it, also those that no robot sample ever shows, on tables of any pattern but those of the split `background`.
"""

import math
from collections.abc import Sequence

import numpy as np

from siren.learning.regions import region_labels
from siren.learning.samples import Row, WebSample
from siren.learning.shown import shown_things
from siren.learning.web_texts import web_texts
from siren.world.camera import CENTRE, Camera, VisibleBody, robot_setting, web_setting
from siren.world.catalogue import catalogue
from siren.world.kinds import WET, Kind
from siren.world.shape import quaternion

VARIED = 0.25  # share of things that are of another colour or size, where their kind has one
# Without web pictures on a table like the robot's, unseen kinds are read there as the seen kind that looks most alike (measured
# in a prototype: 90 of 90 forks as spoons).
LIKE_ROBOT = 0.35
# Kinds that no robot sample shows are drawn so many times as often as the others: those have the robot's pictures and plans besides.
RARE = 2.0
TEXTS = 12  # written about each picture; a training row takes four of them


def web_row(rng: np.random.Generator, camera: Camera, count: int = TEXTS) -> Row:
    """One new picture of one to six things, `count` texts about it, and its region labels."""
    while True:
        setting = robot_setting(rng) if rng.random() < LIKE_ROBOT else web_setting(rng)
        kinds = tuple(catalogue().values())
        chances = np.array([RARE if kind.held_out else 1.0 for kind in kinds])
        bodies = arrange(rng, kinds, int(rng.integers(1, 7)), setting.width / 2 - 0.03, chances / chances.sum())
        picture = camera.look(bodies, setting)
        shown = shown_things(bodies, picture.segmentation, setting)
        if shown:
            regions = [thing.region for thing in shown_things(bodies, picture.segmentation, setting, least=0)]
            texts = web_texts(rng, shown, count)
            return Row(grain(rng, exposed(rng, picture.image)), texts, region_labels(picture.segmentation, regions))


def web_samples(rng: np.random.Generator, camera: Camera, count: int) -> tuple[WebSample, ...]:
    """Single questions with answers, about four to a picture, for rehearsal while fine-tuning."""
    samples: list[WebSample] = []
    while len(samples) < count:
        row = web_row(rng, camera, 4)
        samples += [WebSample(row.image, text.prompt, text.answer) for text in row.texts]
    return tuple(samples[:count])


def arrange(
    rng: np.random.Generator, kinds: Sequence[Kind], count: int, reach: float, chances: np.ndarray | None = None
) -> tuple[VisibleBody, ...]:
    """Up to `count` things of different kinds within `reach` metres of the centre along each axis, none overlapping.

    Now and then a thing stands on a flat one, a lid lies on a box, or a thing is wet. `chances` of each kind to come next; None: equal.
    """
    order = [kinds[number] for number in rng.choice(len(kinds), len(kinds), replace=False, p=chances)]
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


def grain(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """A little noise, as every sensor adds (standard deviation 3 of 255)."""
    return np.clip(image + rng.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def exposed(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """As another camera takes it: brighter or darker by up to a fifth, each colour by another 4 %. float, (96, 96, 3), not clipped."""
    return np.asarray(image * (rng.uniform(0.8, 1.2) * rng.uniform(0.96, 1.04, 3)))
