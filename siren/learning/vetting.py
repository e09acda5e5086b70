"""Counts of a rule on steps that suggested it and on steps held out, as its place in life: proposed, shadow, active, retired.

Acceptance needs evidence that did not suggest the rule. The bounds were set on simulated failures with shuffled labels: a plain
Wilson bound of .5 lets 0.7 to 2 false rules through where most steps fail, so the bound rises with the share of failures.
This file does not know what a rule says.
"""

from dataclasses import dataclass

from siren.core.rule import IN_FORCE, Status
from siren.core.statistics import wilson

Z = 1.64  # one-sided 95 %
HELD_OUT_SHARE = 0.3
STAYS_ABOVE = 0.5  # live lower bound under which an active rule is retired; at .3 one stayed with 42 steps for and 34 against it
DOUBTFUL = 0.55  # live lower bound under which an active rule is on probation,
TRUSTED = 0.6  # and over which it is trusted again
WITNESSES = 2  # held-out steps in which a rule has to hold for them to say anything of it
SHADOW_ABOVE = 0.4  # pooled lower bound from which a suspicion is worth keeping


@dataclass(frozen=True)
class Evidence:
    """Cases of the family (`tally`) where a rule held: failures (hits) and others (misses), by side; and the share of failures overall."""

    hits: int
    misses: int
    held_hits: int
    held_misses: int
    base: float
    crossed: tuple[int, int] | None = None  # failures and others where its likes hold, in cases that those were found without (`crossing`)

    @property
    def support(self) -> int:
        return self.hits + self.held_hits

    @property
    def against(self) -> int:
        return self.misses + self.held_misses

    @property
    def held_bound(self) -> float:
        """Lower bound of the rule's precision on held-out steps alone."""
        hits, misses = self.judged
        return wilson(hits, hits + misses, Z)[0]

    @property
    def judged(self) -> tuple[int, int]:
        """Failures and others among the cases that did not suggest the rule."""
        return (self.held_hits, self.held_misses) if self.crossed is None else self.crossed

    @property
    def bound(self) -> float:
        """Lower bound of the rule's precision over all steps."""
        return wilson(self.support, self.support + self.against, Z)[0]


def held_out(seed: int) -> bool:
    """Whether a scene belongs to the 30 % that only judge. A hash of the seed, so that all probes of a scene share its side."""
    return mixed(seed) < 1000 * HELD_OUT_SHARE


def mixed(seed: int) -> int:
    """A number from 0 to 999 that says nothing of the seed but is always the same."""
    product = (seed & 0xFFFFFFFFFFFFFFFF) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    return (product >> 40) % 1000


def bar(base: float) -> float:
    """What the lower bound on held-out steps has to reach, by the share of failures among all steps."""
    return max(0.5, base + 0.25 * (1 - base))


def accepted(evidence: Evidence) -> bool:
    """Whether held-out steps bear the rule out; with few of them, the whole evidence has to be so much the stronger."""
    if evidence.held_bound >= bar(evidence.base):
        return True
    few = evidence.crossed is None and sum(evidence.judged) >= WITNESSES
    return few and evidence.held_bound > 0.35 and _strong(evidence)


def unwitnessed(evidence: Evidence) -> bool:
    """Whether a rule is strong, but holds in no held-out step that could say so: chance, which says nothing against it."""
    return evidence.crossed is None and sum(evidence.judged) < WITNESSES and _strong(evidence)


def _strong(evidence: Evidence) -> bool:
    """Whether all steps together, those too that suggested a rule, speak so much for it that few others need to."""
    return evidence.bound >= max(0.7, evidence.base + 0.5 * (1 - evidence.base))


def judge(evidence: Evidence, before: Status | None) -> Status:
    """The status after looking at the evidence again. `before` is None for a rule that is new.

    Rules in force have hysteresis: they stay while their live bound holds, so a rule does not flicker from round to round.
    What a person disabled stays disabled; one on stand-by goes only when it is refuted; one in quarantine is judged as if it were new.
    """
    if before in ("disabled", "retired"):
        return before
    if before == "standby":
        return before if evidence.bound > STAYS_ABOVE else "retired"
    if before in IN_FORCE or accepted(evidence):
        return _live(evidence.bound, before)
    if evidence.bound > max(SHADOW_ABOVE, evidence.base + 0.1):
        return "shadow"
    return "retired" if before == "shadow" else "proposed"


def _live(bound: float, before: Status | None) -> Status:
    """Where a rule in force stands by its live bound."""
    if bound <= STAYS_ABOVE:
        return "retired"
    return "probation" if bound <= (TRUSTED if before == "probation" else DOUBTFUL) else "active"
