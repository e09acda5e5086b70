"""Flamingo-style and CLIP-style comparators learn, what is to be frozen stays frozen, and they come back from a folder."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from siren import build
from siren.core.grounding import IT
from siren.learning.clip_training import ClipTrainer, pairs, short_lessons
from siren.learning.flamingo_training import FlamingoTrainer
from siren.learning.robot_data import policy_vocabulary
from siren.learning.samples import Row, Text
from siren.policy.clip import Clip, ClipCheckpoint, ClipProposer, save_clip
from siren.policy.flamingo import Flamingo, FlamingoCheckpoint, FlamingoProposer, save_flamingo
from siren.policy.model import ModelConfig

torch.set_num_threads(1)
SMALL = ModelConfig(width=64, vision_layers=1, text_layers=2, heads=2, feed_forward=64, stem=16)
PLACE = "pick egg x97 y88 r30 z12 slow gentle ; place egg in box x152 y128 r0 z25 slow firm"
PICK = "pick die x40 y200 r60 z6 fast firm"


def image(seed: int) -> np.ndarray:
    """One red, one blue, with grain."""
    colour = np.array([(200, 40, 40), (40, 40, 200)][seed])
    return (colour + np.random.default_rng(seed).integers(0, 40, (96, 96, 3))).astype(np.uint8)


def rows() -> list[Row]:
    """Two pictures; which of two plans the same words mean depends on the picture."""
    return [
        Row(image(0), (Text("robot : pick up the egg", PLACE), Text("list", "egg x97 y88 any")), regions(0)),
        Row(image(1), (Text("robot : pick up the egg", PICK), Text("caption", "a white die")), regions(7)),
    ]


def regions(kind: int) -> np.ndarray:
    """Labels of a picture that shows one kind of thing all over its middle."""
    labels = np.full((5, 8, 8), -1, np.int16)
    labels[:3, 2:6, 2:6] = np.array((kind, 97, 88))[:, None, None]
    return labels


@pytest.fixture
def flamingo() -> FlamingoCheckpoint:
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return FlamingoCheckpoint(Flamingo(SMALL, vocabulary).train(), vocabulary, "flamingo")


@pytest.fixture
def clip() -> ClipCheckpoint:
    vocabulary = policy_vocabulary()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return ClipCheckpoint(Clip(SMALL, vocabulary).train(), vocabulary, "clip")


def weights(model: torch.nn.Module, *prefixes: str) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items() if name.startswith(prefixes)}


def same(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> list[bool]:
    return [torch.equal(before[name], after[name]) for name in before]


def test_a_flamingo_reads_first_then_looks_with_its_words_frozen_and_tells_pictures_apart(
    flamingo: FlamingoCheckpoint, tmp_path: Path
) -> None:
    trainer, model = FlamingoTrainer(flamingo), flamingo.model
    read = [trainer.read(rows(), 2.0) for _ in range(100)]
    assert read[-1] < 0.1 * read[0]
    trainer.freeze()
    text, crossings = weights(model, "text"), weights(model, "crossings")
    looked = [trainer.look(rows(), 2.0) for _ in range(30)]
    learned = [trainer.step(rows(), 4.0) for _ in range(60)]
    assert looked[-1] < looked[0]
    assert learned[-1] < 0.3 * learned[0]
    assert all(same(text, weights(model, "text"))), "the language model is frozen"
    assert not any(same(crossings, weights(model, "crossings"))[:1])
    save_flamingo(FlamingoCheckpoint(model.eval(), flamingo.vocabulary, "flamingo"), tmp_path / "flamingo")
    assert build.family(tmp_path / "flamingo") == "flamingo"
    proposer = build.proposer(tmp_path / "flamingo")
    assert isinstance(proposer, FlamingoProposer)
    said = [proposer.propose(image(seed), "pick up the egg", 1, np.random.default_rng(0))[0].plan for seed in (0, 1)]
    assert [[step.object for step in plan.steps] for plan in said if plan] == [["egg", "egg"], ["die"]]


def test_before_it_has_learned_to_look_a_flamingo_is_its_language_model(flamingo: FlamingoCheckpoint) -> None:
    first, second = (FlamingoProposer(flamingo).propose(image(seed), "pick up the egg", 3, np.random.default_rng(1)) for seed in (0, 1))
    assert first == second, "gates are shut"
    assert first[1].score >= first[2].score
    assert all(candidate.doubt is not None for candidate in first)


def test_a_clip_finds_its_pairs_then_acts_on_frozen_directions(clip: ClipCheckpoint, tmp_path: Path) -> None:
    trainer, model = ClipTrainer(clip), clip.model
    found = [trainer.pair(list(pairs(rows()))) for _ in range(40)]
    assert found[-1] < 0.3 * found[0]
    trainer.freeze()
    towers, policy = weights(model, "tower", "words", "reader", "from_"), weights(model, "policy")
    learned = [trainer.step(list(short_lessons(rows()))) for _ in range(150)]
    assert learned[-1] < 0.3 * learned[0]
    assert all(same(towers, weights(model, "tower", "words", "reader", "from_"))), "both towers are frozen"
    assert not any(same(policy, weights(model, "policy")))
    save_clip(ClipCheckpoint(model.eval(), clip.vocabulary, "clip"), tmp_path / "clip")
    assert build.family(tmp_path / "clip") == "clip"
    proposer = build.proposer(tmp_path / "clip")
    assert isinstance(proposer, ClipProposer)
    said = [proposer.propose(image(seed), "pick up the egg", 2, np.random.default_rng(0))[0].plan for seed in (0, 1)]
    assert [[step.skill for step in plan.steps] for plan in said if plan] == [["pick", "place"], ["pick"]]
    assert {step.object for plan in said if plan for step in plan.steps} == {IT}


def test_pairs_are_texts_about_the_whole_picture() -> None:
    assert [pair.text for pair in pairs(rows())] == ["egg x97 y88 any", "a white die"]
    assert list(pairs([Row(image(0), (Text("robot : pick up the egg", PICK),))])) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["flamingo", "clip"])
def test_the_command_trains_either(tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    from siren.cli.app import main

    out = tmp_path / "toy"
    words = ["train", "--model", kind, "--quick", "--out", str(out), "--cache", str(tmp_path / "scenes"), "--scenes", "2", "--json"]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code in (0, None)
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert answer["loss_after"] < answer["loss_before"]
    assert build.proposer(out).checkpoint == "toy"
