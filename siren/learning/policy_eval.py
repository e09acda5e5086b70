"""A policy as numbers: does it name and touch what was asked for, how near, and which way do long things lie?

Every column is measured on fresh pictures of the robot's own camera in varied light, from seeds that no training pool uses.
"""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from siren.core.scene import Scene, SceneObject
from siren.core.task import Task
from siren.core.values import Value
from siren.learning.web_data import grain, is_long
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.catalogue import kind_of, uses
from siren.world.tasks import make_task, nominal_scene
from siren.world.wording import Manner, forms, spoken, write_instruction

Column = Literal["seen", "unseen", "use_seen", "use_unseen"]
COLUMNS: tuple[Column, ...] = ("seen", "unseen", "use_seen", "use_unseen")
FULL, QUICK = 400, 60
NEAR = 0.05  # metres: farther away it is nobody's place
_HEADER = "| column | scenes | object right | word right | place error, cm | target right | axis error, degrees |"
FIRST_SEED = 3_000_000_000  # training draws task seeds below 2 ** 31


class ColumnReport(Value):
    """One column: shares from 0 to 1, centimetres, degrees."""

    column: Column
    count: int
    object_right: float = Field(description="the thing nearest to the first picked place of the main object is the one asked for")
    word_right: float = Field(description="the plan names the thing asked for")
    place_error_cm: float = Field(description="median distance from the decoded place to the thing asked for")
    target_right: float | None = Field(description="of plans that put it somewhere: the target is named right and met within 4 cm")
    axis_error_deg: float | None = Field(description="median over long things, when asked where they are")
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
        lines = [_HEADER, "|" + "---|" * 7]
        for row in self.columns:
            target = "-" if row.target_right is None else f"{row.target_right:.3f}"
            axis = "-" if row.axis_error_deg is None else f"{row.axis_error_deg:.1f}"
            shares = f"{row.object_right:.3f} | {row.word_right:.3f} | {row.place_error_cm:.2f}"
            lines.append(f"| {row.column} | {row.count} | {shares} | {target} | {axis} |")
        return "\n".join(lines)


def evaluate_policy(policy: Proposer | Path, count: int = FULL, seed: int = 0, columns: tuple[Column, ...] = COLUMNS) -> PolicyReport:
    """Greedy proposals on `count` fresh scenes a column. Equal seeds give equal scenes, so that two policies compare in pairs."""
    proposer = Proposer.load(policy) if isinstance(policy, Path) else policy
    with Camera() as camera:
        return PolicyReport(
            checkpoint=proposer.checkpoint,
            columns=tuple(_measure(proposer, camera, column, count, seed) for column in columns),
        )


class _Case(Value):
    """What came out for one scene."""

    object_right: bool
    word_right: bool
    error: float
    target_right: bool | None
    axis_error: float | None


def _measure(proposer: Proposer, camera: Camera, column: Column, count: int, seed: int) -> ColumnReport:
    cases: list[_Case] = []
    number = FIRST_SEED + seed * 100_000 + COLUMNS.index(column) * 20_000
    while len(cases) < count:
        number += 1
        task = _TASKS[column](number)
        if task is not None:
            cases.append(_try(proposer, camera, task, np.random.default_rng([number, 5])))
    targets = [case.target_right for case in cases if case.target_right is not None]
    axes = [case.axis_error for case in cases if case.axis_error is not None]
    return ColumnReport(
        column=column,
        count=count,
        object_right=float(np.mean([case.object_right for case in cases])),
        word_right=float(np.mean([case.word_right for case in cases])),
        place_error_cm=float(np.median([case.error for case in cases])),
        target_right=float(np.mean(targets)) if targets else None,
        axis_error_deg=float(np.median(axes)) if axes else None,
        right=tuple(case.object_right and case.word_right for case in cases),
    )


def _try(proposer: Proposer, camera: Camera, task: Task, rng: np.random.Generator) -> _Case:
    scene = nominal_scene(task)
    image = grain(rng, camera.look(layout_bodies(task), robot_setting(rng)).image)
    plan = proposer.propose(image, task.instruction, 1, rng)[0].plan
    asked = scene.find(task.goal.object)
    assert plan is not None
    assert asked is not None
    picks = [step for step in plan.steps if step.skill == "pick"]
    # Preparing steps come first: the main object is the last thing picked.
    step = picks[-1] if picks else plan.steps[0]
    place = step.keyframe.position[:2]
    axis = _axis_error(proposer, image, asked) if is_long(asked.size) else None
    return _Case(
        object_right=_nearest(scene, place, asked),
        word_right=step.object == asked.name,
        error=100 * math.dist(place, asked.position[:2]),
        target_right=_target_right(plan.steps[-1].target, plan.steps[-1].keyframe.position[:2], task, scene),
        axis_error=axis,
    )


def _nearest(scene: Scene, place: tuple[float, float], asked: SceneObject) -> bool:
    """Whether no other thing is nearer to the place. What stands on or carries the thing shares its place and does not count."""
    near = math.dist(place, asked.position[:2])
    same_place = {asked.name, asked.support, *(thing.name for thing in scene.carried_by(asked.name))}
    others = [thing for thing in scene.objects if thing.name not in same_place]
    return near < NEAR and all(math.dist(place, other.position[:2]) >= near for other in others)


def _target_right(named: str | None, place: tuple[float, float], task: Task, scene: Scene) -> bool | None:
    target = scene.find(task.goal.target) if task.goal.target else None
    if target is None:
        return None
    return named == target.name and math.dist(place, target.position[:2]) < 0.04


def _axis_error(proposer: Proposer, image: np.ndarray, asked: SceneObject) -> float:
    """Degrees between the answered and the true long axis; 90 when the answer is that there is none."""
    answer = proposer.point(image, "the " + asked.kind.replace("_", " ")).axis
    true = asked.yaw + (0.0 if asked.size[0] >= asked.size[1] else 90.0)
    return 90.0 if answer is None else abs((answer - true + 90.0) % 180.0 - 90.0)


def _by_use(task: Task) -> Task | None:
    """The same task with the thing named by a use that fits nothing else on the table, or None."""
    others = {use for item in task.layout if item.kind != task.goal.object for use in kind_of(item.kind).uses}
    fitting = [use for use in uses() if use in kind_of(task.goal.object).uses and use not in others]
    if not fitting:
        return None
    manner: Manner = "together" if task.family == "tidy" else task.family
    written, place = forms(manner), spoken(task.goal.target) if task.goal.target else ""
    sentence = write_instruction(written[task.seed % len(written)], f"something that {fitting[0]}", place)
    return task.model_copy(update={"instruction": sentence})


_TASKS: dict[Column, Callable[[int], Task | None]] = {
    "seen": lambda seed: make_task(seed, "seen"),
    "unseen": lambda seed: make_task(seed, "unseen"),
    "use_seen": lambda seed: make_task(seed, "use"),
    "use_unseen": lambda seed: _by_use(make_task(seed, "unseen")),
}
