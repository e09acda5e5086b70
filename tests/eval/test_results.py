"""What docs/results.md says is what the committed results hold."""

from pathlib import Path

import pytest

from siren.config import PROJECT
from siren.eval.bench.result import read_result
from siren.eval.bench.text import sheets

RESULTS = sorted((PROJECT / "results").glob("*.json"))


def test_there_are_results() -> None:
    assert (PROJECT / "results" / "full.json") in RESULTS


@pytest.mark.parametrize("path", RESULTS, ids=lambda path: path.stem)
def test_every_table_of_a_result_stands_in_the_document(path: Path) -> None:
    result, text = read_result(path), (PROJECT / "docs" / "results.md").read_text(encoding="utf-8")
    assert f"`{result.command}`" in text
    for sheet in sheets(result):
        for row in sheet.rows:
            line = "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
            assert line in text, f"{path.name}, {sheet.title}: {line}"
