"""Results of the benchmark, and differences between two, as tables for the terminal."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from siren.eval.bench.compare import Difference
from siren.eval.bench.result import Result
from siren.eval.bench.text import SURE, Sheet, heading, sheets, short

WIDEST = 8  # columns that a terminal shows; the page has the rest


def result_tables(result: Result) -> Group:
    """The tables that fit on a terminal."""
    parts: list[RenderableType] = [Text(f"\nbenchmark {result.suite}, seed {result.seed}", "bold"), Text(heading(result).replace("`", ""))]
    for sheet in sheets(result):
        parts += [Text(), _table(sheet)]
    return Group(*parts)


def difference_table(difference: Difference) -> Group:
    """What only one of two results did, arm by arm."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("arm", "column", "tables in both", "done by the first and not the second / the other way round"):
        table.add_column(name, overflow="fold")
    for pair in difference.pairs:
        sure = "bold" if pair.p_corrected < SURE else ""
        table.add_row(pair.first, pair.column, str(pair.tables), Text(short(pair), sure))
    lines = [f"{name}: the same trials done, but last states differ bit for bit" for name in difference.changed_ends]
    for names, which in ((difference.only_in_first, "first"), (difference.only_in_second, "second")):
        lines += [f"only in the {which}: {', '.join(names)}"] if names else []
    return Group(table, *(Text(line) for line in lines))


def _table(sheet: Sheet) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", title=sheet.title, title_justify="left", title_style="bold italic")
    for name in sheet.head[:WIDEST]:
        table.add_column(name, overflow="fold")
    for row in sheet.rows:
        table.add_row(*(Text(cell.strip("*"), "bold" if cell.startswith("**") else "") for cell in row[:WIDEST]))
    if len(sheet.head) > WIDEST:
        table.caption = f"{len(sheet.head) - WIDEST} more columns are in the report"
    return table
