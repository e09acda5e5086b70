"""The notebooks as they are rendered in the repository: of today's sources, with what they show, and small."""

from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
jupytext = pytest.importorskip("jupytext", reason="jupytext is not installed (extra notebooks)")


@pytest.mark.parametrize("source", sorted(NOTEBOOKS.glob("*.py")), ids=lambda path: path.stem)
def test_a_rendered_notebook_is_of_its_source(source: Path) -> None:
    rendered = NOTEBOOKS / "rendered" / f"{source.stem}.ipynb"
    text = rendered.read_text(encoding="utf-8")
    shown = jupytext.reads(text, "ipynb")
    told = [cell.source for cell in jupytext.read(source).cells]
    assert [cell.source for cell in shown.cells] == told, "make notebooks renders them again"
    outputs = [output for cell in shown.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert not any(output.output_type == "error" for output in outputs)
    assert str(NOTEBOOKS.parent) not in text
    assert len(text) < 500_000
