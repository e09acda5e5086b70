"""What a benchmark came to, as one value and one JSON file. Everything in it but `times` is the same whenever the same is played."""

import json
from pathlib import Path

from pydantic import Field, ValidationError

from siren.core.errors import BenchError
from siren.core.statistics import wilson
from siren.core.values import Value
from siren.eval.bench.fingerprint import Fingerprint

OVERALL = "overall"


class Measured(Value):
    """A count of successes among trials, and Wilson's 95 % interval of the share."""

    count: int
    trials: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.count / self.trials if self.trials else 0.0


def measured(count: int, trials: int) -> Measured:
    low, high = wilson(count, trials)
    return Measured(count=count, trials=trials, low=round(low, 4), high=round(high, 4))


class RuleWorth(Value):
    """What became of the first proposals that a learned rule refused."""

    rule: str
    saying: str = Field(description="what it says; empty where the rule was not on file when the benchmark began")
    refused: int
    with_rules: int = Field(description="of these, trials that the arm with rules did")
    without: int | None = Field(description="trials that the same weights did without rules; none where no such arm was played")


class ArmResult(Value):
    """One arm on all trials."""

    name: str
    kind: str
    told: str
    columns: dict[str, Measured] = Field(description="by group, and overall")
    causes: dict[str, int] = Field(description="failures by the first event of the last try")
    ways: dict[str, int] = Field(description="how the plans came about")
    broke_core: Measured = Field(description="trials in which a plan that broke a core rule ran")
    steps: float | None = Field(description="median steps of all plans that ran, where it succeeded")
    seconds: float | None = Field(description="median simulated seconds of all tries, where it succeeded")
    rules: tuple[RuleWorth, ...] = ()
    outcomes: dict[str, str] = Field(description="by group, 1 or 0 for each trial in order, a dash for one that was not played")
    ends: str = Field(description="hash of the last states of all trials")


class Pair(Value):
    """Two arms on the same tables of a column."""

    column: str
    first: str
    second: str
    tables: int
    gained: int = Field(description="done by the first and not by the second")
    lost: int = Field(description="done by the second and not by the first")
    p_value: float = Field(description="McNemar, exact, two-sided")
    p_corrected: float = Field(description="Holm, over all pairs and columns of this result")


class Spread(Value):
    """A kind of arm over several trainings, each with a seed of its own: overall success."""

    kind: str
    seeds: int
    mean: float
    lowest: float
    highest: float


class Latency(Value):
    """Wall milliseconds from picture to plan."""

    p50: float
    p90: float
    p99: float


class Times(Value):
    """What depends on the machine and its load."""

    wall_seconds: float = Field(description="of this run; less than the whole after --resume")
    cpu_hours: float = Field(description="of all trials that are on file")
    workers: int
    latency: dict[str, Latency]


class Result(Value):
    """A whole benchmark."""

    suite: str
    seed: int
    command: str
    groups: dict[str, int] = Field(description="trials by column, in order")
    fingerprint: Fingerprint
    left_out: tuple[str, ...]
    tables: dict[str, str] = Field(description="by group, four hex digits for each trial's task")
    arms: tuple[ArmResult, ...]
    pairs: tuple[Pair, ...]
    spreads: tuple[Spread, ...]
    times: Times

    def arm(self, name: str) -> ArmResult | None:
        """The arm of that name."""
        return next((arm for arm in self.arms if arm.name == name), None)


def write_result(result: Result, path: Path) -> Path:
    """Write it aside and rename it. Returns the path."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(json.dumps(result.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    aside.replace(path)
    return path


def read_result(path: Path) -> Result:
    """The result of a file. Raises BenchError for anything else."""
    try:
        return Result.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(f"{path}: expected the result of a benchmark, but it cannot be read ({error.strerror})") from error
    except (ValidationError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise BenchError(f"{path}: expected the JSON that siren bench writes, got something else ({first})") from error
