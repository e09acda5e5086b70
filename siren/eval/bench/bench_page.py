"""A result as one HTML file: figures, every table, and what has to be equal for another result to be comparable."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

from siren.eval.bench.figures import beside_figure, causes_figure, column_figure, curves, curves_figure
from siren.eval.bench.pairs import MOST_COLUMNS
from siren.eval.bench.reference import fitting
from siren.eval.bench.result import Result
from siren.eval.bench.text import Sheet, fingerprint_lines, heading, sheets
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
    for reference in fitting(result.arms):
        yield f"<h2>{html.escape(reference.title)}</h2>{drawn(beside_figure(reference, result.arms))}"
        yield f"<p class=soft>* {html.escape(reference.mark)}.</p>"
    if curves(result):
        yield f"<h2>Under stress</h2>{drawn(curves_figure(result))}"
    elif 1 < len(result.groups) <= MOST_COLUMNS:
        yield f"<h2>By column</h2>{drawn(column_figure(result))}"
    if any(arm.causes for arm in result.arms):
        yield f"<h2>What went wrong first</h2>{drawn(causes_figure(result))}"
    yield from map(_table, sheets(result))
    lines = "".join(f"<li>{html.escape(name)}: <code>{html.escape(what)}</code>" for name, what in fingerprint_lines(result))
    yield f"<h2>Fingerprint</h2><ul>{lines}</ul>"


def _table(sheet: Sheet) -> str:
    head = "".join(f"<th>{html.escape(name)}" for name in sheet.head)
    rows = "".join("<tr>" + "".join(f"<td>{_marked(cell)}" for cell in row) + "</tr>" for row in sheet.rows)
    note = f"<p class=soft>{html.escape(sheet.note)}</p>" if sheet.note else ""
    return f"<h2>{html.escape(sheet.title)}</h2>{note}<div class=scroll><table><tr>{head}</tr>{rows}</table></div>"


def _marked(text: str) -> str:
    """The two marks of Markdown that our texts use: bold and code."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html.escape(text, quote=False))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", bold)
