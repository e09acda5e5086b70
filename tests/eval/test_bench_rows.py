"""Rows on file: what was written is there after a crash, and what was torn is not."""

from pathlib import Path

import pytest
from bench_rows import row

from siren.core.errors import BenchError
from siren.eval.bench.rows import Ledger

FIRST, SECOND = row("vla", "seen", 0, True), row("siren", "seen", 0, False, refused=("r0001",))


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    with Ledger(tmp_path / "rows") as ledger:
        ledger.add([FIRST])
        ledger.add([SECOND])
        assert ledger.rows() == (FIRST, SECOND)
    with Ledger(tmp_path / "rows") as ledger:
        assert ledger.rows() == (FIRST, SECOND)


@pytest.mark.parametrize("lost", [1, 5, 200])
def test_a_torn_last_line_is_taken_off(tmp_path: Path, lost: int) -> None:
    path = tmp_path / "rows"
    with Ledger(path) as ledger:
        ledger.add([FIRST, SECOND])
    path.write_bytes(path.read_bytes()[:-lost])
    with Ledger(path) as ledger:
        assert ledger.rows() == (FIRST,)
        ledger.add([SECOND])
    with Ledger(path) as ledger:
        assert ledger.rows() == (FIRST, SECOND)


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_text(FIRST.model_dump_json() + "\n{}\n")
    with pytest.raises(BenchError, match=r"rows, line 2: expected a row"):
        Ledger(path)


def test_a_file_that_is_being_written_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path / "rows"), pytest.raises(BenchError, match="is being written by another siren bench"):
        Ledger(tmp_path / "rows")
    with Ledger(tmp_path / "rows") as ledger:
        assert ledger.rows() == ()
