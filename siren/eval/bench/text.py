"""A result as tables of text: for Markdown, and row by row for the terminal and the page."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from siren.eval.bench.pairs import MOST_COLUMNS
from siren.eval.bench.reference import Reference, fitting, together
from siren.eval.bench.result import OVERALL, ArmResult, Measured, Pair, Result

SURE = 0.01  # corrected p value below which two arms are said to differ
MOST_RULES = 20
_WORTH = ("rule", "what it says", "refused", "done without rules", "done with")
BY_COLUMN, BY_CAUSE = "Success by column", "Failures by the first event"


class Sheet(NamedTuple):
    """A titled table."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def sheets(result: Result) -> tuple[Sheet, ...]:
    """Every table of a report, in order."""
    found = [*(_beside(reference, result.arms) for reference in fitting(result.arms)), *_columns(result), _how(result)]
    found += [*_causes(result), *_pairs(result), *_rules(result), *_spreads(result)]
    return tuple(found)


def markdown(result: Result) -> str:
    """The whole report as Markdown."""
    parts = [f"# Benchmark {result.suite}, seed {result.seed}", heading(result), *(f"- {reason}" for reason in result.left_out)]
    for sheet in sheets(result):
        lines = ["| " + " | ".join(sheet.head) + " |", "|" + "---|" * len(sheet.head)]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in sheet.rows]
        parts += [f"## {sheet.title}", *([sheet.note] if sheet.note else []), "\n".join(lines)]
    parts += ["## Fingerprint", "\n".join(f"- {name}: {what}" for name, what in fingerprint_lines(result))]
    return "\n\n".join(parts) + "\n"


def heading(result: Result) -> str:
    """What was played, in one sentence."""
    count, hours = sum(result.groups.values()), result.times.cpu_hours
    spent = f"{hours:.1f} processor hours" if hours >= 1 else f"{60 * hours:.1f} processor minutes"
    return (
        f"`{result.command}`: {count} tables, {len(result.arms)} arms on each, {spent}."
        " Shares are percentages with Wilson's 95 % interval; success means that the goal holds and nothing went wrong on the way."
    )


def fingerprint_lines(result: Result) -> Iterator[tuple[str, str]]:
    """Names and values of everything that has to be equal for another result to be comparable."""
    print_ = result.fingerprint
    yield "versions", ", ".join(f"{name} {number}" for name, number in print_.versions.items())
    yield "machine, code, objects", f"{print_.machine}, {print_.code}, {print_.objects}"
    for name, what in print_.arms.items():
        yield f"arm {name}", what


def percent(one: Measured) -> str:
    """`61.5 (54 to 68)`, or a dash where nothing was played."""
    return f"{100 * one.share:.1f} ({100 * one.low:.0f} to {100 * one.high:.0f})" if one.trials else "–"


def short(pair: Pair) -> str:
    """`+31 / -4, p 1e-06`"""
    return f"+{pair.gained} / -{pair.lost}, p {pair.p_corrected:.1g}"


def _beside(reference: Reference, arms: Sequence[ArmResult]) -> Sheet:
    """Our arms in the columns of others, and beside them what those told."""
    own = [(arm.name, *(percent(together(arm, groups)) for groups in reference.columns.values()), "measured here") for arm in arms]
    told = [(name, *map(str, numbers), reference.mark) for name, numbers in reference.rows.items()]
    note = f"Bars with a star in the picture, and the last rows: {reference.mark}."
    return Sheet(reference.title, ("arm", *reference.columns, "source"), (*own, *told), note)


def _columns(result: Result) -> Iterator[Sheet]:
    """Success by column; where there are too many for one table, as rows."""
    whole = (OVERALL, *result.groups) if len(result.groups) > 1 else (OVERALL,)
    if len(result.groups) <= MOST_COLUMNS:
        head = ("arm", *(f"{group} ({result.groups.get(group, sum(result.groups.values()))})" for group in whole))
        yield Sheet(BY_COLUMN, head, tuple((arm.name, *(percent(together(arm, [group])) for group in whole)) for arm in result.arms))
        return
    rows = tuple((group, *(percent(together(arm, [group])) for arm in result.arms)) for group in whole)
    yield Sheet(BY_COLUMN, ("column", *(arm.name for arm in result.arms)), rows)


def _how(result: Result) -> Sheet:
    rows = []
    for arm in result.arms:
        late = result.times.latency.get(arm.name)
        spent = f"{late.p50:.0f} / {late.p90:.0f} / {late.p99:.0f}" if late else "–"
        ways = ", ".join(f"{way} {count}" for way, count in arm.ways.items())
        steps, seconds = (f"{value:g}" if value is not None else "–" for value in (arm.steps, arm.seconds))
        rows.append((arm.name, arm.told, steps, seconds, percent(arm.broke_core), spent, ways))
    head = ("arm", "what it is", "steps", "seconds", "broke a core rule", "ms to decide, p50 / p90 / p99", "how plans came about")
    note = "Steps and simulated seconds: medians of successes, all tries counted. A core rule: a plan that breaks one ran."
    return Sheet("How they did it", head, tuple(rows), note)


def _causes(result: Result) -> Iterator[Sheet]:
    causes = sorted({cause for arm in result.arms for cause in arm.causes}, key=lambda cause: -sum(_failures(result, cause)))
    if causes:
        rows = tuple((cause.replace("_", " "), *map(str, _failures(result, cause))) for cause in causes)
        yield Sheet(BY_CAUSE, ("cause", *(arm.name for arm in result.arms)), rows)


def _failures(result: Result, cause: str) -> list[int]:
    return [arm.causes.get(cause, 0) for arm in result.arms]


def _pairs(result: Result) -> Iterator[Sheet]:
    """Every pair in every column that was tested."""
    if not result.pairs:
        return
    columns = tuple(dict.fromkeys(pair.column for pair in result.pairs))
    told = {(pair.first, pair.second, pair.column): pair for pair in result.pairs}
    couples = tuple(dict.fromkeys((pair.first, pair.second) for pair in result.pairs))
    rows = tuple((f"{one} – {other}", *(_tested(told[one, other, column]) for column in columns)) for one, other in couples)
    note = (
        "Tables that only the first of the two did, and only the second; exact McNemar, corrected (Holm) over all cells of this table."
        f" Bold: p below {SURE}."
    )
    yield Sheet("Pairs on the same tables", ("pair", *columns), rows, note)


def _tested(pair: Pair) -> str:
    return f"**{short(pair)}**" if pair.p_corrected < SURE else short(pair)


def _rules(result: Result) -> Iterator[Sheet]:
    """For each arm with rules: what became of the first proposals that a learned rule refused."""
    for arm in result.arms:
        if arm.rules:
            rows = tuple((one.rule, one.saying, str(one.refused), _of(one.without), str(one.with_rules)) for one in arm.rules[:MOST_RULES])
            note = "Trials whose first proposal the rule refused, how many of them the same weights did without rules, and this arm."
            yield Sheet(f"What each rule was worth to {arm.name}", _WORTH, rows, note)


def _of(count: int | None) -> str:
    return "–" if count is None else str(count)


def _spreads(result: Result) -> Iterator[Sheet]:
    if result.spreads:
        rows = tuple(
            (one.kind, str(one.seeds), f"{100 * one.mean:.1f}", f"{100 * one.lowest:.1f}", f"{100 * one.highest:.1f}")
            for one in result.spreads
        )
        yield Sheet("Over several seeds of what was trained", ("arm", "seeds", "mean", "lowest", "highest"), rows)
