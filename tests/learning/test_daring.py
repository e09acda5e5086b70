"""Refused plans that run all the same: doubtful rules about harmless failures are put to the test, sure and harmful ones are not."""

import numpy as np

from siren.core.episode import Verdict, Violation
from siren.core.rule import Rule
from siren.learning.daring import daring


def share(*, hard: bool = False, **fields: object) -> float:
    """How often a plan that breaks one such rule is run."""
    rule = Rule.model_validate({"id": "r0001", "text": "violated(r0001, (O,), T) :- step(T, pick, O).", "sentence": "no", **fields})
    verdict = Verdict(violations=(Violation(rule="r0001", args=("egg",), step=1),), hard=hard, weight=0.9)
    dares, rng = daring({"r0001": rule}), np.random.default_rng(1)
    return sum(dares(verdict, rng) for _ in range(2000)) / 2000


def test_the_less_is_known_of_a_rule_the_more_often_it_is_tried() -> None:
    sure, young, doubtful = (share(kind="no_grip", support=hits, against=misses) for hits, misses in ((40, 1), (3, 0), (5, 4)))
    assert sure == 0
    assert 0.03 < young < 0.1  # Beta(4, 1) lies below a half with probability 1/16
    assert 0.3 < doubtful < 0.45


def test_what_crushes_breaks_or_hits_is_never_tried_nor_what_a_person_keeps() -> None:
    for kind in ("crushed", "broken", "collision", "bump"):
        assert share(kind=kind, support=1, against=3) == 0
    assert share(kind="no_grip", support=1, against=3, pinned="kim") == 0
    assert share(kind="no_grip", support=1, against=3, origin="core") == 0
    assert share(kind="no_grip", support=1, against=3, hard=True) == 0


def test_all_rules_against_a_plan_have_to_come_out_wrong() -> None:
    text = "violated({}, (O,), T) :- step(T, pick, O)."
    doubtful = Rule(id="r0001", text=text.format("r0001"), sentence="no", kind="no_grip", support=1, against=3)
    sure = doubtful.model_copy(update={"id": "r0002", "support": 40, "against": 0})
    broken = tuple(Violation(rule=name, args=("egg",), step=1) for name in ("r0001", "r0002"))
    dares, rng = daring({"r0001": doubtful, "r0002": sure}), np.random.default_rng(1)
    assert not any(dares(Verdict(violations=broken, weight=1.0), rng) for _ in range(200))
    assert not dares(Verdict(), rng), "a clean plan needs no daring"
