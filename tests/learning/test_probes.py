"""A failed plan as near misses: one thing changed at a time, until it works."""

from functools import partial

import numpy as np
import pytest
from kitchen import happens

from siren.core.episode import Outcome
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.learning.failures import progress
from siren.learning.probes import ProbeReport, chain_probes
from siren.symbolic.edits import variants
from siren.testing.scenes import careless_steps, random_scene


def _probed(seed: int, budget: int = 4) -> tuple[Scene, Plan, Outcome, ProbeReport]:
    rng = np.random.default_rng(seed)
    scene, name = random_scene(rng)
    plan = careless_steps(scene, name, rng)
    outcome = happens(scene, plan, rng)

    def run(changed: Plan) -> Outcome:
        return happens(scene, changed, rng) if len(changed.steps) == 2 else _prepared(changed, rng)

    def _prepared(changed: Plan, rng: np.random.Generator) -> Outcome:
        bare = Scene(objects=tuple(thing for thing in scene.objects if thing.support == "table"), perception="test")
        return happens(bare, Plan(steps=changed.steps[-2:]), rng)

    return scene, plan, outcome, chain_probes(plan, outcome, edits=partial(variants, scene), run=run, rng=rng, budget=budget)


def test_a_plan_that_worked_needs_no_probe() -> None:
    seed = next(seed for seed in range(100) if _probed(seed)[2].success)
    assert _probed(seed)[3] == ProbeReport(())


def test_many_failures_are_mended_and_the_fix_is_what_worked() -> None:
    reports = [report for _, _, outcome, report in map(_probed, range(60)) if not outcome.success]
    mended = [report for report in reports if report.fix]
    assert len(reports) > 30
    assert len(mended) >= len(reports) / 4
    for report in mended:
        assert report.attempts[-1].outcome.success
        assert report.attempts[-1].plan == report.fix
        assert report.fix_edits == report.attempts[-1].edits
    assert all(not attempt.outcome.success for report in reports for attempt in report.attempts[:-1])


def test_no_value_is_tried_twice_and_the_budget_holds() -> None:
    for seed in range(40):
        _, plan, outcome, report = _probed(seed, budget=6)
        assert len(report.attempts) <= 6
        texts = [str(attempt.plan) for attempt in report.attempts]
        assert len(set(texts)) == len(texts)
        assert str(plan) not in texts


def test_what_brings_the_plan_further_is_kept() -> None:
    """Each attempt is one change on top of the furthest plan so far."""
    chained = 0
    for seed in range(60):
        _, _, outcome, report = _probed(seed)
        base, reached = (), progress(outcome)
        for attempt in report.attempts:
            assert attempt.edits[:-1] == base
            if progress(attempt.outcome) > reached:
                base, reached = attempt.edits, progress(attempt.outcome)
                chained += len(base) > 1
    assert chained > 0


@pytest.mark.parametrize("seed", [3, 4])
def test_the_same_seed_makes_the_same_probes(seed: int) -> None:
    assert _probed(seed)[3] == _probed(seed)[3]
