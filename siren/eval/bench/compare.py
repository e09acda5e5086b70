"""Two results of the benchmark as what differs between them: installation, arms, and trials that only one of them did."""

from collections.abc import Iterator

from pydantic import Field

from siren.core.values import Value
from siren.eval.bench.fingerprint import differences
from siren.eval.bench.pairs import Tried, compared, corrected
from siren.eval.bench.result import OVERALL, Pair, Result

HEX = 4  # digits of a table's hash


class Difference(Value):
    """What two results have in common, and where they part."""

    warnings: tuple[str, ...] = Field(description="why they may not be comparable; none when everything that decides is equal")
    pairs: tuple[Pair, ...] = Field(description="the same arm in the first result and in the second, on the same tables")
    changed_ends: tuple[str, ...] = Field(description="arms that did the same trials, but not to the same last states, bit for bit")
    only_in_first: tuple[str, ...]
    only_in_second: tuple[str, ...]


def compare_results(first: Result, second: Result) -> Difference:
    """Pairs by arm, column, trial and table; a table that is not the same in both does not count."""
    both = [arm.name for arm in first.arms if second.arm(arm.name) is not None]
    tried = {name: (_tried(first, name), _tried(second, name)) for name in both}
    pairs = [
        compared(column, name, name, *tried[name])
        for name in both
        for column in (OVERALL, *(group for group in first.groups if group in second.groups and len(first.groups) > 1))
    ]
    return Difference(
        warnings=tuple(_warnings(first, second, pairs)),
        pairs=corrected(pairs),
        changed_ends=tuple(name for name in both if _ends_changed(first, second, name)),
        only_in_first=tuple(arm.name for arm in first.arms if arm.name not in both),
        only_in_second=tuple(arm.name for arm in second.arms if arm.name not in both),
    )


def _warnings(first: Result, second: Result, pairs: list[Pair]) -> Iterator[str]:
    if first.suite != second.suite:
        yield f"suite: {first.suite} and {second.suite}; only tables that both have are compared"
    if first.seed != second.seed:
        yield f"seed: {first.seed} and {second.seed}; the tables are not the same, so nothing is paired"
    yield from differences(first.fingerprint, second.fingerprint)
    tables = {pair.first: pair.tables for pair in pairs if pair.column == OVERALL}
    most = min(sum(result.groups.values()) for result in (first, second))
    for name, count in tables.items():
        if count < most:
            yield f"arm {name}: {count} of {most} tables were played in both and are the same"


def _tried(result: Result, name: str) -> list[Tried]:
    arm = result.arm(name)
    assert arm is not None
    return [
        Tried(group, f"{group} {number} {result.tables[group][HEX * number : HEX * (number + 1)]}", mark == "1")
        for group, marks in arm.outcomes.items()
        for number, mark in enumerate(marks)
        if mark != "-"
    ]


def _ends_changed(first: Result, second: Result, name: str) -> bool:
    one, other = first.arm(name), second.arm(name)
    assert one is not None
    assert other is not None
    return first.tables == second.tables and one.outcomes == other.outcomes and one.ends != other.ends
