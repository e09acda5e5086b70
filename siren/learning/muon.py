"""Muon in the precision of the weights: matrices move along the nearest orthogonal matrix of their momentum (Jordan and others, 2024).

`torch.optim.Muon` does the same and always multiplies in bfloat16. Where a processor has no instructions for that, two fifths of a
training step went into it; in float32, with matrices of one shape multiplied together, a twentieth (docs/experiments.md).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import torch

# Of a polynomial whose slope at zero is as steep as it can be, so that few rounds do; singular values end near 1, not at it.
A, B, C = 3.4445, -4.7750, 2.0315
ROUNDS = 4
_SMALLEST = 1e-7


class Muon(torch.optim.Optimizer):
    """For weights of two dimensions; those without a gradient stay as they are. State is that of torch's: `momentum_buffer` by weight."""

    def __init__(self, matrices: Iterable[torch.nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01) -> None:
        """ValueError for a weight that is no matrix."""
        super().__init__(list(matrices), {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        for weight in (weight for group in self.param_groups for weight in group["params"]):
            if weight.ndim != 2:
                raise ValueError(f"expected matrices, got a weight of shape {tuple(weight.shape)}; give it to AdamW")

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update of every matrix."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            alike = defaultdict(list)
            for weight in group["params"]:
                if weight.grad is not None:
                    alike[weight.shape].append(weight)
            for (height, width), weights in alike.items():
                directions = orthogonal(torch.stack([self._momentum(weight, group["momentum"]) for weight in weights]))
                rate = group["lr"] * max(1.0, height / width) ** 0.5
                for weight, direction in zip(weights, directions, strict=True):
                    weight.mul_(1 - group["lr"] * group["weight_decay"]).sub_(direction, alpha=rate)
        return loss

    def _momentum(self, weight: torch.nn.Parameter, share: float) -> torch.Tensor:
        """Nesterov's: the mean of past gradients and, once more, the newest one."""
        if "momentum_buffer" not in self.state[weight]:
            self.state[weight]["momentum_buffer"] = torch.zeros_like(weight)
        past = self.state[weight]["momentum_buffer"].lerp_(weight.grad, 1 - share)
        return weight.grad.lerp(past, share)  # type: ignore[union-attr]


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Matrices (n, a, b), each with all its singular values pulled towards 1 by Newton and Schulz' iteration."""
    tall = matrices.shape[1] > matrices.shape[2]
    found = matrices.mT if tall else matrices
    found = found / found.norm(dim=(1, 2), keepdim=True).clamp(min=_SMALLEST)
    for _ in range(ROUNDS):
        gram = found @ found.mT
        found = torch.baddbmm(found, torch.baddbmm(gram, gram, gram, beta=B, alpha=C), found, beta=A)
    return found.mT if tall else found
