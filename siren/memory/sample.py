"""A few recorded episodes as a folder that needs no database: one JSON line an episode, and the image it began with.

sample/episodes.jsonl      core Episode values
sample/NAME.png            what the camera saw; NAME is the number of the line
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import ValidationError

from siren.core.episode import Episode
from siren.core.errors import StoreError

LINES = "episodes.jsonl"


def write_sample(folder: Path, rows: Iterable[tuple[Episode, np.ndarray]]) -> int:
    """Write episodes with their images (uint8, (height, width, 3), RGB). Returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, (episode, image) in enumerate(rows):
        Image.fromarray(image).save(folder / f"{number}.png")
        lines.append(json.dumps(episode.model_dump(mode="json"), sort_keys=True))
    aside = folder / f".{LINES}.new"
    aside.write_text("\n".join(lines) + "\n", encoding="utf-8")
    aside.replace(folder / LINES)
    return len(lines)


def read_sample(folder: Path) -> tuple[tuple[Episode, np.ndarray], ...]:
    """The episodes of such a folder, validated. Raises StoreError that names the line."""
    path = folder / LINES
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple((_episode(path, number, line), _image(folder / f"{number}.png")) for number, line in enumerate(lines))
    except OSError as error:
        raise StoreError(f"expected recorded episodes in {folder}, but {error}; take the folder from the repository again") from error


def _episode(path: Path, number: int, line: str) -> Episode:
    try:
        return Episode.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StoreError(f"{path}:{number + 1}: expected an episode, but {where or 'the line'}: {first['msg']}") from error


def _image(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).copy()
