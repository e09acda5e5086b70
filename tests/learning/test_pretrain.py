"""A training from scratch: the same weights again, also after a stop, and by two processes as by one."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from siren.core.errors import CheckpointError
from siren.learning import pretrain
from siren.learning.course import PretrainConfig
from siren.learning.pretrain import Progress, train_policy
from siren.learning.team import Team, together
from siren.learning.trainer import Trainer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scenes")


def course(cache: Path) -> PretrainConfig:
    short = replace(PretrainConfig.quick(cache), eye_steps=3, words_steps=5, balance_steps=2, rows=8)
    return replace(short, robot_scenes=24, web_scenes=24)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "model.safetensors")


def same(one: Path, other: Path) -> bool:
    left, right = weights(one), weights(other)
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


class KilledError(Exception):
    """What ends a training in the middle."""


def test_a_seed_gives_the_same_weights_again_and_another_seed_others(cache: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        train_policy(course(cache), tmp_path / name)
    assert same(tmp_path / "one", tmp_path / "two")
    train_policy(replace(course(cache), seed=1), tmp_path / "three")
    assert not same(tmp_path / "one", tmp_path / "three")


@pytest.mark.parametrize("stop", [2, 6])
def test_a_training_that_was_stopped_comes_to_the_same_weights(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    monkeypatch.setattr(pretrain, "SAVED_EVERY", 2)
    train_policy(course(cache), tmp_path / "whole")

    def kill(progress: Progress, trainer: Trainer) -> None:
        if progress.step == stop + 1:
            raise KilledError

    with pytest.raises(KilledError):
        train_policy(course(cache), tmp_path / "halted", kill)
    assert not (tmp_path / "halted").exists()
    heard: list[int] = []
    report = train_policy(course(cache), tmp_path / "halted", lambda progress, trainer: heard.append(progress.step))
    assert report.resumed == stop
    assert heard[0] == stop + 1
    assert same(tmp_path / "whole", tmp_path / "halted")
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [], "nothing of the stop is left"


def test_another_course_does_not_go_on_where_this_one_stopped(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrain, "SAVED_EVERY", 2)

    def kill(progress: Progress, trainer: Trainer) -> None:
        if progress.step == 3:
            raise KilledError

    with pytest.raises(KilledError):
        train_policy(course(cache), tmp_path / "halted", kill)
    with pytest.raises(CheckpointError, match="the course that was begun there"):
        train_policy(replace(course(cache), rows=6), tmp_path / "halted")
    (tmp_path / ".halted.training").write_bytes(b"not a training")
    with pytest.raises(CheckpointError, match="delete the file to begin anew"):
        train_policy(course(cache), tmp_path / "halted")


def test_two_processes_learn_what_one_does_from_the_same_rows(cache: Path, tmp_path: Path) -> None:
    alone, both = tmp_path / "alone", tmp_path / "both"
    first = train_policy(course(cache), alone)
    second = train_policy(replace(course(cache), workers=2), both)
    assert first.steps == second.steps
    left, right = weights(alone), weights(both)
    moved = torch.cat([(left[name].float() - right[name].float()).abs().flatten() for name in left])
    assert float(moved.mean()) < 2e-3, "the mean of two means is nearly the mean"
    train_policy(replace(course(cache), workers=2), tmp_path / "again")
    assert same(both, tmp_path / "again")


def test_a_start_that_finds_nothing_is_given_up_for_another_one(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pretrain, "GATE_SCENES", 3)
    phases: list[str] = []
    with pytest.raises(CheckpointError, match="2 other starts; train longer"):
        train_policy(replace(course(cache), gate=1.1), tmp_path / "blind", lambda progress, trainer: phases.append(progress.phase))
    assert phases == ["eye"] * 3 + ["words"] * 2 + ["eye"] * 3 + ["words"] * 2 + ["eye"] * 3 + ["words"] * 2
    report = train_policy(replace(course(cache), gate=-1.0), tmp_path / "seeing")
    assert (report.start, report.steps) == (0, 10)
    train_policy(course(cache), tmp_path / "ungated")
    assert same(tmp_path / "seeing", tmp_path / "ungated"), "a gate that is passed changes nothing"


def test_a_team_hears_when_one_of_it_is_gone() -> None:
    with pytest.raises(CheckpointError, match="one is gone"):
        together(2, leave, ())


def leave(team: Team, listener: None) -> None:
    """The second process ends in the middle of its work; the first one waits for it."""
    if team.rank == 1:
        raise SystemExit(3)
    weight = torch.nn.Parameter(torch.ones(2))
    weight.grad = torch.ones(2)
    team.average([weight])
