"""Failures whose cause is known, because without it the episode succeeds."""

from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import numpy as np
import pytest

from siren.core.errors import WorldError
from siren.world.changes import CHANGERS, Original, changes
from siren.world.expert import expert_plan
from siren.world.failure_file import read_failures, write_failures
from siren.world.injection import AHA, EVENTS, KINDS, Failure, failures, inject
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task, nominal_scene

TASKS = range(1000, 1030)


@pytest.fixture(scope="module")
def world() -> Iterator[Tabletop]:
    with Tabletop() as tabletop:
        yield tabletop


@pytest.fixture(scope="module")
def some(world: Tabletop) -> list[Failure]:
    return list(islice(failures(world, KINDS, count(1000)), 8))


def original(seed: int) -> Original:
    task = make_task(seed)
    scene = nominal_scene(task)
    return Original(task, scene, expert_plan(task, scene))


@pytest.mark.slow
def test_the_originals_succeed(world: Tabletop, some: list[Failure]) -> None:
    for task, plan in {failure.task.seed: (failure.task, failure.original) for failure in some}.values():
        world.reset(task)
        assert world.execute(plan).success


@pytest.mark.slow
def test_every_failure_fails_as_asked_every_time(world: Tabletop, some: list[Failure]) -> None:
    assert len({failure.kind for failure in some}) >= 6
    for failure in some:
        first = failure.outcome.events[0]
        assert not failure.outcome.success
        assert first.kind == failure.kind or failure.kind in AHA
        assert first.step >= failure.step or failure.cause == "wrong_sequence"
        world.reset(failure.task)
        again = world.execute(failure.plan).events[0]
        assert (again.kind, again.step, again.subject) == (first.kind, first.step, first.subject)


@pytest.mark.slow
def test_the_step_is_the_first_that_differs(some: list[Failure]) -> None:
    for failure in some:
        step = failure.step - 1
        assert failure.plan.steps[:step] == failure.original.steps[:step]
        assert failure.plan.steps[step:] != failure.original.steps[step:]


def test_a_change_touches_one_step_and_stays_in_the_workspace() -> None:
    rng = np.random.default_rng(1)
    seen = set()
    for seed in TASKS:
        given = original(seed)
        for cause in CHANGERS:
            for change in changes(cause, given, rng):
                seen.add(cause)
                assert all(step.keyframe.inside_workspace() for step in change.plan.steps)
                if cause not in ("wrong_sequence", "wrong_target"):
                    differing = [n for n, (a, b) in enumerate(zip(given.plan.steps, change.plan.steps, strict=True), 1) if a != b]
                    assert differing in ([change.step], []), (cause, change.what)
    assert seen == set(CHANGERS)


def test_what_an_episode_gives_no_occasion_for_is_not_made_up(world: Tabletop) -> None:
    task, scene, plan = next(given for given in map(original, TASKS) if given.task.goal.relation == "held" and len(given.plan.steps) == 1)
    assert inject(world, task, scene, plan, "wrong_sequence", np.random.default_rng(0)) is None
    assert inject(world, task, scene, plan, "broken", np.random.default_rng(0)) is None


def test_a_kind_that_there_is_not_is_refused(world: Tabletop) -> None:
    with pytest.raises(WorldError, match=r"unknown kind of failure 'slp'; did you mean 'slip'\? known kinds: no_grasp"):
        next(failures(world, ["slp"], count()))
    assert len(KINDS) == len(set(KINDS)) == len(AHA) + len(EVENTS)


def test_a_file_of_failures_is_read_as_it_was_written(world: Tabletop, tmp_path: Path) -> None:
    rows = tuple(islice(failures(world, ["no_grasp", "unreachable"], count(1000)), 2))
    path = tmp_path / "deep" / "failures.jsonl"
    assert write_failures(path, rows) == 2
    assert read_failures(path) == rows
    path.write_text(path.read_text() + '{"kind": "slip"}\n')
    with pytest.raises(WorldError, match=r"failures.jsonl:3: expected a failure, cause: Field required"):
        read_failures(path)
    with pytest.raises(WorldError, match="cannot be read"):
        read_failures(tmp_path / "none.jsonl")
