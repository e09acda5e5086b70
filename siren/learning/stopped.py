"""A training of siren-tiny that was stopped, with its values typed."""

from pathlib import Path

import torch

from siren.learning.mixture import MixtureState
from siren.learning.standing import Standing
from siren.learning.trainer import TrainerState


class Stopped:
    """What an earlier call left behind, if any."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        found = standing.found
        self.state: TrainerState | None = found.get("trainer")
        self.mixtures = tuple(MixtureState(*mixture) for mixture in found.get("mixtures", ()))
        self.start: int = found.get("start", 0)
        self.precision: torch.dtype | None = getattr(torch, found["precision"]) if found else None

    @classmethod
    def beside(cls, out: Path, course: str) -> "Stopped":
        """What was left of the training into `out`. CheckpointError when that was another course, or its file cannot be read."""
        return cls(Standing.beside(out, course, "start", "trainer", "mixtures", "precision"))

    @property
    def steps(self) -> int:
        """That were done."""
        return self.state["steps"] if self.state is not None else 0

    def save(self, trainer: TrainerState, mixtures: tuple[MixtureState, ...], precision: torch.dtype, start: int) -> None:
        """Keep where a training stands; `start` counts how often it began anew."""
        kept = [tuple(state) for state in mixtures]
        self._standing.keep(start=start, trainer=trainer, mixtures=kept, precision=str(precision).removeprefix("torch."))
