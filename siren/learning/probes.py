"""A failed plan as a handful of near misses: the same scene again with one thing changed, until it works or the budget is spent.

    report = chain_probes(plan, outcome, edits=lambda plan: variants(scene, plan, goal), run=lambda plan: execute_again(plan), rng=rng)
    report.fix                  # a plan that was seen to work, or None

An edit that lets the plan come further is adopted and the next one is made on top of it, which needs a fifth fewer runs than single
edits at equal repairs. Probes go where rules do not want to: what is only suspected gets its evidence here. It knows no rules.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from siren.core.episode import Edit, Outcome
from siren.core.plan import Plan
from siren.learning.failures import progress, root_cause

BUDGET = 4

Edits = Callable[[Plan], Sequence[tuple[Edit, Plan]]]
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Attempt:
    """One run of a changed plan. `edits` are all changes against the plan that failed first."""

    edits: tuple[Edit, ...]
    plan: Plan
    outcome: Outcome


@dataclass(frozen=True)
class ProbeReport:
    """What was tried, in order; and the plan that worked, with its changes."""

    attempts: tuple[Attempt, ...]
    fix: Plan | None = None
    fix_edits: tuple[Edit, ...] = ()


def chain_probes(
    plan: Plan, outcome: Outcome, *, edits: Edits, run: Callable[[Plan], Outcome], rng: np.random.Generator, budget: int = BUDGET
) -> ProbeReport:
    """Re-run the same scene with one thing changed, up to `budget` times. A plan that worked already needs no probe.

    `edits` lists every one-change variant of a plan; `run` carries one out from the same start.
    """
    current = Attempt((), plan, outcome)
    attempts: list[Attempt] = []
    tried: Counter[Key] = Counter()
    while not current.outcome.success and len(attempts) < budget:
        option = _next_edit(current, edits(current.plan), tried, rng)
        if option is None:
            break
        edit, changed = option
        tried[_key(current.plan, edit)] += 1
        attempt = Attempt((*current.edits, edit), changed, run(changed))
        attempts.append(attempt)
        if attempt.outcome.success or progress(attempt.outcome) > progress(current.outcome):
            current = attempt
    if attempts and current.outcome.success:
        return ProbeReport(tuple(attempts), current.plan, current.edits)
    return ProbeReport(tuple(attempts))


def _next_edit(
    current: Attempt, options: Sequence[tuple[Edit, Plan]], tried: Counter[Key], rng: np.random.Generator
) -> tuple[Edit, Plan] | None:
    """An edit not made before: of the kind made least often, at the failed step rather than before it, else by chance.

    What comes after the failed step cannot change what happened, so it is left alone.
    """
    event = root_cause(current.outcome)
    last = event.step if event else len(current.plan.steps)
    kinds: Counter[str] = Counter()
    for (name, *_), count in tried.items():
        kinds[name] += count
    open_ones = [option for option in options if option[0].step <= last and _key(current.plan, option[0]) not in tried]
    order = rng.permutation(len(open_ones))
    ranked = sorted(order, key=lambda i: (kinds[open_ones[i][0].field], open_ones[i][0].step != last))
    return open_ones[ranked[0]] if ranked else None


def _key(plan: Plan, edit: Edit) -> Key:
    """What an edit sets, whatever number its step has by now."""
    step = plan.steps[edit.step - 1]
    return edit.field, step.skill, step.object, edit.after
