"""A policy as numbers: does it name and touch what was asked for, how near, and which way do long things lie?

Every column is measured on fresh pictures of the robot's own camera in varied light, from seeds that no training pool uses.
"""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from pydantic import Field

from siren.core.interfaces import Proposer as Proposes
from siren.core.plan import PUTS, TABLES, Plan, Step
from siren.core.scene import Scene, SceneObject
from siren.core.task import Task
from siren.core.values import Value
from siren.learning.shown import is_long
from siren.learning.web_data import grain
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, backdrop_setting, layout_bodies, robot_setting
from siren.world.tasks import make_task, nominal_scene
from siren.world.wording import Manner, forms, nouns, spoken, write_instruction

Column = Literal["seen", "unseen", "use_seen", "use_unseen", "reasoning", "phrasing", "background", "layout", "multi"]
COLUMNS: tuple[Column, ...] = get_args(Column)
GATED: tuple[Column, ...] = ("seen", "unseen", "use_seen", "use_unseen")  # what new weights must not lose
FULL, QUICK = 400, 60
SINGLE: tuple[Manner, ...] = ("pick", "place", "place_in", "stack", "near", "push", "tip")  # one thing, spoken of in one phrase
NEAR = 0.05  # metres: farther away it is nobody's place
_HEADER = "| column | scenes | object right | word right | place error, cm | target right | axis error, degrees | word and place agree |"
FIRST_SEED = 3_000_000_000  # training draws task seeds below 2 ** 31


class ColumnReport(Value):
    """One column: shares from 0 to 1, centimetres, degrees."""

    column: Column
    count: int
    object_right: float = Field(description="the thing nearest to the first picked place of the main object is the one asked for")
    word_right: float = Field(description="the plan names the thing asked for")
    place_error_cm: float | None = Field(description="median distance from the decoded place to the thing asked for")
    target_right: float | None = Field(description="of plans that put it somewhere: the target is named right and met within 4 cm")
    axis_error_deg: float | None = Field(description="median over long things, when asked where they are")
    agreeing: float | None = Field(default=None, description="share of steps whose word and place are the same thing on the table")
    right: tuple[bool, ...] = Field(description="object and word right, case by case: for paired comparison")


class PolicyReport(Value):
    """All columns of one checkpoint."""

    checkpoint: str
    columns: tuple[ColumnReport, ...]

    def column(self, name: Column) -> ColumnReport:
        """That column; KeyError when it was not measured."""
        for column in self.columns:
            if column.column == name:
                return column
        raise KeyError(name)

    def table(self) -> str:
        """As a Markdown table."""
        lines = [_HEADER, "|" + "---|" * 8]
        for row in self.columns:
            target = "-" if row.target_right is None else f"{row.target_right:.3f}"
            axis = "-" if row.axis_error_deg is None else f"{row.axis_error_deg:.1f}"
            error = "-" if row.place_error_cm is None else f"{row.place_error_cm:.2f}"
            shares = f"{row.object_right:.3f} | {row.word_right:.3f} | {error}"
            agreeing = "-" if row.agreeing is None else f"{row.agreeing:.3f}"
            lines.append(f"| {row.column} | {row.count} | {shares} | {target} | {axis} | {agreeing} |")
        return "\n".join(lines)


def evaluate_policy(policy: Proposes | Path, count: int = FULL, seed: int = 0, columns: tuple[Column, ...] = COLUMNS) -> PolicyReport:
    """Greedy proposals on `count` fresh scenes a column. Equal seeds give equal scenes, so that two policies compare in pairs."""
    proposer: Proposes = Proposer.load(policy) if isinstance(policy, Path) else policy
    with Camera() as camera:
        return PolicyReport(
            checkpoint=proposer.checkpoint,
            columns=tuple(_measure(proposer, camera, column, count, seed) for column in columns),
        )


class _Case(Value):
    """What came out for one scene."""

    object_right: bool
    word_right: bool
    error: float | None
    target_right: bool | None
    axis_error: float | None
    agreements: tuple[bool, ...]


def _measure(proposer: Proposes, camera: Camera, column: Column, count: int, seed: int) -> ColumnReport:
    cases: list[_Case] = []
    number = FIRST_SEED + seed * 100_000 + COLUMNS.index(column) * 20_000
    while len(cases) < count:
        number += 1
        task = _TASKS[column](number)
        if task is not None:
            cases.append(_try(proposer, camera, task, np.random.default_rng([number, 5])))
    errors = [case.error for case in cases if case.error is not None]
    targets = [case.target_right for case in cases if case.target_right is not None]
    axes = [case.axis_error for case in cases if case.axis_error is not None]
    agreements = [agreed for case in cases for agreed in case.agreements]
    return ColumnReport(
        column=column,
        count=count,
        object_right=float(np.mean([case.object_right for case in cases])),
        word_right=float(np.mean([case.word_right for case in cases])),
        place_error_cm=float(np.median(errors)) if errors else None,
        target_right=float(np.mean(targets)) if targets else None,
        axis_error_deg=float(np.median(axes)) if axes else None,
        agreeing=float(np.mean(agreements)) if agreements else None,
        right=tuple(case.object_right and case.word_right for case in cases),
    )


def _try(proposer: Proposes, camera: Camera, task: Task, rng: np.random.Generator) -> _Case:
    scene = nominal_scene(task)
    setting = backdrop_setting(task.backdrop, robot_setting(rng))
    image = grain(rng, camera.look(layout_bodies(task), setting).image)
    plan = proposer.propose(image, task.instruction, 1, rng)[0].plan
    asked = scene.find(task.goal.object)
    assert plan is not None
    assert asked is not None
    step = _main_step(plan, task)
    place = step.keyframe.position[:2]
    axis = _axis_error(proposer, image, asked) if is_long(asked.size) and isinstance(proposer, Proposer) else None
    named = step.object == asked.name
    return _Case(
        object_right=named if step.skill == "push" else place_is(scene, place, asked),
        word_right=named,
        error=None if step.skill == "push" else 100 * math.dist(place, asked.position[:2]),
        target_right=_target_right(plan, task, scene),
        axis_error=axis,
        agreements=tuple(agreements(plan, scene)),
    )


def _main_step(plan: Plan, task: Task) -> Step:
    """The step that handles the main thing. Preparing steps come first: of what is taken it is the last, or the last but one of two."""
    family = task.family
    if family in ("push", "tip", "open"):
        return next((step for step in reversed(plan.steps) if step.skill == family), plan.steps[0])
    picks = [step for step in plan.steps if step.skill == "pick"] or [plan.steps[0]]
    return picks[-min(len(picks), len(task.goal.each()))]


def place_is(scene: Scene, place: tuple[float, float], asked: SceneObject) -> bool:
    """Whether no other thing is nearer to the place. What stands on or carries the thing shares its place and does not count."""
    near = math.dist(place, asked.position[:2])
    same_place = {asked.name, asked.support, *(thing.name for thing in scene.carried_by(asked.name))}
    others = [thing for thing in scene.objects if thing.name not in same_place]
    return near < NEAR and all(math.dist(place, other.position[:2]) >= near for other in others)


def agreements(plan: Plan, scene: Scene) -> Iterator[bool]:
    """For every step that says a thing and where it is: whether what stands at the place is what the word names.

    Of steps that take or tip it is the thing itself, of steps that put something on or in a thing that thing. Places on the bare table,
    and where a push ends, have no word.
    """
    for step in plan.steps:
        word = step.object if step.skill in ("pick", "tip", "open") else step.target if step.skill in PUTS else None
        if word is None or word in TABLES:
            continue
        thing = scene.find(word)
        yield thing is not None and place_is(scene, step.keyframe.position[:2], thing)


def _target_right(plan: Plan, task: Task, scene: Scene) -> bool | None:
    """Whether the last step puts its thing where it is to go: named right and within 4 cm, or beside it within 20 cm."""
    goal = task.goal.each()[-1]
    target = scene.find(goal.target) if goal.target else None
    if target is None:
        return None
    step = plan.steps[-1]
    away = math.dist(step.keyframe.position[:2], target.position[:2])
    return away < 0.20 if goal.relation == "near" else step.target == target.name and away < 0.04


def _axis_error(proposer: Proposer, image: np.ndarray, asked: SceneObject) -> float:
    """Degrees between the answered and the true long axis; 90 when the answer is that there is none."""
    answer = proposer.point(image, "the " + asked.kind.replace("_", " ")).axis
    true = asked.yaw + (0.0 if asked.size[0] >= asked.size[1] else 90.0)
    return 90.0 if answer is None else abs((answer - true + 90.0) % 180.0 - 90.0)


def _by_use(task: Task) -> Task | None:
    """The same task with the thing named by a use that fits nothing else on the table, or None."""
    phrases = [phrase for phrase in nouns(nominal_scene(task), task.goal.object) if phrase.reference == "use"]
    known = forms(task.family) if task.family in SINGLE else ()
    if not phrases or not known:
        return None
    target = spoken(task.goal.target) if task.goal.target else ""
    sentence = write_instruction(known[task.seed % len(known)], phrases[0].text, target)
    return task.model_copy(update={"instruction": sentence})


_TASKS: dict[Column, Callable[[int], Task | None]] = {
    "seen": lambda seed: make_task(seed, "seen"),
    "unseen": lambda seed: make_task(seed, "unseen"),
    "use_seen": lambda seed: make_task(seed, "use"),
    "use_unseen": lambda seed: _by_use(make_task(seed, "unseen")),
    "reasoning": lambda seed: make_task(seed, "reasoning"),
    "phrasing": lambda seed: make_task(seed, "phrasing"),
    "background": lambda seed: make_task(seed, "background"),
    "layout": lambda seed: make_task(seed, "layout"),
    "multi": lambda seed: make_task(seed, "multi"),
}
