"""A task and a stress as what a policy meets then: other light, colours or camera, more things, other words, other matter, a shaking hand.

A stress has a kind and a level from 1 to 4; AMOUNTS says what a level is. The random part of a stress depends on the task's seed and the
kind alone, so that every level goes farther the same way: two things more are the one of level 1 and another.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

import numpy as np
from pydantic import Field

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW
from siren.core.plan import Plan
from siren.core.task import Backdrop, Placement, Task
from siren.core.values import Value
from siren.world.bullet import TABLE_COLOUR
from siren.world.camera import Setting
from siren.world.catalogue import things
from siren.world.layout import Layout, scene_of
from siren.world.shape import Colour, Feel
from siren.world.solvable import can_be_done
from siren.world.wording import Manner, forms, spoken, write_instruction

StressKind = Literal["light", "colour", "camera", "distractors", "paraphrase", "mass", "friction", "noise"]
STRESSES: tuple[StressKind, ...] = get_args(StressKind)
LEVELS = (1, 2, 3, 4)


class Amounts(NamedTuple):
    """What the levels of a stress are, in words and numbers; `usual` is what is there without it."""

    told: str
    usual: float
    levels: tuple[float, float, float, float]


AMOUNTS: Mapping[StressKind, Amounts] = MappingProxyType(
    {
        "light": Amounts("ambient light", 0.62, (0.50, 0.40, 0.30, 0.20)),  # training has 0.50 to 0.75
        "colour": Amounts("share of another colour in the table's", 0.0, (0.25, 0.50, 0.75, 1.0)),
        "camera": Amounts("metres that the camera stands beside its place", 0.0, (0.05, 0.10, 0.15, 0.20)),
        "distractors": Amounts("more things on the table", 0.0, (1, 2, 3, 4)),
        "paraphrase": Amounts("another known form; politely; a new form; that politely", 0.0, (1, 2, 3, 4)),
        "mass": Amounts("times the mass of everything", 1.0, (1.5, 2.0, 3.0, 4.0)),
        "friction": Amounts("times the friction of everything", 1.0, (0.85, 0.70, 0.55, 0.40)),
        "noise": Amounts("mm and degrees that the hand is off (deviation)", 0.0, (2, 5, 10, 15)),
    }
)

_STREAM = 89
_TABLES = 60
_ROOM = 0.02, 0.01  # metres kept free around what stands there, and between that and what comes
_POLITE = ("please {s}", "could you {s} please", "would you {s} now")


class Stress(Value):
    """One way of disturbing a trial."""

    kind: StressKind
    level: int = Field(ge=LEVELS[0], le=LEVELS[-1])

    @property
    def amount(self) -> float:
        """What the level stands for, see AMOUNTS."""
        return AMOUNTS[self.kind].levels[self.level - 1]


def stressed_task(task: Task, stress: Stress | None) -> Task:
    """The task in other light, on another table, in other words, or among more things: on 3 of 60 tables not all four found room."""
    if stress is None:
        return task
    rng = _random(task, stress.kind)
    if stress.kind == "light":
        return task.model_copy(update={"backdrop": Backdrop(table=TABLE_COLOUR, ambient=stress.amount)})
    if stress.kind == "colour":
        return task.model_copy(update={"backdrop": Backdrop(table=_blended(rng, stress.amount))})
    if stress.kind == "paraphrase":
        return task.model_copy(update={"instruction": _said_otherwise(task, stress.level, rng)})
    if stress.kind == "distractors":
        return task.model_copy(update={"layout": (*task.layout, *_more_things(task, rng)[: int(stress.amount)])})
    return task


def stressed_view(task: Task, stress: Stress | None) -> Setting:
    """From where the policy's picture is taken: the robot's own camera, or beside its place and still looking at the middle."""
    usual = Setting()
    if stress is None or stress.kind != "camera":
        return usual
    angle = float(_random(task, "camera").uniform(0, 2 * math.pi))
    x, y, z = usual.eye
    return replace(usual, eye=(x + stress.amount * math.cos(angle), y + stress.amount * math.sin(angle), z))


def stressed_feel(stress: Stress | None) -> Feel:
    """What everything weighs and how it slides."""
    if stress is None or stress.kind not in ("mass", "friction"):
        return Feel()
    return Feel(mass=stress.amount) if stress.kind == "mass" else Feel(friction=stress.amount)


def shaken(plan: Plan, task: Task, stress: Stress | None) -> Plan:
    """The plan as a hand carries it out that is a little off at every step, within the workspace."""
    if stress is None or stress.kind != "noise":
        return plan
    rng, steps = _random(task, "noise"), []
    for step in plan.steps:
        off = rng.normal(0.0, stress.amount, 4)
        roll, pitch, yaw = step.keyframe.rotation
        place = np.clip(np.add(step.keyframe.position, off[:3] / 1000), WORKSPACE_LOW, WORKSPACE_HIGH)
        x, y, z = (round(float(value), 4) for value in place)
        frame = step.keyframe.model_copy(update={"position": (x, y, z), "rotation": (roll, pitch, round(yaw + float(off[3]), 2))})
        steps.append(step.model_copy(update={"keyframe": frame}))
    return Plan(steps=tuple(steps))


def _random(task: Task, kind: StressKind) -> np.random.Generator:
    return np.random.default_rng([task.seed, STRESSES.index(kind), _STREAM])


def _blended(rng: np.random.Generator, share: float) -> Colour:
    other = rng.uniform(0.05, 0.95, 3)
    red, green, blue = (float(value) for value in (1 - share) * np.array(TABLE_COLOUR) + share * other)
    return round(red, 3), round(green, 3), round(blue, 3)


def _said_otherwise(task: Task, level: int, rng: np.random.Generator) -> str:
    """The same request in another form: one of training's, one it never held, and either of them with words of politeness."""
    manner: Manner = task.family  # type: ignore[assignment]  # of the split `seen`, where they are the same
    noun = spoken(task.goal.object)
    place = spoken(task.goal.target) if task.goal.target else ""
    said = [write_instruction(form, noun, place) for form in forms(manner, held_out=level > 2)]
    others = [sentence for sentence in said if sentence != task.instruction]
    sentence = others[int(rng.integers(len(others)))]
    polite = _POLITE[int(rng.integers(len(_POLITE)))]
    return polite.format(s=sentence) if level in (2, 4) else sentence


def _more_things(task: Task, rng: np.random.Generator) -> tuple[Placement, ...]:
    """As many more things as the highest level asks for, so that the task can still be done with each of them; else as many as went."""
    most: tuple[Placement, ...] = ()
    for _ in range(_TABLES):
        more = _scattered(task, rng)
        done = next((count for count in range(len(more), 0, -1) if _can_all_be_done(task, more[:count])), 0)
        most = max(most, more[:done], key=len)
        if len(most) == len(LEVELS):
            break
    return most


def _scattered(task: Task, rng: np.random.Generator) -> tuple[Placement, ...]:
    """Other things where there is room."""
    layout, there, pool = Layout(rng), scene_of(task.layout), things(held_out=False)
    for thing in there.objects:
        layout.keep_clear((thing.position[0], thing.position[1]), math.hypot(*thing.size[:2]) / 2 + _ROOM[0])
    for index in rng.permutation(len(pool)):
        if len(layout.placements()) < len(LEVELS) and pool[index].name not in there.names():
            layout.scatter(pool[index], _ROOM[1], 0.0)
    return layout.placements()


def _can_all_be_done(task: Task, more: tuple[Placement, ...]) -> bool:
    return all(can_be_done(task, scene_of((*task.layout, *more[:count]))) for count in range(1, len(more) + 1))
