"""One arm on one trial as a row, and rows as a file that survives kill -9: a last line that was torn is taken off when it is opened.

    with Ledger(folder / "episodes.jsonl") as ledger:
        ledger.add(rows)
        rows = ledger.rows()

When `add` returns, the rows are on the disk.
"""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path

from pydantic import Field, ValidationError

from siren.core.errors import BenchError
from siren.core.values import Value


class Row(Value):
    """What came of one arm on one trial. Everything but the two times is the same whenever it is played."""

    arm: str
    group: str
    number: int
    table: str = Field(description="hash of the task, 8 hex digits: rows are only compared where it is the same")
    success: bool
    cause: str = Field(description="first event of the last try, 'not_understood' or 'no_plan'; empty for a success")
    way: str = Field(description="how the plan came about: proposal, repair, plan, expert, none")
    steps: int = Field(description="of all plans that ran")
    ticks: int = Field(description="physics steps (1/240 s) of all tries")
    tries: int
    broke_core: bool | None = Field(description="a plan that ran breaks a core rule in the true scene; none where rules know no such scene")
    refused: tuple[str, ...] = Field(default=(), description="learned rules that the first proposal breaks")
    end: str = Field(description="hash of the last state of the world, 16 hex digits")
    decided_ms: float = Field(description="wall milliseconds from image to plan, all tries")
    cpu_ms: float = Field(description="processor milliseconds; what several arms share is counted once")

    @property
    def key(self) -> tuple[str, str, int]:
        return self.arm, self.group, self.number


class Ledger:
    """Rows on file, one JSON object a line, in the order in which they came. One process holds it at a time."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or begins it, and mends its end. BenchError when another process has it, or for a line that cannot be read."""
        self._file = path.open("a+b")
        try:
            self._rows = self._mended(path)
        except BenchError:
            self._file.close()
            raise

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _mended(self, path: Path) -> dict[tuple[str, str, int], Row]:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BenchError(f"{path} is being written by another siren bench; stop that one first, or choose another --out") from error
        self._file.seek(0)
        text = self._file.read()
        whole = text[: text.rfind(b"\n") + 1]
        if len(whole) < len(text):
            self._file.truncate(len(whole))
            os.fsync(self._file.fileno())
        return {row.key: row for row in (_read(path, number, line) for number, line in enumerate(whole.splitlines(), 1))}

    def rows(self) -> tuple[Row, ...]:
        """All that is on file."""
        return tuple(self._rows.values())

    def add(self, rows: Iterable[Row]) -> None:
        """Append what came of a trial, all at once."""
        new = {row.key: row for row in rows}
        self._file.write("".join(row.model_dump_json() + "\n" for row in new.values()).encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._rows |= new


def _read(path: Path, number: int, line: bytes) -> Row:
    try:
        return Row.model_validate_json(line)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise BenchError(
            f"{path}, line {number}: expected a row of the benchmark, got something else ({reason}); take the line out"
        ) from error
