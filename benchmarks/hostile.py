"""Plans made to hurt, through every public entry: refused, or ended with an event; the state stays finite and nothing crashes.

    python -m benchmarks.hostile [--cases 10000]

The last line of standard output is one JSON object.
"""

import argparse
import json
import sys
from collections import Counter

import numpy as np
from pydantic import ValidationError

from siren.core.action import Keyframe
from siren.core.errors import PlanRefusedError, PlanSyntaxError
from siren.core.plan import Plan, Step, parse_plan, write_plan
from siren.world.environment import COLUMNS, keyframe_of
from siren.world.expert import careless_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

POISON = (np.nan, np.inf, -np.inf, 1e308, -1e308, 1e9, -5.0, -0.001, 0.0, 720.0)
EXECUTED = 0.02  # share of the cases whose numbers a plan may hold, and which therefore move the arm


def poisoned(plan: Plan, rng: np.random.Generator) -> Plan:
    """The plan with one number of one keyframe replaced. Raises ValidationError for what is no number."""
    number = int(rng.integers(len(plan.steps)))
    step = plan.steps[number]
    frame = step.keyframe.model_dump()
    field = ("position", "rotation")[int(rng.integers(2))]
    values = list(frame[field])
    values[int(rng.integers(3))] = float(rng.choice(POISON))
    changed = Step.model_validate({**step.model_dump(), "keyframe": Keyframe.model_validate({**frame, field: tuple(values)}).model_dump()})
    return Plan(steps=(*plan.steps[:number], changed, *plan.steps[number + 1 :]))


def by_value(world: Tabletop, plan: Plan, rng: np.random.Generator) -> str:
    """As a frozen value: NaN and infinity never become one; what lies outside never moves the arm."""
    try:
        hurt = poisoned(plan, rng)
    except ValidationError:
        return "value refused"
    try:
        outcome = world.execute(hurt)
    except PlanRefusedError:
        return "plan refused"
    return "succeeded" if outcome.success else f"ended with {outcome.events[0].kind}"


def by_text(plan: Plan, rng: np.random.Generator) -> str:
    """As text: words exchanged, cut off, repeated ten thousand times."""
    words = write_plan(plan).split(" ")
    words[int(rng.integers(len(words)))] = str(rng.choice(["nan", "inf", "1e999", "-99999", "", "|", "\x00", "move\nto", "9" * 400]))
    text = " ".join(words) if rng.random() < 0.9 else "\n".join([write_plan(plan)] * 10_000)
    try:
        parse_plan(text)
    except PlanSyntaxError:
        return "text refused"
    return "text is a plan"


def by_action(rng: np.random.Generator) -> str:
    """As an action of the environment."""
    action = rng.uniform(-1, 1, len(COLUMNS))
    action[int(rng.integers(len(COLUMNS)))] = rng.choice(POISON)
    try:
        keyframe_of(action)
    except PlanRefusedError:
        return "action refused"
    return "action is a keyframe"


def main() -> None:
    """Run and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    cases = parser.parse_args().cases
    rng, ends, plan = np.random.default_rng(0), Counter[str](), Plan(steps=())
    with Tabletop() as world:
        for case in range(cases):
            if case % 50 == 0:
                task = make_task(case // 50 % 40)
                plan = careless_plan(task, world.reset(task), rng)
            if case % int(1 / EXECUTED) == 0:
                ends[by_value(world, plan, rng)] += 1
            else:
                ends[by_text(plan, rng) if case % 2 else by_action(rng)] += 1
            if case % 1000 == 0:
                assert np.isfinite(world.proprioception()).all(), f"the arm is lost after case {case}"
        assert np.isfinite(world.proprioception()).all()
    sys.stderr.write("\n".join(f"{name:28} {count}" for name, count in ends.most_common()) + "\n")
    sys.stdout.write(json.dumps({"cases": cases, "crashes": 0, "ends": dict(ends)}) + "\n")


if __name__ == "__main__":
    main()
