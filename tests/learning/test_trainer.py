"""Training steps do what they say: packed texts stand alone, losses fall, corrections stick, and quick training gives a checkpoint."""

from pathlib import Path

import numpy as np
import pytest
import torch

from siren.core.errors import CheckpointError
from siren.learning.course import PretrainConfig
from siren.learning.packing import pack
from siren.learning.policy_eval import evaluate_policy
from siren.learning.pretrain import Progress, train_policy
from siren.learning.regions import Region, region_labels
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import RobotSample, Row, Text, WebSample
from siren.learning.trainer import Rates, Trainer, fine_tune
from siren.policy.action_text import read_words, write_words
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.model import IMAGE_TOKENS, ModelConfig, build_model
from siren.policy.proposer import Proposer

torch.set_num_threads(1)
SMALL = ModelConfig(width=64, vision_layers=1, text_layers=2, heads=2, feed_forward=64, stem=16)
GENTLE = "pick egg x97 y88 r30 z12 slow gentle"
FAST = "pick egg x97 y88 r30 z12 fast firm"


def image(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (96, 96, 3)).astype(np.uint8)


@pytest.fixture
def small() -> Checkpoint:
    vocabulary = policy_vocabulary()
    return Checkpoint(build_model(SMALL, vocabulary, seed=0), vocabulary, "small")


def test_texts_behind_one_picture_do_not_see_each_other(small: Checkpoint) -> None:
    first, second = Text("robot : pick up the egg", GENTLE), Text("question : where is the die", "die x1 y2 any")
    together = pack([Row(image(0), (first, second))], small.vocabulary)
    alone = pack([Row(image(0), (second,))], small.vocabulary)
    model = small.model.eval()
    with torch.inference_mode():
        scores = [
            model(input_ids=batch.words, pixel_values=batch.pixels, attention_mask=batch.mask, position_ids=batch.positions).logits
            for batch in (together, alone)
        ]
    length = alone.words.shape[1] - IMAGE_TOKENS
    torch.testing.assert_close(scores[0][0, -length:], scores[1][0, -length:], atol=1e-4, rtol=1e-4)


def test_only_answers_are_targets(small: Checkpoint) -> None:
    batch = pack([Row(image(0), (Text("question : where is the die", "die x1 y2 any"),))], small.vocabulary)
    assert small.vocabulary.decode(batch.targets[batch.targets >= 0].tolist()) == "die x1 y2 any <eos>"
    assert batch.regions is None


def test_region_labels_take_the_thing_that_covers_most() -> None:
    segmentation = np.full((96, 96), -1, np.int16)
    segmentation[0:24, 0:24] = 0  # four tokens
    segmentation[50:53, 50:53] = 1  # nine pixels: too few for a token, but it keeps its best one
    labels = region_labels(segmentation, [Region(7, 250, 250, 3), Region(9, 120, 121, -1)])
    assert (labels[0] == 7).sum() == 4
    assert labels[:, 4, 4].tolist() == [9, 120, 121, -1, -1]
    assert (labels[0] == -1).sum() == 64 - 5


def test_steps_lower_the_losses_of_words_numbers_and_regions(small: Checkpoint) -> None:
    labels = region_labels(np.zeros((96, 96), np.int16), [Region(3, 97, 88, 20)])
    rows = [Row(image(seed), (Text("robot : pick up the egg", GENTLE),), labels) for seed in range(4)]
    trainer = Trainer(small.model.train(), small.vocabulary, Rates())
    first = trainer.step(rows)
    for _ in range(25):
        last = trainer.step(rows)
    assert last.words < 0.3 * first.words
    assert last.numbers < 0.7 * first.numbers
    assert last.regions < 0.7 * first.regions
    assert trainer.look(rows).regions < first.regions


@pytest.mark.slow
def test_corrections_change_the_manner_and_rehearsal_keeps_the_rest(small: Checkpoint, tmp_path: Path) -> None:
    texts = (Text("robot : pick up the egg", FAST), Text("robot : pick up the die", FAST.replace("egg", "die")))
    rows = [Row(image(seed), texts) for seed in range(6)]
    trainer = Trainer(small.model.train(), small.vocabulary, Rates())
    for _ in range(60):
        trainer.step(rows)
    save_checkpoint(small, tmp_path / "before")
    corrections = [RobotSample(image(seed), "pick up the egg", read_words(GENTLE)) for seed in range(4)]
    rehearsal = [RobotSample(image(seed), "pick up the die", read_words(FAST.replace("egg", "die"))) for seed in range(4)]
    web = [WebSample(image(0), "question : what colour is the egg ?", "white")]
    heard: list[float] = []
    report = fine_tune(
        tmp_path / "before",
        corrections,
        rehearsal,
        web,
        tmp_path / "after",
        steps=200,
        rates=Rates(matrices=0.01, rest=2e-3),
        seed=0,
        progress=lambda share, losses: heard.append(share),
    )
    assert report.path == tmp_path / "after"
    assert report.steps == len(heard)
    assert heard == sorted(heard)
    rng = np.random.default_rng(0)
    before, after = (Proposer.load(tmp_path / name) for name in ("before", "after"))
    manner = {
        (proposer.checkpoint, thing): write_words(proposer.propose(image(5), f"pick up the {thing}", 1, rng)[0].plan).split()[-2:]
        for proposer in (before, after)
        for thing in ("egg", "die")
    }
    assert manner == {
        ("before", "egg"): ["fast", "firm"],
        ("before", "die"): ["fast", "firm"],
        ("after", "egg"): ["slow", "gentle"],
        ("after", "die"): ["fast", "firm"],
    }


def test_nothing_to_learn_from_is_refused(small: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="at least one correction"):
        fine_tune(tmp_path, [], [], [], tmp_path / "out", steps=1, seed=0)


def test_words_the_weights_were_never_taught_are_refused(small: Checkpoint, tmp_path: Path) -> None:
    save_checkpoint(small, tmp_path / "small")
    taught = [RobotSample(image(0), "pick up the egg", read_words(GENTLE))]
    strange = [WebSample(image(0), "question : what colour is the sphinx ?", "red")]
    with pytest.raises(CheckpointError, match="got sphinx; train anew"):
        fine_tune(tmp_path / "small", taught, [], strange, tmp_path / "out", steps=1, seed=0)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_quick_curriculum_runs_through_all_phases_and_leaves_a_checkpoint(tmp_path: Path) -> None:
    heard: list[Progress] = []
    config = PretrainConfig.quick(tmp_path / "cache")
    report = train_policy(config, tmp_path / "tiny", lambda progress, trainer: heard.append(progress))
    assert [phase for phase in dict.fromkeys(progress.phase for progress in heard)] == ["eye", "words", "balance"]
    assert report.steps == len(heard)
    assert heard[-1].losses.words < next(progress for progress in heard if progress.phase == "words").losses.words
    assert load_checkpoint(tmp_path / "tiny").name == "tiny"
    measured = evaluate_policy(tmp_path / "tiny", count=4, columns=("seen", "unseen"))
    again = evaluate_policy(tmp_path / "tiny", count=4, columns=("seen", "unseen"))
    assert measured == again
    assert measured.column("unseen").count == 4
    assert "| seen | 4 |" in measured.table()


def test_a_row_keeps_what_older_weights_can_read() -> None:
    vocabulary = policy_vocabulary()
    row = Row(image(0), (Text("question : where is the egg", "egg x1 y2 any"), Text("question : where is the sphinx", "sphinx x1 y2 any")))
    assert row.known_to(vocabulary).texts == row.texts[:1]
