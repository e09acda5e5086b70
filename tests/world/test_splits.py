"""The splits never mix: what one of them is about comes up in no other that does not share it."""

from collections.abc import Callable

import numpy as np
import pytest

from siren.core.task import Task
from siren.world.arrangement import in_corner
from siren.world.backdrops import GROUNDS, PATTERNS, pattern_file
from siren.world.camera import Camera, Setting, backdrop_setting, layout_bodies, robot_setting, web_setting
from siren.world.catalogue import kind_of
from siren.world.layout import scene_of
from siren.world.splits import SPLITS, Split
from siren.world.tasks import make_task
from siren.world.wording.forms import FORMS
from siren.world.wording.reading import reading_of

SEEDS = range(40)


def has_unseen(task: Task) -> bool:
    return any(kind_of(item.kind).held_out for item in task.layout)


def has_backdrop(task: Task) -> bool:
    return task.backdrop is not None and bool(task.backdrop.texture)


def is_crowded_in_a_corner(task: Task) -> bool:
    target = scene_of(task.layout).find(task.goal.object)
    return target is not None and in_corner((target.position[0], target.position[1]))


def is_said_otherwise(task: Task) -> bool:
    language, manner, form = reading_of(task.instruction)
    return form in FORMS[language][manner].held_out


def is_described(task: Task) -> bool:
    return task.reference != "name" or task.language != "en"


def has_several_parts(task: Task) -> bool:
    return task.family in ("clear", "tidy") or bool(task.goal.also)


# What a split is about, and the splits where all tasks are so; in the others none is.
MARKS: list[tuple[Callable[[Task], bool], set[Split]]] = [
    (has_unseen, {"unseen"}),
    (has_backdrop, {"background"}),
    (is_crowded_in_a_corner, {"layout"}),
    (is_said_otherwise, {"phrasing"}),
    (is_described, {"reasoning", "use"}),
    (has_several_parts, {"multi"}),
]


@pytest.fixture(scope="module")
def tasks() -> dict[Split, list[Task]]:
    return {split: [make_task(seed, split) for seed in SEEDS] for split in SPLITS}


@pytest.mark.parametrize(("mark", "splits"), MARKS)
def test_a_mark_belongs_to_its_splits_alone(tasks: dict[Split, list[Task]], mark: Callable[[Task], bool], splits: set[Split]) -> None:
    found = {split: [task.seed for task in drawn if mark(task) != (split in splits)] for split, drawn in tasks.items()}
    if mark is is_crowded_in_a_corner:
        found["layout"] = [seed for seed in found["layout"] if tasks["layout"][seed].family != "open"]
    assert found == {split: [] for split in SPLITS}


def test_use_is_the_part_of_reasoning_that_tells_what_a_thing_is_good_for(tasks: dict[Split, list[Task]]) -> None:
    assert {task.reference for task in tasks["use"]} == {"use"}
    said = {(task.reference, task.language) for seed in range(80) for task in [make_task(seed, "reasoning")]}
    assert {
        ("use", "en"),
        ("comparison", "en"),
        ("occasion", "en"),
        ("symbol", "en"),
        ("sum", "en"),
        ("name", "es"),
        ("name", "ko"),
    } <= said


def test_no_table_is_laid_in_two_splits(tasks: dict[Split, list[Task]]) -> None:
    layouts = [task.layout for drawn in tasks.values() for task in drawn]
    assert len(set(layouts)) == len(layouts)


def test_a_layout_task_has_more_things_than_any_other(tasks: dict[Split, list[Task]]) -> None:
    def solid(task: Task) -> int:
        return sum(kind_of(item.kind).role in ("thing", "container") for item in task.layout)

    assert min(solid(task) for task in tasks["layout"]) >= 6
    assert sum(solid(task) for task in tasks["layout"]) > 1.2 * sum(solid(task) for task in tasks["seen"])


def test_a_background_shows() -> None:
    task = make_task(3, "background")
    with Camera() as camera:
        usual = camera.look(layout_bodies(task)).image
        other = camera.look(layout_bodies(task), backdrop_setting(task.backdrop)).image
        again = camera.look(layout_bodies(task), Setting()).image
    assert abs(usual.astype(int) - other).mean() > 10
    assert (usual == again).all(), "the pattern goes when the backdrop goes"


def test_tables_of_other_people_show_no_pattern_of_the_split() -> None:
    rng = np.random.default_rng(0)
    textures = {web_setting(rng).texture for _ in range(400)}
    assert textures == {"", *GROUNDS}
    assert not set(GROUNDS) & set(PATTERNS)
    assert {robot_setting(rng).texture for _ in range(20)} == {""}
    files = [pattern_file(name) for name in (*GROUNDS, *PATTERNS)]
    assert len({file.read_bytes() for file in files}) == len(GROUNDS) + len(PATTERNS), "every one looks different"
