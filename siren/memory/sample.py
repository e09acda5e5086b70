"""A few recorded episodes as a folder that needs no database: one JSON line an episode, and the image it began with.

sample/episodes.jsonl      core Episode values
sample/NAME.png            what the camera saw; NAME is the number of the line. A line without one began with the picture before it
sample/rulebooks.json      the rules that judged them, by the hash that decisions carry
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image
from pydantic import ValidationError

from siren.core.episode import Episode
from siren.core.errors import StoreError
from siren.memory.records import PRACTICE

LINES, BOOKS = "episodes.jsonl", "rulebooks.json"


def memorable(episodes: Iterable[Episode], most: int) -> tuple[Episode, ...]:
    """What is worth showing of a session, at most so many: held-out decisions that were repaired, and practised tasks with their probes.

    Failures that a probe mended come before other tasks; episodes of one task stay together.
    """
    tasks: dict[tuple[int, int], list[Episode]] = {}
    for episode in episodes:
        if episode.use in PRACTICE or (episode.use == "evaluate" and episode.decision.repair):
            tasks.setdefault((episode.round, episode.task.seed), []).append(episode)
    ranked = sorted(tasks.items(), key=lambda item: (_rank(item[1]), item[0]))
    held_out = [rows for _, rows in ranked if rows[0].use == "evaluate"][: most // 3]
    practised = [rows for _, rows in ranked if rows[0].use != "evaluate"]
    chosen: list[list[Episode]] = []
    for rows in (*held_out, *practised):
        if sum(map(len, chosen)) + len(rows) <= most:
            chosen.append(rows)
    return tuple(episode for rows in sorted(chosen, key=lambda rows: (rows[0].round, rows[0].task.seed)) for episode in rows)


def _rank(rows: list[Episode]) -> int:
    mended = any(episode.use == "probe" and episode.outcome.success for episode in rows)
    return 0 if mended else 1 if all(episode.outcome.success for episode in rows) else 2


def write_sample(folder: Path, rows: Iterable[tuple[Episode, np.ndarray]]) -> int:
    """Write episodes with their images (uint8, (height, width, 3), RGB). Returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    before: np.ndarray | None = None
    for number, (episode, image) in enumerate(rows):
        if before is None or not np.array_equal(image, before):
            Image.fromarray(image).save(folder / f"{number}.png")
        before = image
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
        images = [int(file.stem) for file in folder.glob("*.png") if file.stem.isdecimal()]
        shown = [max((name for name in images if name <= number), default=0) for number in range(len(lines))]
        pictures = {name: _image(folder / f"{name}.png") for name in set(shown)}
        return tuple((_episode(path, number, line), pictures[shown[number]]) for number, line in enumerate(lines))
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
