"""Failures whose cause is known, and whether a diagnosis by intervention names it: the step, and an argument of the right kind.

    python -m benchmarks.diagnosis --count 200 --workers 2

`siren.world.injection` spoils one thing of an expert's plan; the diagnosis sees scene, plan, outcome and the goal, and carries out plans
that have one thing set right. It is right when it names the step that was spoilt, and an argument that the spoiling touched.
The last line of standard output is one JSON object.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from itertools import count, islice
from multiprocessing import get_context
from typing import NamedTuple

from siren.core.episode import Outcome
from siren.core.errors import PlanRefusedError
from siren.core.plan import Plan
from siren.learning.diagnosis import diagnose
from siren.symbolic.mending import amendments
from siren.world.injection import KINDS, Failure, failures
from siren.world.tabletop import Tabletop

FIRST = 5_000_000
# What setting right touches what was spoilt.
TOUCHES = {
    "no_grasp": {"aim"},
    "slip": {"speed", "force"},
    "translation": {"aim", "height"},
    "rotation": {"yaw", "aim"},
    "no_rotation": {"yaw"},
    "wrong_sequence": {"order", "insert"},
    "wrong_target": {"object", "target"},
    "squeeze": {"force"},
    "release_height": {"height", "aim"},
}


class Judged(NamedTuple):
    """One diagnosis beside the truth."""

    cause: str
    event: str
    confirmed: bool
    step: bool
    field: bool
    runs: int
    story: str


def judge(world: Tabletop, failure: Failure) -> Judged:
    """Diagnose one failure."""

    def again(plan: Plan) -> Outcome | None:
        world.reset(failure.task)
        try:
            return world.execute(plan)
        except PlanRefusedError:
            return None

    scene = world.reset(failure.task)
    found = diagnose(failure.plan, failure.outcome, lambda plan: amendments(scene, plan, failure.task.goal), again)
    field = bool(TOUCHES[failure.cause] & set(found.fields))
    first = failure.outcome.events[0]
    story = f"{failure.cause} at {failure.step} ({failure.change}): {first.kind} at {first.step}; said {found.fields} at {found.step}"
    return Judged(failure.cause, first.kind, found.confirmed, found.step == failure.step, field, found.runs, story)


def chunk(first: int, number: int) -> list[Judged]:
    """Some failures, all kinds in turn."""
    with Tabletop() as world:
        return [judge(world, failure) for failure in islice(failures(world, KINDS, count(first)), number)]


def main() -> None:
    """Inject, diagnose, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    parts = [(FIRST + 10_000 * at, 25) for at in range(max(1, asked.count // 25))]
    with ProcessPoolExecutor(asked.workers, mp_context=get_context("spawn")) as pool:
        rows = [row for part in pool.map(chunk, *zip(*parts, strict=True)) for row in part]
    by_cause: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_cause[row.cause].update(trials=1, confirmed=row.confirmed, step=row.step, right=row.step and row.field, runs=row.runs)
        if not (row.step and row.field):
            sys.stderr.write(f"{row.story}\n")
    total = sum(by_cause.values(), Counter())
    for cause, seen in (*by_cause.items(), ("all", total)):
        shares = "  ".join(f"{name} {seen[name]:4}" for name in ("trials", "confirmed", "step", "right"))
        sys.stdout.write(f"{cause:15} {shares}  runs {seen['runs'] / seen['trials']:.1f}\n")
    sys.stdout.write(json.dumps({"diagnosis": {cause: dict(seen) for cause, seen in by_cause.items()}, "all": dict(total)}) + "\n")


if __name__ == "__main__":
    main()
