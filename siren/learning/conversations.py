"""A file of image-text conversations as question and answer pairs about pictures: what LLaVA and its followers are trained on.

    [{"id": "7", "image": "coco/7.jpg", "conversations": [
        {"from": "human", "value": "<image>\\nWhat is on the table?"},
        {"from": "gpt", "value": "An egg and a box."}]}, ...]

One JSON list, or one object a line (.jsonl), or a folder that holds such files. Layout after the data card of LLaVA-Instruct-150K
(Liu et al., Visual Instruction Tuning, arXiv 2304.08485). Everything that is read is checked first: pictures outside their folder,
pictures too large to unpack and turns that do not alternate are refused by file and entry.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from siren.core.errors import DataError

PLACEHOLDER = "<image>"
MOST_PIXELS = 64_000_000
_SUFFIXES = (".json", ".jsonl")


class _Turn(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    speaker: Literal["human", "gpt"] = Field(alias="from")
    value: Annotated[str, Field(max_length=20_000)]


class _Entry(BaseModel):
    """One conversation as it stands in the file."""

    model_config = ConfigDict(extra="ignore", frozen=True, coerce_numbers_to_str=True)

    id: str = ""
    image: str | None = None
    conversations: Annotated[tuple[_Turn, ...], Field(min_length=2, max_length=200)]


class Exchange(NamedTuple):
    """One question and its answer, as people wrote them."""

    question: str
    answer: str


class Conversation(NamedTuple):
    """A picture and what was said about it, in order. `image` is a file that exists inside the images' folder."""

    id: str
    image: Path
    exchanges: tuple[Exchange, ...]


def read_conversations(path: Path, images: Path | None = None) -> Iterator[Conversation]:
    """All conversations about pictures in a file or folder; those without a picture are left out.

    images: the folder that picture names start from; without it, that of the file. DataError names file, entry and what to do.
    """
    for file in _files(path):
        for number, raw in _entries(file):
            try:
                entry = _Entry.model_validate(raw)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"])
                raise DataError(f"{file}, entry {number}: {place}: {first['msg']}; expected id, image and conversations") from error
            if entry.image is not None:
                where = f"{file}, entry {number}"
                yield Conversation(entry.id or str(number), _picture(entry.image, images or file.parent, where), _exchanges(entry, where))


def load_picture(path: Path, pixels: int) -> np.ndarray:
    """The picture as uint8 (pixels, pixels, 3) RGB, its middle square. DataError for what is no picture or is larger than 64 megapixels."""
    try:
        with Image.open(path) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise DataError(f"{path}: expected at most {MOST_PIXELS} pixels, got {width} x {height}; make the picture smaller")
            side = min(width, height)
            left, top = (width - side) // 2, (height - side) // 2
            square = image.convert("RGB").resize((pixels, pixels), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise DataError(f"{path}: expected a picture, got {error}; mend or remove the entry") from error
    return np.asarray(square, np.uint8)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES)
        if not files:
            raise DataError(f"expected {' or '.join(_SUFFIXES)} files in {path}, found none")
        return files
    if not path.is_file():
        raise DataError(f"expected a file or folder of conversations, found nothing at {path}")
    return [path]


def _entries(file: Path) -> Iterator[tuple[int, object]]:
    """Raw entries with their number, from 1: for .jsonl the number of the line."""
    if file.suffix == ".jsonl":
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, _parse(line, f"{file}, line {number}")
        return
    whole = _parse(file.read_text(encoding="utf-8"), str(file))
    if not isinstance(whole, list):
        raise DataError(f"{file}: expected a JSON list of conversations, got {type(whole).__name__}; name a file of lines .jsonl")
    yield from enumerate(whole, 1)


def _parse(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DataError(f"{where}: expected JSON, got {error}") from error


def _picture(name: str, folder: Path, where: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise DataError(f"{where}: the picture '{name}' lies outside {folder}; expected a name below it")
    if not path.is_file():
        raise DataError(f"{where}: there is no picture '{name}' in {folder}; name the folder of the pictures")
    return path


def _exchanges(entry: _Entry, where: str) -> tuple[Exchange, ...]:
    turns = entry.conversations
    asked, answered = turns[::2], turns[1::2]
    if len(asked) != len(answered) or any(turn.speaker != "human" for turn in asked) or any(turn.speaker != "gpt" for turn in answered):
        speakers = ", ".join(turn.speaker for turn in turns[:6])
        raise DataError(f"{where}: expected human and gpt in turns, beginning with human and ending with gpt, got {speakers}")
    return tuple(
        Exchange(question.value.replace(PLACEHOLDER, "").strip(), answer.value.strip())
        for question, answer in zip(asked, answered, strict=True)
    )
