"""Our Muon against torch's, and what it takes and leaves alone."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from siren.learning.muon import Muon, orthogonal

SHAPES = ((6, 6), (6, 6), (4, 9), (9, 4))


def weights(seed: int) -> list[torch.nn.Parameter]:
    drawn = torch.Generator().manual_seed(seed)
    return [torch.nn.Parameter(torch.randn(shape, generator=drawn)) for shape in SHAPES]


def descend(optimiser: torch.optim.Optimizer, matrices: list[torch.nn.Parameter], seed: int, steps: int = 5) -> None:
    drawn = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        for matrix in matrices:
            matrix.grad = torch.randn(matrix.shape, generator=drawn)
        optimiser.step()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_it_goes_where_torch_goes_but_for_rounding(seed: int) -> None:
    """Torch rounds to bfloat16, three digits; five steps of at most 0.1 each."""
    ours, theirs = weights(seed), weights(seed)
    descend(Muon(ours, lr=0.1), ours, seed)
    descend(torch.optim.Muon(theirs, lr=0.1, momentum=0.95, weight_decay=0.01, ns_steps=4), theirs, seed)
    for mine, other, before in zip(ours, theirs, weights(seed), strict=True):
        assert (mine - other).norm() < 0.05 * (other - before).norm()


def test_directions_have_singular_values_near_one() -> None:
    found = orthogonal(torch.randn(3, 8, 20, generator=torch.Generator().manual_seed(1)))
    assert found.shape == (3, 8, 20)
    values = torch.linalg.svdvals(found)
    assert 0.5 < float(values.min()) <= float(values.max()) < 1.5


def test_a_weight_without_a_gradient_stays_and_a_vector_is_refused() -> None:
    still, moved = weights(0)[:2]
    before = still.detach().clone()
    moved.grad = torch.ones_like(moved)
    Muon([still, moved], lr=0.1).step()
    assert torch.equal(still, before)
    with pytest.raises(ValueError, match="give it to AdamW"):
        Muon([torch.nn.Parameter(torch.ones(3))], lr=0.1)
