"""A name and a seed as trials: which tables are played, on which robot, under what stress. docs/bench.md says what each suite holds.

The table of trial k of a group is the same in every suite, whatever else is in it, so a quick run is a part of a full one.
"""

import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, get_args

from pydantic import Field

from siren.config import BENCH_SEEDS
from siren.core.errors import BenchError
from siren.core.task import Task
from siren.core.values import Value
from siren.world.fetching import fetch_task
from siren.world.splits import SPLITS, Split
from siren.world.stress import LEVELS, STRESSES, Stress, stressed_task
from siren.world.tasks import make_task

Body = Literal["panda", "kuka", "husky"]
Suite = Literal["full", "quick", "robustness", "kuka", "fetch"]
SUITES: tuple[Suite, ...] = get_args(Suite)
SEEDS_APART = 10_000_000  # tables of one seed of the benchmark before those of the next begin

# Shares of `full`, of 6,000: two fifths like training, as a standard of comparison; three tenths unseen things, tables and places, the
# generalisation of the RT-2 paper; 15 % reasoning, its emergent skills; the rest is what SIREN is about and held-out words.
FULL: Mapping[Split, int] = MappingProxyType(
    {
        "seen": 2400,
        "unseen": 600,
        "background": 600,
        "layout": 600,
        "reasoning": 600,
        "use": 300,
        "multi": 300,
        "laws": 400,
        "phrasing": 200,
    }
)
KUKA: Mapping[Split, int] = MappingProxyType({"seen": 3, "laws": 2})
_POINTS = 1 + len(STRESSES) * len(LEVELS)  # of the curves: the tables as they are, and under every stress
EPISODES: Mapping[str, int] = MappingProxyType(
    {"full": sum(FULL.values()), "quick": 300, "robustness": 20 * _POINTS, "kuka": 200, "fetch": 50}
)
ALONE = 200  # trials of a split that is asked for by its name
USUAL = "undisturbed"


class Trial(Value):
    """One table, to be played by every arm."""

    group: str = Field(description="the column it counts in: a split, 'fetch', or a stress and its level")
    number: int = Field(ge=0, description="within its group")
    split: Split | Literal["fetch"]
    seed: int
    body: Body = "panda"
    stress: Stress | None = None

    def task(self) -> Task:
        """What is asked for, as the policy is told and the table is laid."""
        task = fetch_task(self.seed) if self.split == "fetch" else make_task(self.seed, self.split)
        return stressed_task(task, self.stress)


def suite(name: str, seed: int = 0, episodes: int | None = None) -> tuple[Trial, ...]:
    """The trials of that suite, or of the split of that name. Raises BenchError for any other."""
    count = episodes or EPISODES.get(name, ALONE)
    if name in ("full", "quick"):
        return _of_splits(FULL, count, seed, "panda")
    if name == "kuka":
        return _of_splits(KUKA, count, seed, "kuka")
    if name == "robustness":
        return _robustness(max(1, count // _POINTS), seed)
    if name == "fetch":
        return tuple(Trial(group="fetch", number=number, split="fetch", seed=_seed(seed, number), body="husky") for number in range(count))
    if name in SPLITS:
        return _of_splits({name: 1}, count, seed, "panda")
    near = difflib.get_close_matches(name, (*SUITES, *SPLITS), 1, 0.5)
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise BenchError(f"expected a suite ({', '.join(SUITES)}) or a split ({', '.join(SPLITS)}), got '{name}'; {hint}name one of these")


def groups_of(trials: Sequence[Trial]) -> tuple[str, ...]:
    """The columns of a suite, in order."""
    return tuple(dict.fromkeys(trial.group for trial in trials))


def parted(shares: Mapping[Split, int], count: int) -> dict[Split, int]:
    """That many trials in those shares; what is left over goes to the largest remainders, of equal ones to the first."""
    whole = sum(shares.values())
    parts = {split: count * share // whole for split, share in shares.items()}
    by_remainder = sorted(shares, key=lambda split: -(count * shares[split] % whole))
    for split in by_remainder[: count - sum(parts.values())]:
        parts[split] += 1
    return parts


def _of_splits(shares: Mapping[Split, int], count: int, seed: int, body: Body) -> tuple[Trial, ...]:
    return tuple(
        Trial(group=split, number=number, split=split, seed=_seed(seed, number), body=body)
        for split, part in parted(shares, count).items()
        for number in range(part)
    )


def _robustness(tables: int, seed: int) -> tuple[Trial, ...]:
    """The same tables of `seen` as they are and under every stress at every level."""
    stresses = [None, *(Stress(kind=kind, level=level) for kind in STRESSES for level in LEVELS)]
    return tuple(
        Trial(group=group_of(stress), number=number, split="seen", seed=_seed(seed, number), stress=stress)
        for stress in stresses
        for number in range(tables)
    )


def group_of(stress: Stress | None) -> str:
    """The column of a stress, e.g. `light 2`."""
    return f"{stress.kind} {stress.level}" if stress else USUAL


def _seed(seed: int, number: int) -> int:
    return BENCH_SEEDS + seed * SEEDS_APART + number
