"""The report of a session as one HTML file."""

import html
from collections.abc import Sequence
from pathlib import Path

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from siren.eval.audit import Share
from siren.eval.paper import drawn, paper, tidy, write_paper
from siren.eval.practice_figure import practice_figure
from siren.eval.practised import weakest_line
from siren.eval.report import Report

BEFORE, AFTER, LINE = "#c0504d", "#3a7d44", "#3f6ea3"


def write_page(report: Report, path: Path) -> Path:
    """Write the page aside and rename it. Returns the path."""
    return write_paper(page(report), path)


def page(report: Report) -> str:
    """The whole page as text."""
    parts = (
        f"<h1>Session {html.escape(report.session)}</h1>",
        f"<p class=soft>{report.episodes} episodes in {report.seconds / 60:.1f} minutes; scene facts from the {report.perception},"
        f" the policy sees only the image; weights {html.escape(Path(report.checkpoint).name)}</p>",
        _busy(report),
        _cards(report),
        "<h2>Before and after, on the same held-out tasks</h2>",
        drawn(_before_after(report)),
        f"<p class=soft>{report.gained} tasks gained, {report.lost} lost; exact paired test p = {report.p_value:.2g}.</p>",
        "<h2>Practice</h2>",
        drawn(_practice(report)),
        "<h2>What was practised, and why</h2>",
        *_choice(report),
        "<h2>What went wrong first</h2>",
        drawn(_causes(report)),
        "<h2>Rules in force</h2>",
        _rules(report),
        "<h2>The hidden laws, and how many of their fresh failures the rules flag</h2>",
        _laws(report),
    )
    return paper(f"SIREN session {report.session}", parts)


def _busy(report: Report) -> str:
    if report.busy is None:
        return ""
    return f"<p class=soft>{100 * report.busy:.0f} % of the workers' time went into simulation and inference.</p>"


def _cards(report: Report) -> str:
    cards = (
        ("success before", _percent(report.before), _interval(report.before)),
        ("success after", _percent(report.after), _interval(report.after)),
        (
            "laws recovered",
            f"{report.audit.recovered} of {len(report.audit.met)}",
            f"that fresh steps failed by; {len(report.audit.laws)} are in the world, none was told",
        ),
        (
            "covered failures",
            f"{_percent(report.covered_before)} to {_percent(report.covered_after)}",
            "failures that a learned rule speaks of",
        ),
        (
            "first proposals that break a rule",
            f"{_percent(report.first_broken_before)} to {_percent(report.first_broken_after)}",
            "by the policy alone, before and after training",
        ),
        ("fresh failures flagged", _percent(report.audit.failing), f"and {_percent(report.audit.succeeding)} of good steps"),
    )
    return "<div class=cards>" + "".join(f"<div class=card>{a}<b>{b}</b><span class=soft>{c}</span></div>" for a, b, c in cards) + "</div>"


def _choice(report: Report) -> tuple[str, ...]:
    if not report.practised:
        return ("<p class=soft>Nothing was practised.</p>",)
    how = {
        "even": "Tasks came as they fell, whatever was weak.",
        "weak": "Weak and unknown areas were drawn more often, others now and then.",
    }
    things = html.escape(weakest_line(report.practised)) or "none tried yet"
    return (
        f"<p class=soft>{how[report.practice]} Weakness is the upper end of the 95 % interval of a family's failure share, as it was known"
        f" when the round was chosen. Weakest things at the last choice: {things}.</p>",
        drawn(practice_figure(report.practised)),
    )


def _rules(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{rule.id}<td>{html.escape(rule.saying)}<br><code>{html.escape(rule.text)}</code>"
        f"<td class=n>{rule.support}<td class=n>{rule.against}<td class=n>{rule.confidence:.2f}</tr>"
        for rule in report.active
    )
    return f"<div class=scroll><table><tr><th>rule<th>what it says<th>for<th>against<th>confidence</tr>{rows}</table></div>"


def _laws(report: Report) -> str:
    rows = "".join(
        f"<tr><td>{law.law.replace('_', ' ')}<td>{law.flagged}<td>{'recovered' if law.recovered else 'not yet'}</tr>"
        for law in report.audit.met
    )
    unmet = len(report.audit.laws) - len(report.audit.met)
    rows += f"<tr><td>{unmet} more laws<td>no fresh step failed by one alone<td></tr>"
    return f"<div class=scroll><table><tr><th>law<th>its fresh failures flagged<th></tr>{rows}</table></div>"


def _before_after(report: Report) -> Figure:
    figure, axes = plt.subplots(figsize=(7, 1.9))
    for row, (share, colour) in enumerate(((report.after, AFTER), (report.before, BEFORE))):
        low, high = share.interval
        axes.barh(row, share.share, color=colour, height=0.6)
        axes.errorbar(share.share, row, xerr=[[share.share - low], [high - share.share]], color="black", capsize=4)
    tidy(axes, "share of tasks that succeed, with 95 % interval")
    axes.set_yticks(
        [1, 0], [f"before: {report.before.count} of {report.before.trials}", f"after: {report.after.count} of {report.after.trials}"]
    )
    axes.set_xlim(0, 1)
    return figure


def _practice(report: Report) -> Figure:
    figure, axes = plt.subplots(figsize=(7, 2.8))
    numbers = [turn.number for turn in report.rounds]
    shares = [turn.success.share for turn in report.rounds]
    spread = [[share - turn.success.interval[0] for share, turn in zip(shares, report.rounds, strict=True)],
              [turn.success.interval[1] - share for share, turn in zip(shares, report.rounds, strict=True)]]  # fmt: skip
    axes.errorbar(numbers, shares, yerr=spread, color=LINE, marker="o", capsize=4, label="success in practice")
    axes.set_ylim(0, 1)
    axes.set_xticks(numbers)
    other = axes.twinx()
    other.step(numbers, [turn.rules_active for turn in report.rounds], where="mid", color=AFTER, label="rules in force")
    other.set_ylim(bottom=0)
    other.set_ylabel("rules", color=AFTER)
    axes.set_ylabel("success", color=LINE)
    tidy(axes, "round")
    other.spines["top"].set_visible(False)
    return figure


def _causes(report: Report) -> Figure:
    kinds = sorted(set(report.causes_before) | set(report.causes_after), key=lambda kind: report.causes_before.get(kind, 0))
    figure, axes = plt.subplots(figsize=(7, 0.6 + 0.38 * max(1, len(kinds))))
    for offset, causes, colour, name in ((0.2, report.causes_before, BEFORE, "before"), (-0.2, report.causes_after, AFTER, "after")):
        axes.barh([row + offset for row in range(len(kinds))], _counts(causes, kinds), color=colour, height=0.38, label=name)
    axes.set_yticks(range(len(kinds)), [kind.replace("_", " ") for kind in kinds])
    axes.legend(frameon=False, loc="lower right")
    tidy(axes, "failed tasks, by the first event")
    return figure


def _counts(causes: dict[str, int], kinds: Sequence[str]) -> list[int]:
    return [causes.get(kind, 0) for kind in kinds]


def _percent(share: Share) -> str:
    return f"{100 * share.share:.0f} %"


def _interval(share: Share) -> str:
    low, high = share.interval
    return f"{share.count} of {share.trials}, {100 * low:.0f} to {100 * high:.0f} %"
