"""Arms on the same tables as paired tests: exact McNemar, corrected by Holm over all that are made together."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from siren.core.statistics import holm, mcnemar
from siren.eval.bench.result import OVERALL, Pair

MOST_COLUMNS = 12  # of suites with more, such as the curves of robustness, only the whole is tested


class Tried(NamedTuple):
    """A trial of an arm: its column, what identifies the table, and whether it was done."""

    column: str
    table: str
    success: bool


def pairs_of(tried: Mapping[str, Sequence[Tried]]) -> tuple[Pair, ...]:
    """Every two arms, overall and in each column, on the tables that both have played."""
    columns = tuple(dict.fromkeys(one.column for trials in tried.values() for one in trials))
    chosen = (OVERALL, *columns) if 1 < len(columns) <= MOST_COLUMNS else (OVERALL,)
    return corrected([compared(column, one, other, tried[one], tried[other]) for column in chosen for one, other in combinations(tried, 2)])


def compared(column: str, first: str, second: str, of_first: Sequence[Tried], of_second: Sequence[Tried]) -> Pair:
    """One pair in one column, not yet corrected."""
    one, other = ({trial.table: trial.success for trial in trials if column in (OVERALL, trial.column)} for trials in (of_first, of_second))
    both = one.keys() & other.keys()
    gained, lost = sum(one[table] > other[table] for table in both), sum(other[table] > one[table] for table in both)
    p_value = mcnemar(gained, lost)
    return Pair(column=column, first=first, second=second, tables=len(both), gained=gained, lost=lost, p_value=p_value, p_corrected=p_value)


def corrected(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """The same pairs with p values that take all of them into account."""
    values = holm([pair.p_value for pair in pairs])
    return tuple(pair.model_copy(update={"p_corrected": value}) for pair, value in zip(pairs, values, strict=True))
