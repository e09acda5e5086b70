"""A result as figures: arms beside what others told, success by column, causes of failure, and a curve for every stress."""

from collections.abc import Sequence

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from siren.eval.bench.reference import Reference, together
from siren.eval.bench.result import OVERALL, ArmResult, Measured, Result
from siren.eval.bench.suites import USUAL, group_of
from siren.eval.paper import tidy
from siren.world.stress import AMOUNTS, LEVELS, STRESSES, Stress, StressKind

COLOURS = ("#3f6ea3", "#c0504d", "#3a7d44", "#8064a2", "#d98b2b", "#4bacc6", "#7f7f7f", "#b5651d", "#e377c2", "#9ab84a", "#2f4b4b")
_TOLD = "#b9bec6"
_WHOLE = (-0.04, 1.04)  # so that points at both ends are seen whole


def beside_figure(reference: Reference, arms: Sequence[ArmResult]) -> Figure:
    """Bars of our arms, and paler ones of what others told, one panel a column."""
    figure, panels = plt.subplots(1, len(reference.columns), figsize=(9, 0.7 + 0.3 * (len(arms) + len(reference.rows))), sharey=True)
    names = [*(arm.name for arm in arms), *(f"{name} *" for name in reference.rows)]
    for place, (axes, (column, groups)) in enumerate(zip(panels, reference.columns.items(), strict=True)):
        for row, arm in enumerate(arms):
            _bar(axes, row, together(arm, groups), COLOURS[row % len(COLOURS)])
        for row, numbers in enumerate(reference.rows.values(), len(arms)):
            axes.barh(row, numbers[place] / 100, color=_TOLD, height=0.6)
        axes.set(title=column, xlim=(0, 1), yticks=range(len(names)), yticklabels=names)
        tidy(axes, "")
    panels[0].invert_yaxis()  # the panels share it
    return figure


def column_figure(result: Result) -> Figure:
    """Points with intervals: every arm in every column."""
    groups = list(result.groups)
    figure, axes = plt.subplots(figsize=(9, 3.2))
    width = 0.8 / len(result.arms)
    for number, arm in enumerate(result.arms):
        found = [together(arm, [group]) for group in groups]
        places = [index - 0.4 + width * (number + 0.5) for index in range(len(groups))]
        _points(axes, places, found, COLOURS[number % len(COLOURS)], arm.name, "none")
    axes.set(ylim=_WHOLE, ylabel="success", xticks=range(len(groups)), xticklabels=groups)
    axes.legend(frameon=False, ncols=min(6, len(result.arms)), loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize="small")
    tidy(axes, "")
    return figure


def causes_figure(result: Result) -> Figure:
    """Failures of each arm by their first event, as shares of its trials."""
    causes = sorted({cause for arm in result.arms for cause in arm.causes}, key=lambda cause: -_all(result, cause))
    figure, axes = plt.subplots(figsize=(9, 0.9 + 0.3 * len(result.arms)))
    left = [0.0] * len(result.arms)
    for number, cause in enumerate(causes):
        shares = [arm.causes.get(cause, 0) / max(1, together(arm, [OVERALL]).trials) for arm in result.arms]
        axes.barh(range(len(shares)), shares, left=left, color=COLOURS[number % len(COLOURS)], label=cause.replace("_", " "), height=0.6)
        left = [start + share for start, share in zip(left, shares, strict=True)]
    axes.set(yticks=range(len(result.arms)), yticklabels=[arm.name for arm in result.arms], xlim=(0, 1))
    axes.invert_yaxis()
    axes.legend(frameon=False, ncols=6, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize="small")
    tidy(axes, "share of trials that fail, by the first event")
    return figure


def curves(result: Result) -> tuple[StressKind, ...]:
    """The stresses that a result has curves of."""
    return tuple(kind for kind in STRESSES if group_of(Stress(kind=kind, level=1)) in result.groups)


def curves_figure(result: Result) -> Figure:
    """One panel a stress: success over its amount, from the tables as they are."""
    kinds = curves(result)
    figure, grid = plt.subplots((len(kinds) + 1) // 2, 2, figsize=(9, 2.1 * ((len(kinds) + 1) // 2)), sharey=True, squeeze=False)
    for axes, kind in zip(grid.flat, kinds, strict=False):
        amounts = [AMOUNTS[kind].usual, *AMOUNTS[kind].levels]
        for number, arm in enumerate(result.arms):
            groups = [USUAL, *(group_of(Stress(kind=kind, level=level)) for level in LEVELS)]
            found = [together(arm, [group]) for group in groups]
            beside = 0.012 * (amounts[-1] - amounts[0]) * (number - (len(result.arms) - 1) / 2)
            _points(axes, [amount + beside for amount in amounts], found, COLOURS[number % len(COLOURS)], arm.name, "-")
        axes.set(title=kind, ylim=_WHOLE, xticks=amounts)
        if amounts[-1] < amounts[0]:
            axes.invert_xaxis()
        tidy(axes, AMOUNTS[kind].told)
    for axes in grid.flat[len(kinds) :]:
        axes.set_visible(False)
    handles, names = grid.flat[0].get_legend_handles_labels()
    figure.legend(handles, names, frameon=False, ncols=min(6, len(names)), loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize="small")
    figure.tight_layout()
    return figure


def _bar(axes: Axes, row: int, one: Measured, colour: str) -> None:
    axes.barh(row, one.share, color=colour, height=0.6)
    if one.trials:
        axes.errorbar(one.share, row, xerr=[[one.share - one.low], [one.high - one.share]], color="black", capsize=3)


def _points(axes: Axes, places: Sequence[float], found: Sequence[Measured], colour: str, name: str, line: str) -> None:
    """Shares with their intervals; columns that were not played are left out."""
    there = [(place, one) for place, one in zip(places, found, strict=True) if one.trials]
    spread = [[max(0.0, one.share - one.low) for _, one in there], [max(0.0, one.high - one.share) for _, one in there]]
    shares = [one.share for _, one in there]
    axes.errorbar(
        [place for place, _ in there], shares, yerr=spread, color=colour, marker="o", markersize=4, capsize=2, ls=line, label=name
    )


def _all(result: Result, cause: str) -> int:
    return sum(arm.causes.get(cause, 0) for arm in result.arms)
