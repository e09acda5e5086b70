"""What a session practised and why: tasks of each family by round, and how weak each area was held to be when they were chosen."""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from siren.config import SessionConfig
from siren.core.task import FAMILIES
from siren.core.values import Value
from siren.memory.overview import tally
from siren.memory.store import Store

PREFIX = "weak/"


class Practised(Value):
    """One round of practice."""

    number: int
    tasks: dict[str, int] = Field(description="tries by family")
    weakness: dict[str, float] = Field(description="by family: upper end of the failure share when the round was chosen")
    weakest: tuple[tuple[str, float], ...] = Field(description="the things that were held to be weakest, weakest first")


def practised(store: Store, config: SessionConfig) -> tuple[Practised, ...]:
    """Every round of practice that is on record."""
    metrics = store.metrics(config.name)
    tasks: dict[int, Counter[str]] = {}
    for row in tally(store, config.name):
        if row.use == "collect":
            tasks.setdefault(row.round, Counter())[row.family] += row.episodes
    return tuple(_round(number, tasks[number], metrics.get(number, {})) for number in sorted(tasks))


def _round(number: int, tasks: Counter[str], metrics: dict[str, float]) -> Practised:
    weak = {name.removeprefix(PREFIX): value for name, value in metrics.items() if name.startswith(PREFIX)}
    families: dict[str, float] = {family: weak[f"family/{family}"] for family in FAMILIES if f"family/{family}" in weak}
    things = sorted(((value, name.removeprefix("object/")) for name, value in weak.items() if name.startswith("object/")), reverse=True)
    return Practised(number=number, tasks=dict(tasks), weakness=families, weakest=tuple((name, value) for value, name in things[:3]))


def weakest_line(rounds: Sequence[Practised]) -> str:
    """The things that the last round held to be weakest."""
    last = rounds[-1].weakest if rounds else ()
    return ", ".join(f"{name.replace('_', ' ')} {100 * value:.0f} %" for name, value in last)
