"""RT-1 learns from robot rows: the loss falls, a plan is learned by heart, and the command trains, saves and measures."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from siren.learning.robot_data import policy_vocabulary
from siren.learning.rt1_training import SMALL, Rt1Trainer, lessons
from siren.learning.samples import Row, Text
from siren.policy.model import to_pixels
from siren.policy.rt1 import Rt1, Rt1Config
from siren.policy.rt1_proposer import Rt1Checkpoint, Rt1Proposer, save_rt1

torch.set_num_threads(1)
PLACE = "pick egg x97 y88 r30 z12 slow gentle ; place egg in box x152 y128 r0 z25 slow firm"
PICK = "pick die x40 y200 r60 z6 fast firm"
PUSH = "push egg on blue_mat x97 y88 r30 z12 slow gentle"


def image(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (96, 96, 3)).astype(np.uint8)


def test_commands_become_bins_and_what_bins_cannot_say_is_left_out() -> None:
    texts = (
        Text("robot : put the egg in the box", PLACE),
        Text("question : where is the egg", "egg x1 y1 any"),
        Text("robot : pick up the egg", PUSH),
    )
    (lesson,) = lessons([Row(image(0), texts)])
    assert lesson.command == "put the egg in the box"
    assert lesson.steps.shape == (2, 10)
    assert lesson.steps[:, -1].tolist() == [0, 1]


def test_two_plans_are_learned_by_heart_and_come_back_from_a_folder(tmp_path: Path) -> None:
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        checkpoint = Rt1Checkpoint(Rt1(Rt1Config(len(vocabulary), **SMALL)).train(), vocabulary, "rt1")
    rows = [Row(image(0), (Text("robot : put the egg in the box", PLACE), Text("robot : pick up the die", PICK)))]
    taught, trainer = list(lessons(rows)), Rt1Trainer(checkpoint)
    losses = [trainer.step(taught) for _ in range(150)]
    assert losses[-1] < 0.05 < losses[0]
    save_rt1(checkpoint, tmp_path / "rt1")
    proposer = Rt1Proposer.load(tmp_path / "rt1")
    said = proposer.propose(image(0), "put the egg in the box", 1, np.random.default_rng(0))[0].plan
    assert said is not None
    assert [(step.skill, step.keyframe.speed, step.keyframe.force) for step in said.steps] == [
        ("pick", "slow", "gentle"),
        ("place", "slow", "firm"),
    ]
    assert said.steps[0].keyframe.position == pytest.approx((0.4138, -0.0988, 0.0312), abs=0.003)
    assert len(proposer.propose(image(0), "pick up the die", 1, np.random.default_rng(0))[0].plan.steps) == 1


def test_the_eye_learns_what_stands_where_and_the_decoder_learns_as_without_labels() -> None:
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        checkpoint = Rt1Checkpoint(Rt1(Rt1Config(len(vocabulary), **SMALL)).train(), vocabulary, "rt1")
    shown = np.full((5, 8, 8), -1, np.int16)
    shown[:, 2, 3] = (vocabulary.kinds.index("egg"), 97, 88, -1, -1)
    taught = list(lessons([Row(image(0), (Text("robot : put the egg in the box", PLACE),), shown)]))
    trainer = Rt1Trainer(checkpoint)

    def read() -> tuple[int, int]:
        words, lengths = checkpoint.encode([taught[0].command])
        with torch.no_grad():
            seen = checkpoint.model.features(to_pixels(image(0)[None]), words, lengths)[0, 2 * 8 + 3]
        table = checkpoint.model.words.weight
        kinds = vocabulary.encode(" ".join(vocabulary.kinds))
        return int((table[kinds] @ seen).argmax()), int((table[vocabulary.axis("x")] @ seen).argmax())

    before, losses = read(), [trainer.step(taught) for _ in range(150)]
    assert losses[-1] < 0.05
    kind, x = read()
    assert vocabulary.kinds[kind] == "egg"
    assert abs(x - 97) <= 3
    assert before != (kind, x)


@pytest.mark.slow
def test_the_command_trains_the_baseline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from siren.cli.app import main

    out = tmp_path / "toy"
    with pytest.raises(SystemExit) as ended:
        main(["train", "--model", "rt1", "--quick", "--out", str(out), "--cache", str(tmp_path / "scenes"), "--scenes", "3", "--json"])
    assert ended.value.code in (0, None)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["loss_after"] < 0.7 * answer["loss_before"]
    assert Rt1Proposer.load(out).checkpoint == "toy"
