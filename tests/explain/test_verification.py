"""All explanations of a session solved again: what is right stands, and what was tampered with falls and is named."""

from typing import Any

from siren.core.episode import Verdict
from siren.explain.verification import verify_session


def test_every_answer_of_the_evening_stands(evening: Any) -> None:
    counted: list[int] = []
    found = verify_session(evening.store, "evening", evening.knowledge, counted.append)
    assert (found.decisions, found.skipped) == (2, 0)
    assert found.answers == found.stood == 4  # three verdicts, of which one names one refusal
    assert found.share == 1.0
    assert counted == [1, 2]


def test_a_verdict_that_is_not_what_the_rules_say_falls(evening: Any, monkeypatch: Any) -> None:
    mended = evening.store.episode(evening.mended)
    first = mended.decision.candidates[0].model_copy(update={"verdict": Verdict()})
    forged = mended.model_copy(update={"decision": mended.decision.model_copy(update={"candidates": (first,)})})
    monkeypatch.setattr(type(evening.store), "episodes", lambda *_: iter([forged]))
    found = verify_session(evening.store, "evening", evening.knowledge)
    assert found.fallen == (f"episode {evening.mended}, proposal 1: its verdict",)
    assert found.share < 1
