"""A loss as one update: clipped AdamW over a model that several processes may share, with half precision where that is faster."""

from typing import Any

import torch
from torch import nn

from siren.learning.team import Team
from siren.learning.trainer import faster_precision


class Descent:
    """Holds an optimiser over those of a model's weights that are to be trained."""

    def __init__(self, model: nn.Module, rate: float, team: Team) -> None:
        self._model = model
        self._weights = [weight for weight in model.parameters() if weight.requires_grad]
        self._rate, self._team = rate, team
        self._half = faster_precision() is torch.bfloat16  # asked once: it is found by a clock
        self._optimiser = torch.optim.AdamW(self._weights, lr=rate, betas=(0.9, 0.95), weight_decay=0.01, fused=True)
        self.steps = 0

    @property
    def state(self) -> dict[str, Any]:
        """All that the next update depends on, besides its loss: tensors and numbers only."""
        return {"model": self._model.state_dict(), "optimiser": self._optimiser.state_dict(), "half": self._half, "steps": self.steps}

    def resume(self, state: dict[str, Any]) -> None:
        """Go on where that state was taken. RuntimeError when it is another model's."""
        self._model.load_state_dict(state["model"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._half, self.steps = state["half"], state["steps"]

    def half(self) -> torch.autocast:
        """`with descent.half():` computes in bfloat16 where this machine gains by it."""
        return torch.autocast("cpu", torch.bfloat16, enabled=self._half)

    def draws(self) -> torch.Generator:
        """Chance for this update of this process."""
        return torch.Generator().manual_seed(self.steps * self._team.size + self._team.rank)

    def step(self, loss: torch.Tensor, scale: float) -> float:
        """One update by the mean gradient of the team; the loss as a number. `scale` multiplies the learning rate."""
        loss.backward()  # type: ignore[no-untyped-call]
        self._team.average(self._weights)
        nn.utils.clip_grad_norm_(self._weights, 1.0)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * scale
        self._optimiser.step()
        self._optimiser.zero_grad(set_to_none=True)
        self.steps += 1
        return float(loss.detach())


class Descends:
    """A trainer that goes on where its descent does."""

    _descent: Descent

    @property
    def state(self) -> dict[str, Any]:
        """All that the next step depends on, besides its rows."""
        return self._descent.state

    def resume(self, state: dict[str, Any]) -> None:
        """Go on where that state was taken."""
        self._descent.resume(state)
