"""Where a training stands, as a file beside the checkpoint that it is to become: written now and then, gone when the training is whole.

It is written aside and moved into place, and read without running anything that it holds.
"""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch

from siren.core.errors import CheckpointError

SAVED_EVERY = 250  # steps
_UNREADABLE = "expected a training that was stopped, got something else; delete the file to begin anew"


class Standing:
    """What an earlier call left behind, and what this one keeps for a later one."""

    def __init__(self, path: Path, course: str, found: dict[str, Any]) -> None:
        self._path, self._course = path, course
        self.found = found  # empty: nothing was begun

    @classmethod
    def beside(cls, out: Path, course: str, *keys: str) -> "Standing":
        """What was left of the training into `out`: tensors, numbers and texts under these keys.

        CheckpointError when that was another course, or its file cannot be read.
        """
        path = _file(out)
        if not path.is_file():
            return cls(path, course, {})
        try:
            found: dict[str, Any] = torch.load(path, weights_only=True)
        except (OSError, RuntimeError, ValueError, EOFError, UnpicklingError) as error:
            raise CheckpointError(f"{path}: {_UNREADABLE}") from error
        if not isinstance(found, dict) or "course" not in found:
            raise CheckpointError(f"{path}: {_UNREADABLE}")
        if found.pop("course") != course:
            raise CheckpointError(
                f"{path}: expected the course that was begun there, got another one; go on with the first one's options, "
                "choose another --out, or delete the file to begin anew"
            )
        if found.keys() != set(keys):
            raise CheckpointError(f"{path}: {_UNREADABLE}")
        return cls(path, course, found)

    def keep(self, **values: Any) -> None:
        """These, in place of what was kept before."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".new")
        torch.save({"course": self._course, **values}, aside)
        aside.replace(self._path)


def forget(out: Path) -> None:
    """The training into `out` is whole, or is to begin anew."""
    _file(out).unlink(missing_ok=True)


def _file(out: Path) -> Path:
    return out.parent / f".{out.name}.training"
