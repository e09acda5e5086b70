"""A bench as its result: what was asked for, the trials, and the rows on file become one value."""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from siren.core.values import Value
from siren.eval.bench.arms import Arm
from siren.eval.bench.fingerprint import Fingerprint
from siren.eval.bench.pairs import Tried, pairs_of
from siren.eval.bench.result import Result, Times
from siren.eval.bench.rows import Row
from siren.eval.bench.suites import Trial
from siren.eval.bench.tally import in_order, latency, results_of, spreads_of, tables_of


class Setup(Value):
    """What a bench was begun with. It is on file beside the rows, so that --resume goes on with the same."""

    suite: str
    seed: int
    episodes: int
    command: str
    arms: tuple[Arm, ...]
    left_out: tuple[str, ...]
    fingerprint: Fingerprint
    sayings: dict[str, dict[str, str]] = Field(default_factory=dict, description="what rules say, by folder of rules and id")


def summed_up(setup: Setup, trials: Sequence[Trial], rows: Sequence[Row], wall_seconds: float, workers: int) -> Result:
    """The result of the rows that are there; of an unfinished bench, what there is of it."""
    played = in_order(rows, setup.arms, trials)
    results = results_of(setup.arms, played, trials, setup.sayings)
    tried = {
        name: [Tried(row.group, f"{row.group} {row.number} {row.table}", row.success) for row in found.values()]
        for name, found in played.items()
    }
    decided = {arm.name: latency(list(played[arm.name].values())) for arm in setup.arms if arm.actor != "expert"}
    return Result(
        suite=setup.suite,
        seed=setup.seed,
        command=setup.command,
        groups=dict(Counter(trial.group for trial in trials)),
        fingerprint=setup.fingerprint,
        left_out=setup.left_out,
        tables=tables_of(played, trials),
        arms=results,
        pairs=pairs_of(tried),
        spreads=spreads_of(results),
        times=Times(
            wall_seconds=round(wall_seconds, 1),
            cpu_hours=round(sum(row.cpu_ms for found in played.values() for row in found.values()) / 3_600_000, 4),
            workers=workers,
            latency=decided,
        ),
    )
