"""Rounds of practice as a figure: how many tries each family got, and how weak it was held to be when the round was chosen."""

from collections.abc import Sequence

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from siren.core.task import FAMILIES
from siren.eval.practised import Practised

COLOURS = dict(
    zip(
        FAMILIES,
        (
            "#3f6ea3", "#c0504d", "#3a7d44", "#8064a2", "#d98b2b", "#4bacc6", "#7f7f7f", "#b5651d", "#e377c2", "#9ab84a", "#2f4b4b",
        ),
        strict=True,
    )
)  # fmt: skip


def practice_figure(rounds: Sequence[Practised]) -> Figure:
    """Bars: tries by family. Lines: weakness of that family, known when the round was chosen."""
    figure, axes = plt.subplots(figsize=(7, 2.8))
    weak = axes.twinx()
    numbers, bottom = [one.number for one in rounds], [0] * len(rounds)
    for family, colour in COLOURS.items():
        counts = [one.tasks.get(family, 0) for one in rounds]
        axes.bar(numbers, counts, bottom=bottom, color=colour, alpha=0.45, width=0.7, label=family.replace("_", " "))
        bottom = [low + count for low, count in zip(bottom, counts, strict=True)]
        weak.plot(numbers, [one.weakness.get(family, 1.0) for one in rounds], color=colour, marker="o")
    axes.set(xlabel="round", ylabel="tries (bars)", xticks=numbers)
    weak.set(ylabel="weakness (lines)", ylim=(0, 1.05))
    axes.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.2), fontsize="small")
    for side in (axes, weak):
        side.spines["top"].set_visible(False)
    return figure
