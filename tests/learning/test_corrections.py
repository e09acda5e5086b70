"""What the weights learn from, and whether what they learned may be published."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from siren.core.episode import Decision, Edit, Episode, Outcome, Repair, Verdict
from siren.core.plan import Plan
from siren.core.rule import Rule, Status
from siren.learning.corrections import correction_of, rehearse, select
from siren.learning.retention import compare
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook
from siren.testing.scenes import careless_steps, outcome_of, random_scene, task_of

RULES = Path(__file__).parents[2] / "rules"


def _episode(seed: int, outcome: Outcome, *, repaired: bool = False, number: int | None = None) -> tuple[Episode, Plan]:
    rng = np.random.default_rng(seed)
    scene, name = random_scene(rng)
    plan, other = careless_steps(scene, name, rng), careless_steps(scene, name, rng)
    edits = (Edit(step=1, field="force", before="firm", after="gentle"),)
    repair = Repair(plan=plan, edits=edits, residual=Verdict()) if repaired else None
    decision = Decision(candidates=(), chosen=-1, plan=plan, repair=repair, rulebook="none", checkpoint="none")
    task = task_of(name, seed)
    return Episode(session="s", round=1, use="collect", task=task, scene=scene, decision=decision, outcome=outcome, id=number), other


def test_a_failure_teaches_the_plan_that_worked_and_never_its_own() -> None:
    episode, fix = _episode(1, outcome_of(("broken", 2, "retreat")), number=12)
    lesson = correction_of(episode, fix)
    assert lesson is not None
    assert (lesson.plan, lesson.group, lesson.episode) == (fix, "place on", 12)
    assert lesson.instruction == episode.task.instruction
    assert correction_of(episode) is None


def test_a_mended_plan_that_worked_is_a_lesson_and_an_untouched_one_is_none() -> None:
    mended, _ = _episode(2, outcome_of(), repaired=True)
    lesson = correction_of(mended)
    assert lesson is not None
    assert lesson.plan == mended.decision.plan
    assert correction_of(_episode(2, outcome_of())[0]) is None


def test_selection_is_by_turns_newest_first_and_without_doubles() -> None:
    picks = [correction_of(*_episode(seed, outcome_of(("crushed", 1, "grasp")))) for seed in range(8)]
    puts = [correction_of(*_episode(seed, outcome_of(("broken", 2, "retreat")))) for seed in range(20, 22)]
    lessons = [lesson for lesson in [*puts, *picks, picks[0]] if lesson is not None]
    chosen = select(lessons, 6)
    assert [lesson.group for lesson in chosen].count("place on") == 2
    assert [lesson.task.seed for lesson in chosen if lesson.group == "pick"] == [0, 7, 6, 5]
    assert len(select(lessons, 100)) == 10


def _rule(name: str, body: str, status: Status = "active") -> Rule:
    return Rule(id=name, text=f"violated({name}, (O,), T) :- {body}.", sentence="{O} is handled so", status=status, confidence=0.9)


def test_rehearsed_plans_break_no_rule() -> None:
    rules = [_rule("r0001", "step(T, pick, O), speed(T, fast)"), _rule("r0002", "step(T, pick, O), on(Y, O, T)")]
    checker = ClingoChecker(Rulebook([*Rulebook.load(RULES).rules.values(), *rules]), Knowledge.load(RULES))
    lessons = rehearse(12, AspRepairer(checker), checker, np.random.default_rng(0))
    assert len(lessons) == 12
    assert not any(step.skill == "pick" and step.keyframe.speed == "fast" for lesson in lessons for step in lesson.plan.steps)
    assert any(len(lesson.plan.steps) > 2 for lesson in lessons)
    assert {lesson.task.split for lesson in lessons} == {"use", "seen", "multi", "reasoning"}


def test_a_suspicion_is_mended_where_it_can_be_and_leaves_nothing_out() -> None:
    """One that fast things fall is heeded; one that forbids every opening of a box keeps no box from being opened."""
    suspicions = [_rule("r0001", "step(T, pick, O), speed(T, fast)", "shadow"), _rule("r0002", "step(T, open, O)", "shadow")]
    book, knowledge = Rulebook([*Rulebook.load(RULES).rules.values(), *suspicions]), Knowledge.load(RULES)
    suspicious = AspRepairer(ClingoChecker(book, knowledge, suspicions=True))
    lessons = rehearse(60, suspicious, ClingoChecker(book, knowledge), np.random.default_rng(0))
    steps = [step for lesson in lessons for step in lesson.plan.steps]
    assert len(lessons) == 60
    assert any(step.skill == "open" for step in steps)
    assert not any(step.skill == "pick" and step.keyframe.speed == "fast" for step in steps)


@dataclass(frozen=True)
class _Measured:
    wrong: tuple[int, ...] = (1, 2, 3, 4)  # scenes
    count: int = 60
    place_error_cm: float = 0.4

    @property
    def right(self) -> tuple[bool, ...]:
        return tuple(scene not in self.wrong for scene in range(self.count))


@pytest.mark.parametrize(
    ("after", "publish", "words"),
    [
        (_Measured(wrong=(1, 2, 3, 4, 11, 12, 13)), True, "of 60 retention scenes 0 were gained and 3 lost"),
        (_Measured(wrong=(1, 2, 3, 4, 11, 12, 13, 14)), False, "0 were gained and 4 lost (exact p = 0.12)"),
        (_Measured(wrong=(1, 2, 11, 12, 13, 14, 15, 16)), True, "2 were gained and 6 lost"),
        (_Measured(wrong=()), True, "4 were gained and 0 lost"),
        (_Measured(place_error_cm=0.7), False, "place error grew from 0.40 to 0.70 cm"),
    ],
)
def test_worse_weights_are_not_published_and_the_reason_says_why(after: _Measured, publish: bool, words: str) -> None:
    verdict = compare(_Measured(), after)
    assert verdict.publish is publish
    assert words in verdict.reason


def test_measurements_on_other_scenes_are_refused() -> None:
    with pytest.raises(ValueError, match="same scenes, got 60 and 400"):
        compare(_Measured(), _Measured(count=400))
