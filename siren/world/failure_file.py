"""Labelled failures as a file of one JSON object a line, and such a file as labelled failures."""

import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from siren.core.errors import WorldError
from siren.world.injection import Failure


def write_failures(path: Path, rows: Iterable[Failure]) -> int:
    """Write aside, sync and rename, so that a file is whole or not there. Returns the number of lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside, count = path.with_name(path.name + ".part"), 0
    with aside.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(row.model_dump_json() + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    return count


def read_failures(path: Path) -> tuple[Failure, ...]:
    """Every failure of a file. Raises WorldError with file and line for what is not one."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WorldError(f"expected a file of failures at {path}, which cannot be read ({error}); make one with: siren inject") from error
    return tuple(_read_line(path, number, line) for number, line in enumerate(lines, 1))


def _read_line(path: Path, number: int, line: str) -> Failure:
    try:
        return Failure.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the line"
        raise WorldError(f"{path}:{number}: expected a failure, {where}: {first['msg']}; make the file with: siren inject") from error
