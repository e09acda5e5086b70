"""What LeRobot has no word for, beside the set: each episode whole, and the rules that judged it, so that a set can come back as a record.

    meta/siren_episodes.jsonl     line N (from 0): the episode of index N, as `siren.core.episode.Episode`
    meta/siren_rulebooks.json     the rules of each rulebook that judged one of them, by its hash

Other readers pass these files over. What is read here is checked before it is believed: values against their types, rules against the
hash that decisions carry. Whether rule text may be loaded is not decided here.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from siren.core.episode import Episode
from siren.core.errors import DataError, StoreError
from siren.core.rule import Rule
from siren.memory.books import Books, read_books, write_books
from siren.symbolic.rulebook import digest

EPISODES, RULEBOOKS = "meta/siren_episodes.jsonl", "meta/siren_rulebooks.json"


def write_rulebooks(folder: Path, rulebooks: Books) -> None:
    """Every rulebook under its hash."""
    write_books(folder / RULEBOOKS, rulebooks)


def read_rulebooks(folder: Path) -> dict[str, tuple[Rule, ...]]:
    """The rulebooks of a set, each with the hash that its rules have. DataError for what is not so."""
    path = folder / RULEBOOKS
    try:
        books = read_books(path)
    except FileNotFoundError as error:
        raise DataError(f"expected {RULEBOOKS} in {folder}, found none; only sets that siren export has written can be imported") from error
    except StoreError as error:
        raise DataError(str(error)) from error
    for name, rules in books.items():
        if digest(rules) != name:
            raise DataError(f"{path}: the rules under {name[:40]} have the hash {digest(rules)}; the file was changed after it was written")
    return books


def read_episodes(folder: Path) -> Iterator[Episode]:
    """Episode by episode, in the order of the set. DataError names the line."""
    path = folder / EPISODES
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                yield _episode(path, number, line)
    except FileNotFoundError as error:
        raise DataError(f"expected {EPISODES} in {folder}, found none; only sets that siren export has written can be imported") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: expected text, but {error}") from error


def write_line(episode: Episode) -> str:
    """An episode as one line."""
    return json.dumps(episode.model_dump(mode="json"), ensure_ascii=False) + "\n"


def _episode(path: Path, number: int, line: str) -> Episode:
    try:
        return Episode.model_validate_json(line)
    except ValidationError as error:
        raise DataError(f"{path}:{number}: expected an episode, got {_trouble(error)}") from error


def _trouble(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}"
