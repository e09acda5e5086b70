"""How long checking, repairing and validating take with 20 and with 100 learned rules, on careless plans for mixed tables.

    python -m benchmarks.symbolic

Processor milliseconds, median and 99th percentile. The last line of standard output is one JSON object.
"""

import json
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks import checking
from siren.config import shipped_rules
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary
from siren.world.expert import careless_plan
from siren.world.tasks import make_task, nominal_scene

# Bodies of the kinds that sessions learn; repeated under other ids for larger rulebooks.
BODIES = (
    "step(T,pick,O), force(T,firm), attribute(O,fragile)",
    "step(T,pick,O), speed(T,fast), attribute(O,slippery)",
    "step(T,pick,O), on(Y,O,T)",
    "step(T,pick,O), near(T,Y,jaw), gap(T,Y,G), G < 40, over(T,Y,H), H >= 0",
    "step(T,pick,O), span(T,S), S >= 80",
    "step(T,place,O), target(T,in,D), on(Y,D,T)",
    "step(T,place,O), attribute(O,fragile), height(T,H), H >= 60",
    "step(T,pick,O), attribute(O,heavy), force(T,gentle)",
)
Case = tuple[Scene, Plan, Goal]


def main() -> None:
    """Measure, and print what was measured."""
    cases = [_case(seed) for seed in range(100)]
    report: dict[str, object] = {f"{rules}_rules": _measure(rules, cases) for rules in (20, 100)}
    report["checking"] = checking.measure()
    report["validating"] = _validated()
    sys.stdout.write(json.dumps(report) + "\n")


def _case(seed: int) -> Case:
    task = make_task(seed)
    scene = nominal_scene(task)
    return scene, careless_plan(task, scene, np.random.default_rng(seed)), task.goal


def _measure(count: int, cases: list[Case]) -> dict[str, object]:
    checker = ClingoChecker(_rulebook(count), Knowledge.load(shipped_rules()))
    repairer = AspRepairer(checker)
    broken = sum(not checker.check(scene, [plan], goal)[0].clean for scene, plan, goal in cases)
    return {
        "check_one_plan_ms": _times(lambda case: checker.check(case[0], [case[1]], case[2]), cases),
        "check_four_plans_ms": _times(lambda case: checker.check(case[0], [case[1]] * 4, case[2]), cases),
        "model_ms": _times(lambda case: checker.model(*case), cases),
        "repair_ms": _times(lambda case: repairer.repair(*case), cases),
        "plans": len(cases),
        "broken_before": broken,
        "broken_after": sum(not repairer.repair(*case).residual.clean for case in cases),
    }


def _validated() -> dict[str, float]:
    """Median processor milliseconds of validating a rule for the first time, and once more; and wall milliseconds with trial grounding."""
    validator, rules = Validator(Vocabulary.load(shipped_rules())), checking.random_rules(200, np.random.default_rng(3))
    first = [_spent(lambda rule=rule: validator(rule, rule.id, 1)) for rule in rules]  # type: ignore[misc]
    again = [_spent(lambda rule=rule: validator(rule, rule.id, 1)) for rule in rules]  # type: ignore[misc]
    program = Knowledge.load(shipped_rules()).program
    begun = time.perf_counter()
    validator.trial(rules[:1], program, "trial")
    return {
        "first_ms": round(float(np.median(first)), 3),
        "seen_ms": round(float(np.median(again)), 4),
        "trial_wall_ms": round(1000 * (time.perf_counter() - begun), 1),
    }


def _spent(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return 1000 * (time.process_time() - start)


def _rulebook(count: int) -> Rulebook:
    book = Rulebook.load(shipped_rules())
    for index in range(count):
        text = f"violated(b{index}, (O,), T) :- {BODIES[index % len(BODIES)]}."
        book = book.with_rule(Rule(id=f"b{index}", text=text, sentence="measured", confidence=0.9))
    return book


def _times(act: Callable[[Case], object], cases: list[Case]) -> list[float]:
    """Median and 99th percentile, milliseconds of processor time."""
    spent = []
    for case in cases:
        start = time.process_time()
        act(case)
        spent.append(1000 * (time.process_time() - start))
    return [round(float(value), 2) for value in np.percentile(spent, [50, 99])]


if __name__ == "__main__":
    main()
