"""Rulebooks by the hash that decisions carry, as one JSON file, and such a file as rulebooks.

What is read is checked against the types of rules. Whether rule text may be loaded is not decided here.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from siren.core.errors import StoreError
from siren.core.rule import Rule

Books = Mapping[str, tuple[Rule, ...]]
_BOOKS: TypeAdapter[dict[str, tuple[Rule, ...]]] = TypeAdapter(dict[str, tuple[Rule, ...]])


def write_books(path: Path, books: Books) -> None:
    """Every rulebook under its hash."""
    path.write_bytes(_BOOKS.dump_json(dict(books)))


def read_books(path: Path) -> dict[str, tuple[Rule, ...]]:
    """The rulebooks of a file. Raises StoreError for what is none, and FileNotFoundError."""
    try:
        return _BOOKS.validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        trouble = f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}"
        raise StoreError(f"{path}: expected rules by the hash of their rulebook, got {trouble}") from error
