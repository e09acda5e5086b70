"""A training that was stopped, as a file beside the checkpoint that it was to become; and what goes on from it.

It is written aside and moved into place, and read without running anything that it holds.
"""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from siren.core.errors import CheckpointError
from siren.learning.mixture import MixtureState
from siren.learning.trainer import TrainerState

_UNREADABLE = "expected a training that was stopped, got something else; delete the file to begin anew"


class Stopped:
    """What an earlier call left behind, if any."""

    def __init__(self, path: Path, course: str, found: dict[str, Any]) -> None:
        self._path, self._course = path, course
        self.state: TrainerState | None = found.get("trainer")
        self.mixtures = tuple(MixtureState(*mixture) for mixture in found.get("mixtures", ()))
        self.start: int = found.get("start", 0)
        self.precision: torch.dtype | None = getattr(torch, found["precision"]) if found else None

    @classmethod
    def beside(cls, out: Path, course: str) -> "Stopped":
        """What was left of the training into `out`. CheckpointError when that was another course, or its file cannot be read."""
        path = out.parent / f".{out.name}.training"
        if not path.is_file():
            return cls(path, course, {})
        try:
            found: dict[str, Any] = torch.load(path, weights_only=True)
        except (OSError, RuntimeError, ValueError, EOFError, UnpicklingError) as error:
            raise CheckpointError(f"{path}: {_UNREADABLE}") from error
        if not isinstance(found, dict) or found.keys() != {"course", "start", "trainer", "mixtures", "precision"}:
            raise CheckpointError(f"{path}: {_UNREADABLE}")
        if found["course"] != course:
            raise CheckpointError(
                f"{path}: expected the course that was begun there, got another one; go on with the first one's options, "
                "choose another --out, or delete the file to begin anew"
            )
        return cls(path, course, found)

    @property
    def steps(self) -> int:
        """That were done."""
        return self.state["steps"] if self.state is not None else 0

    def save(self, trainer: TrainerState, mixtures: tuple[MixtureState, ...], precision: torch.dtype, start: int) -> None:
        """Keep where a training stands; `start` counts how often it began anew."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".new")
        kept = {"course": self._course, "start": start, "trainer": trainer, "mixtures": [tuple(state) for state in mixtures]}
        torch.save({**kept, "precision": str(precision).removeprefix("torch.")}, aside)
        aside.replace(self._path)

    def forget(self) -> None:
        """The training is whole."""
        self._path.unlink(missing_ok=True)
