"""Columns of a result as the columns in which others have told theirs, and what they told. Nothing here was measured by SIREN.

The seed note is the text that this project began with; its table is in no paper. The paper's rows are those of RT-2 (Brohan et al.,
arXiv 2307.15818): generalisation, and emergent skills; about 6,000 trials on a real robot with other tasks.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from siren.eval.bench.result import OVERALL, ArmResult, Measured, measured


class Reference(NamedTuple):
    """Columns by the groups that they take together, and rows of percentages in their order."""

    title: str
    mark: str
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[int, ...]]


REFERENCES = (
    Reference(
        title="Overall, new objects, reasoning",
        mark="from the project's seed note",
        columns={"overall": (OVERALL,), "new objects": ("unseen",), "reasoning": ("reasoning", "use")},
        rows={"RT-1": (85, 67, 52), "RT-2": (90, 76, 71)},
    ),
    Reference(
        title="Seen, unseen average, emergent",
        mark="paper, real robot, not comparable in absolute terms",
        columns={"seen": ("seen",), "unseen average": ("unseen", "background", "layout"), "emergent": ("reasoning", "use")},
        rows={"RT-1": (92, 32, 17), "RT-2-PaLI-X-55B": (91, 62, 60)},
    ),
)


def together(arm: ArmResult, groups: Sequence[str]) -> Measured:
    """An arm on several columns taken together; nothing among nothing where it played none of them."""
    found = [arm.columns[group] for group in groups if group in arm.columns]
    return measured(sum(one.count for one in found), sum(one.trials for one in found))


def fitting(arms: Sequence[ArmResult]) -> tuple[Reference, ...]:
    """Those whose every column some arm has played: a suite of one split has nothing to put beside them."""
    return tuple(
        reference
        for reference in REFERENCES
        if all(any(together(arm, groups).trials for arm in arms) for groups in reference.columns.values())
    )
