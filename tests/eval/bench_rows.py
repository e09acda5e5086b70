"""Rows, setups and results that are small enough to count by hand."""

from collections.abc import Mapping, Sequence

from siren.eval.bench.arms import Arm
from siren.eval.bench.fingerprint import Fingerprint
from siren.eval.bench.result import Result
from siren.eval.bench.rows import Row
from siren.eval.bench.suites import Trial
from siren.eval.bench.summary import Setup, summed_up

PRINT = Fingerprint(
    versions={"python": "3.11"}, machine="Linux", code="c0de", objects="0b1ec7", arms={"vla": "weights 1", "siren": "weights 1"}
)
VLA = Arm(name="vla", kind="vla", told="plain", weights="/w")
SIREN = Arm(name="siren", kind="siren", told="with rules", weights="/w", rules="/r")


def row(arm: str, group: str, number: int, success: bool, **changes: object) -> Row:
    """A row of a plan of two steps that took a second."""
    fields = {
        "arm": arm, "group": group, "number": number, "table": f"{number:08x}", "success": success,
        "cause": "" if success else "dropped", "way": "proposal", "steps": 2, "ticks": 240, "tries": 1, "broke_core": False,
        "end": f"{arm}{number}", "decided_ms": 100.0, "cpu_ms": 36_000.0,
    }  # fmt: skip
    return Row.model_validate(fields | changes)


def trials_of(groups: Mapping[str, int]) -> tuple[Trial, ...]:
    """Trials of these columns; nobody lays their tables."""
    return tuple(Trial(group=group, number=number, split="seen", seed=number) for group, count in groups.items() for number in range(count))


def setup(arms: Sequence[Arm] = (VLA, SIREN), **changes: object) -> Setup:
    fields = {
        "suite": "quick", "seed": 0, "episodes": 6, "command": "siren bench", "arms": tuple(arms), "left_out": ("rl is left out",),
        "fingerprint": PRINT,
    }  # fmt: skip
    return Setup.model_validate(fields | changes)


def small_result(marks: Mapping[str, Mapping[str, str]], **changes: object) -> Result:
    """A result of outcomes by arm and group, as marks 1 and 0."""
    groups = {group: len(told) for told_of in marks.values() for group, told in told_of.items()}
    rows = [
        row(arm, group, number, mark == "1")
        for arm, told_of in marks.items()
        for group, told in told_of.items()
        for number, mark in enumerate(told)
    ]
    arms = [{"vla": VLA, "siren": SIREN}[name] for name in marks]
    return summed_up(setup(arms, **changes), trials_of(groups), rows, 1.0, 0)
