"""Rows on file as a result: shares, causes, ways, what each rule was worth, and times."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median

from siren.eval.bench.arms import Arm
from siren.eval.bench.result import OVERALL, ArmResult, Latency, Measured, RuleWorth, Spread, measured
from siren.eval.bench.rows import Row
from siren.eval.bench.suites import Trial

PHYSICS_STEPS = 240.0  # a second

Key = tuple[str, int]  # group and number of a trial


def in_order(rows: Sequence[Row], arms: Sequence[Arm], trials: Sequence[Trial]) -> dict[str, dict[Key, Row]]:
    """Rows by arm and trial, in the order of the suite, whoever played first."""
    found: dict[str, dict[Key, Row]] = defaultdict(dict)
    for row in rows:
        found[row.arm][row.group, row.number] = row
    keys = [(trial.group, trial.number) for trial in trials]
    return {arm.name: {key: found[arm.name][key] for key in keys if key in found[arm.name]} for arm in arms}


def results_of(
    arms: Sequence[Arm], rows: Mapping[str, Mapping[Key, Row]], trials: Sequence[Trial], sayings: Mapping[str, Mapping[str, str]]
) -> tuple[ArmResult, ...]:
    """Every arm by itself; rules are weighed against the arm of the same weights without any."""
    found = []
    for arm in arms:
        worth = _worth(list(rows[arm.name].values()), rows.get(_plain(arm, arms), {}), sayings.get(arm.rules, {}))
        found.append(_result(arm, rows[arm.name], trials).model_copy(update={"rules": worth}))
    return tuple(found)


def spreads_of(results: Sequence[ArmResult]) -> tuple[Spread, ...]:
    """Kinds of arms that were played for more than one training."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for result in results:
        by_kind[result.kind].append(result.columns[OVERALL].share)
    return tuple(
        Spread(kind=kind, seeds=len(shares), mean=round(sum(shares) / len(shares), 4), lowest=min(shares), highest=max(shares))
        for kind, shares in by_kind.items()
        if len(shares) > 1 and kind != "policy"
    )


def latency(rows: Sequence[Row]) -> Latency:
    """Of arms that decide; nothing for none."""
    spent = sorted(row.decided_ms for row in rows)
    p50, p90, p99 = (round(spent[min(len(spent) - 1, int(share * len(spent)))], 1) if spent else 0.0 for share in (0.5, 0.9, 0.99))
    return Latency(p50=p50, p90=p90, p99=p99)


def tables_of(rows: Mapping[str, Mapping[Key, Row]], trials: Sequence[Trial]) -> dict[str, str]:
    """By group, four hex digits of every trial's task, in order; four dashes for what nobody has played."""
    hashes = {key: row.table[:4] for played in rows.values() for key, row in played.items()}
    return _in_columns(trials, hashes, "----")


def _result(arm: Arm, played: Mapping[Key, Row], trials: Sequence[Trial]) -> ArmResult:
    rows = list(played.values())
    won = [row for row in rows if row.success]
    judged = [row for row in rows if row.broke_core is not None]
    return ArmResult(
        name=arm.name,
        kind=arm.kind,
        told=arm.told,
        columns=_columns(rows),
        causes=dict(Counter(sorted(row.cause for row in rows if not row.success)).most_common()),
        ways=dict(Counter(sorted(row.way for row in rows)).most_common()),
        broke_core=measured(sum(bool(row.broke_core) for row in judged), len(judged)),
        steps=float(median(row.steps for row in won)) if won else None,
        seconds=round(median(row.ticks for row in won) / PHYSICS_STEPS, 3) if won else None,
        outcomes=_in_columns(trials, {key: str(int(row.success)) for key, row in played.items()}, "-"),
        ends=hashlib.sha256("".join(row.end for row in rows).encode()).hexdigest()[:16],
    )


def _columns(rows: Sequence[Row]) -> dict[str, Measured]:
    by_group: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by_group[OVERALL].append(row.success)
        by_group[row.group].append(row.success)
    return {OVERALL: measured(0, 0)} | {group: measured(sum(won), len(won)) for group, won in by_group.items()}


def _in_columns(trials: Sequence[Trial], marks: Mapping[Key, str], none: str) -> dict[str, str]:
    """A mark a trial, by group and in order; `none` where there is no mark."""
    told: dict[str, str] = defaultdict(str)
    for trial in trials:
        told[trial.group] += marks.get((trial.group, trial.number), none)
    return dict(told)


def _plain(arm: Arm, arms: Sequence[Arm]) -> str:
    """The arm of the same weights without rules and with one try; "" when there is none."""
    same = (other.name for other in arms if arm.rules and not other.rules and other.weights == arm.weights and other.tries == 1)
    return next(same, "")


def _worth(rows: Sequence[Row], plain: Mapping[Key, Row], sayings: Mapping[str, str]) -> tuple[RuleWorth, ...]:
    """The rules that refused something, those that refused most first."""
    refused: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for rule in row.refused:
            refused[rule].append(row)
    return tuple(
        RuleWorth(
            rule=rule,
            saying=sayings.get(rule, ""),
            refused=len(met),
            with_rules=sum(row.success for row in met),
            without=sum(plain[row.group, row.number].success for row in met) if plain else None,
        )
        for rule, met in sorted(refused.items(), key=lambda item: (-len(item[1]), item[0]))
    )
