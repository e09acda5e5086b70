"""Blended weights lie on the straight line between old and new ones, and load like any others."""

from pathlib import Path

import pytest
import torch

from siren.config import shipped_checkpoint
from siren.learning.blending import ALONE, BESIDE_RULES, blend
from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from siren.policy.model import give_own_head


@pytest.fixture(params=[False, True], ids=["one table of words", "a head of its own"])
def tuned(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The shipped weights, each matrix a little larger, with and without what practice gives them (Trainer.keep_eye)."""
    loaded = load_checkpoint(shipped_checkpoint())
    if request.param:
        give_own_head(loaded.model)
    with torch.no_grad():
        for weight in loaded.model.parameters():
            weight.mul_(1.5)
    save_checkpoint(Checkpoint(loaded.model, loaded.vocabulary, "tuned"), tmp_path / "tuned")
    return tmp_path / "tuned"


def test_half_way_is_half_way(tuned: Path, tmp_path: Path) -> None:
    out = blend(shipped_checkpoint(), tuned, 0.5, tmp_path / "half")
    old, new, half = (load_checkpoint(folder).model.state_dict() for folder in (shipped_checkpoint(), tuned, out))
    for name, value in half.items():
        assert torch.allclose(value, (old[name] + new[name]) / 2, rtol=0.02, atol=1e-3), name


def test_all_of_the_new_weights_are_the_new_weights(tuned: Path, tmp_path: Path) -> None:
    assert blend(shipped_checkpoint(), tuned, 1.0, tmp_path / "whole") == tuned
    assert not (tmp_path / "whole").exists()


def test_more_is_tried_before_less() -> None:
    for shares in (BESIDE_RULES, ALONE):
        assert list(shares) == sorted(shares, reverse=True)
    assert ALONE[0] == 1.0
    assert BESIDE_RULES[0] < 1.0  # rules mend what the rest would bring
