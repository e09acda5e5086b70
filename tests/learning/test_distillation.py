"""A student comes to say what its teacher would say, also on pictures and prompts that it was never taught on."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from siren.core.errors import CheckpointError
from siren.learning.distillation import Distiller, Softness, agreement, divergence, require_same_words
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import Row, Text
from siren.policy.checkpoint import Checkpoint, save_checkpoint
from siren.policy.model import ModelConfig, build_model
from siren.policy.vocabulary import Vocabulary

torch.set_num_threads(1)
KINDS = ("egg", "cola_can", "box", "lid", "die")
WORDS = ("robot", ":", "pick", "up", "the")
VOCABULARY = Vocabulary(KINDS, WORDS)
LARGE = ModelConfig(width=64, vision_layers=1, text_layers=2, heads=2, feed_forward=64, stem=16)
TINY = ModelConfig(width=32, vision_layers=1, text_layers=1, heads=2, feed_forward=32, stem=8)


def rows(rng: np.random.Generator, count: int) -> list[Row]:
    """Pictures of noise, and a plan about any thing."""
    made = []
    for _ in range(count):
        name, other = rng.choice(KINDS, 2)
        x, y, r, z = (int(rng.integers(limit)) for limit in (256, 256, 120, 60))
        plan = f"pick {name} x{x} y{y} r{r} z{z} slow gentle ; place {name} on table x{y} y{x} r{r} z{z} fast firm"
        image = rng.integers(0, 256, (96, 96, 3)).astype(np.uint8)
        made.append(Row(image, (Text(f"robot : pick up the {other}", plan),)))
    return made


def checkpoint(config: ModelConfig, seed: int) -> Checkpoint:
    return Checkpoint(build_model(config, VOCABULARY, seed), VOCABULARY, f"of-{config.width}")


def test_agreement_with_the_teacher_rises_on_held_out_prompts() -> None:
    teacher, student = checkpoint(LARGE, 1), checkpoint(TINY, 2)
    held_out = rows(np.random.default_rng(99), 8)
    before = agreement(teacher, student, held_out)
    wise = {name: value.clone() for name, value in teacher.model.state_dict().items()}
    distiller, rng = Distiller(teacher.model, student.model, VOCABULARY, Softness(soft=1.0, rate=5e-3)), np.random.default_rng(0)
    nats = [distiller.step(rows(rng, 4)) for _ in range(60)]
    after = agreement(teacher, student, held_out)
    assert np.mean(nats[-5:]) < 0.7 * np.mean(nats[:5])
    assert after > before + 0.2, (before, after)
    assert all(torch.equal(wise[name], value) for name, value in teacher.model.state_dict().items()), "the teacher stays as it is"


def test_divergence_is_zero_only_where_both_say_the_same() -> None:
    scores = torch.randn(3, 7, generator=torch.Generator().manual_seed(0))
    assert float(divergence(scores, scores + 5.0, 2.0)) == pytest.approx(0.0, abs=1e-6)
    assert float(divergence(scores, scores.flip(-1), 2.0)) > 0.1


def test_a_teacher_with_other_words_is_refused() -> None:
    other = Vocabulary(KINDS[::-1], WORDS)
    stranger = Checkpoint(build_model(TINY, other, 0), other, "stranger")
    with pytest.raises(CheckpointError, match="stranger: expected a teacher with the"):
        require_same_words(stranger, checkpoint(TINY, 0))


@pytest.mark.slow
def test_the_command_teaches_saves_and_measures_both(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from siren.cli.app import main
    from siren.policy.proposer import Proposer

    vocabulary = policy_vocabulary()
    save_checkpoint(Checkpoint(build_model(ModelConfig(), vocabulary, 0), vocabulary, "large"), tmp_path / "large")
    words = ["distil", str(tmp_path / "large"), "--quick", "--out", str(tmp_path / "taught"), "--cache", str(tmp_path / "scenes")]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--scenes", "2", "--json"])
    assert ended.value.code in (0, None)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["divergence_after"] < answer["divergence_before"]
    assert Proposer.load(tmp_path / "taught").checkpoint == "taught"
