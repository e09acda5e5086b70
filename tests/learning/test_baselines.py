"""Baselines' trainings that are killed go on to the same weights, whatever phase they were in."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from siren.core.errors import CheckpointError
from siren.learning import baselines
from siren.learning.baselines import BaselineReport
from siren.learning.clip_training import train_clip
from siren.learning.course import PretrainConfig
from siren.learning.distillation import distil
from siren.learning.flamingo_training import train_flamingo
from siren.learning.pretrain import train_policy
from siren.learning.rt1_training import train_rt1

pytestmark = pytest.mark.slow
STEPS = 10
Train = Callable[..., BaselineReport]


class KilledError(Exception):
    """What ends a training in the middle."""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> PretrainConfig:
    quick = PretrainConfig.quick(tmp_path_factory.mktemp("scenes"))
    return replace(quick, eye_steps=1, words_steps=1, balance_steps=1, rows=8, robot_scenes=24, web_scenes=24)


@pytest.fixture(scope="module")
def trains(course: PretrainConfig, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Train]:
    teacher = tmp_path_factory.mktemp("teacher") / "wise"
    train_policy(course, teacher)

    def taught(config: PretrainConfig, steps: int, out: Path, listener: baselines.Listener | None = None) -> BaselineReport:
        return distil(teacher, config, steps, out, None, listener)

    return {"rt1": partial(train_rt1, small=True), "flamingo": train_flamingo, "clip": train_clip, "student": taught}


def same(one: Path, other: Path) -> bool:
    left, right = (load_file(next(folder.glob("*.safetensors"))) for folder in (one, other))
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def kill_at(step: int) -> baselines.Listener:
    def listen(share: float, steps: int, loss: float) -> None:
        if steps == step:
            raise KilledError

    return listen


@pytest.mark.parametrize("model", ["rt1", "flamingo", "clip", "student"])
@pytest.mark.parametrize("killed", [4, 8])
def test_what_was_killed_comes_to_the_same_weights(
    trains: dict[str, Train], course: PretrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, killed: int
) -> None:
    monkeypatch.setattr(baselines, "SAVED_EVERY", 3)
    train = trains[model]
    whole = train(course, STEPS, tmp_path / "whole")
    with pytest.raises(KilledError):
        train(course, STEPS, tmp_path / "halted", kill_at(killed))
    assert not (tmp_path / "halted").exists()
    heard: list[int] = []
    report = train(course, STEPS, tmp_path / "halted", lambda share, steps, loss: heard.append(steps))
    kept = {("clip", 8): 3}.get((model, killed), killed // 3 * 3)  # step 6 ends the towers' phase of clip, and is not kept
    assert report.resumed == kept
    assert heard == list(range(kept + 1, STEPS + 1))
    assert same(tmp_path / "whole", tmp_path / "halted")
    assert (report.loss_before, report.loss_after) == (whole.loss_before, whole.loss_after)
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == [], "nothing of the stop is left"


def test_another_course_does_not_go_on(
    trains: dict[str, Train], course: PretrainConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baselines, "SAVED_EVERY", 3)
    with pytest.raises(KilledError):
        trains["rt1"](course, STEPS, tmp_path / "halted", kill_at(4))
    for other in (
        lambda: trains["rt1"](course, STEPS + 1, tmp_path / "halted"),
        lambda: trains["clip"](course, STEPS, tmp_path / "halted"),
    ):
        with pytest.raises(CheckpointError, match="the course that was begun there"):
            other()
