"""Grading: a rule is worth what it flags of fresh failures, and what it does not flag of successes."""

import numpy as np
import pytest

from siren import build
from siren.config import shipped_rules
from siren.core.episode import Decision, Episode, Event, Outcome
from siren.core.geometry import release_mm
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.eval.audit import Share, grade, put_at_random
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.world.expert import careless_plan
from siren.world.laws.every import broken_laws
from siren.world.tasks import make_task, nominal_scene

FRAGILE = Rule(
    id="r0001",
    text="violated(r0001, (O,), T) :- step(T, pick, O), attribute(O, fragile), force(T, firm).",
    sentence="{O} is fragile",
)


def careless_episode(seed: int) -> Episode | None:
    """A careless plan, and as its outcome what the laws say of its first step."""
    task = make_task(seed)
    scene = nominal_scene(task)
    plan = careless_plan(task, scene, np.random.default_rng(seed))
    broken = broken_laws(scene, plan, 1)
    events = (Event(kind="crushed", step=1, phase="grasp", tick=9),) if broken == ("crush",) else ()
    if broken and not events:
        return None
    plan = plan if events else Plan(steps=plan.steps[:1])
    outcome = Outcome(success=not events, goal_reached=not events, events=events, ticks=9, state_hash="")
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="", checkpoint="none")
    return Episode(session="audit", round=1, use="audit", task=task, scene=scene, decision=decision, outcome=outcome)


@pytest.fixture(scope="module")
def episodes() -> list[Episode]:
    return [episode for episode in map(careless_episode, range(300)) if episode is not None]


def judge(*rules: Rule) -> ClingoChecker:
    return ClingoChecker(Rulebook(rules), Knowledge.load(shipped_rules()))


def test_the_right_rule_recovers_its_law_and_blocks_nothing_good(episodes: list[Episode]) -> None:
    audit = grade(episodes, judge(FRAGILE))
    law = {grade.law: grade for grade in audit.laws}["crush"]
    assert law.flagged.trials >= 5, "the sample holds enough crushed things to speak of"
    assert law.recovered
    assert audit.recovered == 1
    assert audit.succeeding.count == 0


def test_no_rules_recover_nothing(episodes: list[Episode]) -> None:
    audit = grade(episodes, judge())
    assert audit.recovered == 0
    assert audit.failing.count == 0
    assert audit.failing.trials > 0


def test_a_rule_that_forbids_everything_is_found_out(episodes: list[Episode]) -> None:
    everything = FRAGILE.model_copy(update={"text": "violated(r0001, (O,), T) :- step(T, _, O)."})
    audit = grade(episodes, judge(everything))
    assert audit.succeeding.share > 0.9


def test_random_putting_reaches_high_and_low_releases() -> None:
    falls = set()
    for seed in range(40):
        task = make_task(seed)
        if task.family == "pick":
            continue
        scene = nominal_scene(task)
        plan = put_at_random(task, scene, np.random.default_rng(seed))
        thing = scene.find(task.goal.object)
        assert thing is not None
        falls.add(release_mm(scene, thing, plan.steps[-1]) > 50)
    assert falls == {True, False}


def test_a_share_tells_its_interval() -> None:
    assert str(Share(count=8, trials=10)) == "80.0 % (8 of 10; 49 to 94)"
    assert str(Share(count=0, trials=0)) == "none"


def test_only_learned_rules_are_graded() -> None:
    assert {rule.origin for rule in build.checker(shipped_rules(), only_learned=True).judging} <= {"mined", "person"}
