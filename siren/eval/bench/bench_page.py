"""A result as one HTML file: figures, every table, and what has to be equal for another result to be comparable."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from siren.eval.bench.figures import beside_figure, causes_figure, column_figure, curves, curves_figure
from siren.eval.bench.pairs import MOST_COLUMNS
from siren.eval.bench.reference import fitting
from siren.eval.bench.result import Result
from siren.eval.bench.text import BY_CAUSE, BY_COLUMN, Sheet, fingerprint_lines, heading, sheets
from siren.eval.paper import drawn, paper, write_paper


def write_bench_page(result: Result, path: Path) -> Path:
    """Write the page aside and rename it. Returns the path."""
    return write_paper(bench_page(result), path)


def bench_page(result: Result) -> str:
    """The whole page as text."""
    return paper(f"SIREN benchmark {result.suite}", _parts(result))


def _parts(result: Result) -> Iterator[str]:
    yield f"<h1>Benchmark {html.escape(result.suite)}, seed {result.seed}</h1><p class=soft>{_marked(heading(result))}</p>"
    if result.left_out:
        yield "<ul class=soft>" + "".join(f"<li>{html.escape(reason)}" for reason in result.left_out) + "</ul>"
    pictures = _pictures(result)
    for sheet in sheets(result):
        yield _table(sheet, pictures.get(sheet.title, ""))
    lines = "".join(f"<li>{html.escape(name)}: <code>{html.escape(what)}</code>" for name, what in fingerprint_lines(result))
    yield f"<h2>Fingerprint</h2><ul>{lines}</ul>"


def _pictures(result: Result) -> dict[str, str]:
    """Figures by the title of the table that they go with."""
    found = {one.title: drawn(beside_figure(one, result.arms)) for one in fitting(result.arms)}
    if curves(result):
        found[BY_COLUMN] = drawn(curves_figure(result))
    elif 1 < len(result.groups) <= MOST_COLUMNS:
        found[BY_COLUMN] = drawn(column_figure(result))
    if any(arm.causes for arm in result.arms):
        found[BY_CAUSE] = drawn(causes_figure(result))
    return found


def _table(sheet: Sheet, picture: str) -> str:
    head = "".join(f"<th>{html.escape(name)}" for name in sheet.head)
    rows = "".join("<tr>" + "".join(f"<td>{_marked(cell)}" for cell in row) + "</tr>" for row in sheet.rows)
    note = f"<p class=soft>{html.escape(sheet.note)}</p>" if sheet.note else ""
    return f"<h2>{html.escape(sheet.title)}</h2>{note}{picture}<div class=scroll><table><tr>{head}</tr>{rows}</table></div>"


def _marked(text: str) -> str:
    """The two marks of Markdown that our texts use: bold and code."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html.escape(text, quote=False))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", bold)
