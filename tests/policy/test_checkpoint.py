"""Weights come back as they were saved, and nothing else is loaded."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from siren.core.errors import CheckpointError
from siren.policy.checkpoint import MANIFEST, WEIGHTS, WORDS, Checkpoint, load_checkpoint, save_checkpoint, sha256


@pytest.fixture
def folder(checkpoint: Checkpoint, tmp_path: Path) -> Path:
    save_checkpoint(checkpoint, tmp_path / "small")
    return tmp_path / "small"


def rehash(folder: Path, name: str) -> None:
    """Make the manifest agree with a changed file."""
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["sha256"][name] = sha256(folder / name)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def test_weights_and_words_come_back(checkpoint: Checkpoint, folder: Path) -> None:
    loaded = load_checkpoint(folder)
    assert loaded.name == "small"
    assert loaded.vocabulary.words == checkpoint.vocabulary.words
    for name, value in checkpoint.model.state_dict().items():
        assert torch.equal(loaded.model.state_dict()[name], value.to(torch.bfloat16).float()), name


def test_saving_again_replaces_the_folder_and_keeps_the_card(checkpoint: Checkpoint, folder: Path) -> None:
    (folder / "README.md").write_text("# card\n")
    save_checkpoint(checkpoint, folder)
    assert (folder / "README.md").read_text() == "# card\n"
    assert load_checkpoint(folder).name == "small"
    assert [path.name for path in folder.parent.iterdir()] == ["small"]


def test_a_flipped_byte_is_refused_by_name(folder: Path) -> None:
    data = bytearray((folder / WEIGHTS).read_bytes())
    data[-100] ^= 1
    (folder / WEIGHTS).write_bytes(data)
    with pytest.raises(CheckpointError, match=r"model\.safetensors: expected sha256 .* has changed; fetch the folder again"):
        load_checkpoint(folder)


@pytest.mark.parametrize("name", [WEIGHTS, "config.json", WORDS, MANIFEST])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match=name.replace(".", r"\.")):
        load_checkpoint(folder)


@pytest.mark.parametrize("change", ["missing", "unexpected"])
def test_weights_of_another_model_are_refused(folder: Path, change: str) -> None:
    weights = load_file(folder / WEIGHTS)
    if change == "missing":
        weights.popitem()
    else:
        weights["one.more"] = torch.zeros(3)
    save_file(weights, folder / WEIGHTS, {"format": "pt"})
    rehash(folder, WEIGHTS)
    with pytest.raises(CheckpointError, match=f"got {change} keys"):
        load_checkpoint(folder)


def test_a_file_that_is_no_safetensors_is_refused(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(b"\x80\x04pickle")
    rehash(folder, WEIGHTS)
    with pytest.raises(CheckpointError, match="a model that can be read"):
        load_checkpoint(folder)


def test_words_that_do_not_match_the_model_are_refused(folder: Path) -> None:
    (folder / WORDS).write_text(json.dumps({"kinds": ["egg"], "language": []}))
    rehash(folder, WORDS)
    with pytest.raises(CheckpointError, match=r"vocabulary\.json: expected \d+ words, got"):
        load_checkpoint(folder)
