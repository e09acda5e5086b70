"""The RT-1 baseline: steps see only those before them, a folder comes back as it was, and what is wrong with one is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from siren import build
from siren.core.errors import CheckpointError, InstructionError
from siren.core.grounding import IT
from siren.core.plan import parse_plan
from siren.policy.codecs.integers import BINS
from siren.policy.codecs.rt1 import ORDER
from siren.policy.rt1 import LONGEST, Rt1, Rt1Config
from siren.policy.rt1_proposer import Rt1Checkpoint, Rt1Proposer, load_rt1, save_rt1
from siren.policy.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def small(vocabulary: Vocabulary) -> Rt1Checkpoint:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = Rt1(Rt1Config(len(vocabulary), width=32, layers=2, heads=2, feed_forward=32, channels=8))
    return Rt1Checkpoint(model.eval(), vocabulary, "rt1")


@torch.inference_mode()
def test_a_step_sees_those_before_it_and_none_behind(small: Rt1Checkpoint) -> None:
    words, lengths = small.encode(["pick up the egg", "put the egg in the box"])
    seen = small.model.look(torch.randn(2, 3, 96, 96), words, lengths)
    steps = torch.randint(0, BINS, (2, 3, len(ORDER)))
    other = steps.clone()
    other[:, 2] = 0
    scores, changed = small.model(seen, steps), small.model(seen, other)
    assert scores.shape == (2, 4, len(ORDER), BINS)
    torch.testing.assert_close(scores[:, :3], changed[:, :3])
    assert not torch.allclose(scores[:, 3], changed[:, 3])


@torch.inference_mode()
def test_padding_behind_an_instruction_changes_nothing(small: Rt1Checkpoint) -> None:
    pixels = torch.randn(1, 3, 96, 96)
    alone = small.model.look(pixels, *small.encode(["pick up the egg"]))
    words, lengths = small.encode(["pick up the egg", "put the egg in the box"])
    torch.testing.assert_close(small.model.look(pixels.expand(2, -1, -1, -1), words, lengths)[:1], alone)


def test_candidates_are_readable_plans_about_it(small: Rt1Checkpoint, image: np.ndarray) -> None:
    candidates = Rt1Proposer(small).propose(image, "Pick up the egg!", 3, np.random.default_rng(0))
    assert len(candidates) == 3
    assert candidates[1].score >= candidates[2].score
    for candidate in candidates:
        assert candidate.plan is not None
        assert 1 <= len(candidate.plan.steps) <= LONGEST
        assert {step.object for step in candidate.plan.steps} == {IT}
        assert all(step.keyframe.inside_workspace() for step in candidate.plan.steps)
        assert len(parse_plan(candidate.text).steps) == len(candidate.plan.steps)
    with pytest.raises(InstructionError, match="unicorn"):
        Rt1Proposer(small).propose(image, "pick up the unicorn", 1, np.random.default_rng(0))


def test_a_saved_folder_proposes_alike_whoever_opens_it(small: Rt1Checkpoint, image: np.ndarray, tmp_path: Path) -> None:
    save_rt1(small, tmp_path / "rt1")
    assert build.family(tmp_path / "rt1") == "rt1"
    asked = (image, "put the egg in the box", 2)
    once = build.proposer(tmp_path / "rt1").propose(*asked, np.random.default_rng(5))
    assert once == Rt1Proposer.load(tmp_path / "rt1").propose(*asked, np.random.default_rng(5))
    with pytest.raises(CheckpointError, match="--perception simulator"):
        build.perceiver(tmp_path / "rt1")


@pytest.mark.parametrize("damage", ["weights", "config", "words"])
def test_a_damaged_folder_is_refused_with_its_file(small: Rt1Checkpoint, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "rt1"
    save_rt1(small, folder)
    if damage == "weights":
        file = folder / "model.safetensors"
        file.write_bytes(file.read_bytes()[:-1] + b"\x00\x01")
        expected = "model.safetensors: expected sha256"
    else:
        name, content = ("config.json", {"model_type": "siren_rt1", "depth": 3}) if damage == "config" else ("vocabulary.json", [])
        (folder / name).write_text(json.dumps(content))
        _sign(folder)
        expected = name
    with pytest.raises(CheckpointError, match=expected):
        load_rt1(folder)


def _sign(folder: Path) -> None:
    """Hashes of the files as they now are: the damage is not one that the manifest finds."""
    from siren.policy.checkpoint import MANIFEST, sha256

    hashes = {file.name: sha256(file) for file in folder.iterdir() if file.name != MANIFEST}
    (folder / MANIFEST).write_text(json.dumps({"name": "rt1", "sha256": hashes}))
