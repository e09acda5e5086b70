"""A report as a table for the terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from siren.eval.report import Report


def report_table(report: Report) -> Group:
    """What changed, what was learned, and how much of the hidden laws that is."""
    return Group(_title(report), _changes(report), Text(), _rules(report), Text(), _laws(report))


def _title(report: Report) -> Text:
    return Text.assemble(
        (f"\nsession {report.session}", "bold"),
        f": {report.episodes} episodes in {report.seconds / 60:.1f} minutes; scene facts from the {report.perception}"
        + (f"; {100 * report.busy:.0f} % of worker time in simulation and inference\n" if report.busy is not None else "\n"),
    )


def _changes(report: Report) -> Table:
    table = _table("on the same held-out tasks", "before", "after")
    table.add_row("success of the whole agent", str(report.before), str(report.after))
    table.add_row("failures that a learned rule speaks of", str(report.covered_before), str(report.covered_after))
    table.add_row("first proposals that break a learned rule", str(report.first_broken_before), str(report.first_broken_after))
    table.add_row("tasks gained and lost", "", f"{report.gained} and {report.lost}, exact p = {report.p_value:.2g}")
    return table


def _rules(report: Report) -> Table:
    table = _table("rule", "what it says", "for", "against")
    for rule in report.active:
        table.add_row(rule.id, rule.saying, str(rule.support), str(rule.against))
    return table


def _laws(report: Report) -> Table:
    table = _table("hidden law (the learner never sees its name)", "of its fresh failures, the rules flag", "")
    for law in report.audit.met:
        table.add_row(law.law.replace("_", " "), str(law.flagged), "[green]recovered[/green]" if law.recovered else "not yet")
    table.add_row(f"{len(report.audit.laws) - len(report.audit.met)} more laws", "no fresh step failed by one alone", "")
    table.add_row("all failing steps", str(report.audit.failing), "")
    table.add_row("all succeeding steps", str(report.audit.succeeding), "")
    return table


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
