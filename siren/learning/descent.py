"""A loss as one update: clipped AdamW over weights that several processes may share, with half precision where that is faster."""

from collections.abc import Iterable

import torch
from torch import nn

from siren.learning.team import Team
from siren.learning.trainer import faster_precision


class Descent:
    """Holds an optimiser over those of the weights that are to be trained."""

    def __init__(self, weights: Iterable[nn.Parameter], rate: float, team: Team) -> None:
        self._weights = [weight for weight in weights if weight.requires_grad]
        self._rate, self._team = rate, team
        self._half = faster_precision() is torch.bfloat16  # asked once: it is found by a clock
        self._optimiser = torch.optim.AdamW(self._weights, lr=rate, betas=(0.9, 0.95), weight_decay=0.01, fused=True)

    def half(self) -> torch.autocast:
        """`with descent.half():` computes in bfloat16 where this machine gains by it."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._half)

    def step(self, loss: torch.Tensor, scale: float) -> float:
        """One update by the mean gradient of the team; the loss as a number. `scale` multiplies the learning rate."""
        loss.backward()  # type: ignore[no-untyped-call]
        self._team.average(self._weights)
        nn.utils.clip_grad_norm_(self._weights, 1.0)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * scale
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        return float(loss.detach())
