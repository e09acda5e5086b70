"""Evidence as status: what did not suggest a rule decides about it."""

import numpy as np

from siren.learning.vetting import Evidence, accepted, held_out, judge


def test_three_in_ten_scenes_only_judge_and_always_the_same_ones() -> None:
    sides = [held_out(seed) for seed in range(4000)]
    assert 0.27 < np.mean(sides) < 0.33
    assert sides == [held_out(seed) for seed in range(4000)]


def test_evidence_that_suggested_the_rule_is_not_enough() -> None:
    assert not accepted(Evidence(hits=40, misses=0, held_hits=0, held_misses=0, base=0.1))
    assert accepted(Evidence(hits=40, misses=0, held_hits=3, held_misses=0, base=0.1))


def test_where_most_steps_fail_anyway_the_bound_is_higher() -> None:
    counts = {"hits": 40, "misses": 9, "held_hits": 18, "held_misses": 4}
    assert accepted(Evidence(**counts, base=0.2))
    assert not accepted(Evidence(**counts, base=0.73))


def test_an_active_rule_does_not_flicker() -> None:
    weaker = Evidence(hits=20, misses=10, held_hits=5, held_misses=4, base=0.2)
    assert judge(weaker, None) == "shadow"
    assert judge(weaker, "active") == "probation"
    refuted = Evidence(hits=6, misses=20, held_hits=2, held_misses=9, base=0.2)
    assert judge(refuted, "active") == "retired"
    assert judge(refuted, None) == "proposed"


def test_what_a_person_disabled_stays_disabled() -> None:
    strong = Evidence(hits=90, misses=0, held_hits=40, held_misses=0, base=0.1)
    assert judge(strong, "disabled") == "disabled"
    assert judge(strong, None) == "active"
