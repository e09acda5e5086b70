"""A refused plan as run all the same or not: what is never tried again can never be found wrong.

    dares = daring(rulebook.rules)
    agent = Agent(..., dare=dares)

Thompson sampling: for each rule that the plan breaks, how often it is right is drawn from what is known of it, Beta(1 + for, 1 + against).
When it comes out that each of them is rather wrong than right, the plan runs. So a rule that 40 steps bear out is hardly ever put to the
test, one with 3 for and 2 against it every third time. Only rules about harmless failures are tested so, and only in practice.
"""

from collections.abc import Callable, Mapping

import numpy as np

from siren.core.episode import Verdict
from siren.core.rule import Rule

# Families of failures (see `failures`) that break nothing and hurt nobody: a grip that fails, a thing that slides out, falls over or
# away, a goal that is missed.
HARMLESS = frozenset({"no_grip", "dropped", "unstable", "carry", "missed"})
WRONG = 0.5  # below this drawn share of failures a rule counts as wrong


def daring(rules: Mapping[str, Rule]) -> Callable[[Verdict, np.random.Generator], bool]:
    """Whether a plan with that verdict is run for the sake of evidence. Core rules are never put to the test."""

    def dares(verdict: Verdict, rng: np.random.Generator) -> bool:
        broken = [rules[name] for name in sorted({violation.rule for violation in verdict.violations})]
        if verdict.hard or not all(rule.kind in HARMLESS and not rule.hard and not rule.pinned for rule in broken):
            return False
        drawn = [rng.beta(1 + rule.support, 1 + rule.against) for rule in broken]
        return bool(drawn) and max(drawn) < WRONG

    return dares
