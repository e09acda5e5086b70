"""A failed episode as its root cause and its labelled steps."""

import numpy as np
from kitchen import RULES

from siren.core.episode import PHASES
from siren.core.plan import Plan
from siren.learning.failures import NEVER, StepRow, family_of, group_of, progress, root_cause, step_rows
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.testing.scenes import careless_steps, goal_of, outcome_of, random_scene


def _rows(*events: tuple[str, int, str]) -> tuple[tuple[StepRow, ...], Plan]:
    rng = np.random.default_rng(3)
    scene, name = random_scene(rng)
    plan = careless_steps(scene, name, rng)
    model = ClingoChecker(Rulebook.load(RULES), Knowledge.load(RULES)).model(scene, plan, goal_of(name))
    return step_rows(7, 42, plan, outcome_of(*events), model), plan  # type: ignore[arg-type]


def test_the_first_event_is_the_cause_and_the_rest_its_consequences() -> None:
    outcome = outcome_of(("missed_grasp", 1, "grasp"), ("dropped", 2, "carry"))
    shuffled = outcome.model_copy(update={"events": outcome.events[::-1]})
    cause = root_cause(shuffled)
    assert cause is not None
    assert cause.kind == "missed_grasp"
    assert root_cause(outcome_of()) is None


def test_steps_after_the_first_failure_do_not_exist() -> None:
    rows, _ = _rows(("crushed", 1, "grasp"), ("goal_missed", 2, "end"))
    assert [(row.step, row.family) for row in rows] == [(1, "crushed")]


def test_a_step_that_went_well_before_the_failure_is_a_row_without_a_family() -> None:
    rows, plan = _rows(("broken", 2, "retreat"))
    assert [(row.group, row.family, row.phase) for row in rows] == [("pick", None, NEVER), ("put", "broken", PHASES.index("retreat"))]
    assert all(row.seed == 42 and row.episode == 7 for row in rows)
    assert group_of(plan, 2) == "place on"


def test_each_row_has_the_facts_of_its_own_step_only() -> None:
    rows, plan = _rows()
    assert Atom("speed", (1, plan.steps[0].keyframe.speed)) in rows[0].atoms
    assert not any(atom.name == "height" for atom in rows[0].atoms)
    assert any(atom.name == "height" for atom in rows[1].atoms)
    assert not any(atom.name in ("span", "near") for atom in rows[1].atoms)
    assert any(atom.name == "extent" for atom in rows[1].atoms)


def test_events_that_show_the_same_trouble_are_one_family() -> None:
    def family(kind: str, phase: str, skill: str) -> str:
        (event,) = outcome_of((kind, 1, phase)).events  # type: ignore[arg-type]
        return family_of(event, skill)

    assert {family(kind, "descend", "pick") for kind in ("missed_grasp", "blocked", "hand_hit")} == {"no_grip"}
    assert family("dropped", "carry", "place") == "carry"
    assert family("dropped", "lift", "pick") == "dropped"
    assert family("hand_hit", "lower", "place") == family("collision", "lower", "stack") == "collision"
    assert family("bump", "lower", "place") == family("toppled", "end", "stack") == "unstable"
    assert {family("goal_missed", "end", skill) for skill in ("pick", "place", "tip")} == {"missed"}


def test_progress_is_later_when_the_plan_comes_further() -> None:
    grasp, lift, carry = (outcome_of(("dropped", step, phase)) for step, phase in ((1, "grasp"), (1, "lift"), (2, "carry")))
    assert progress(grasp) < progress(lift) < progress(carry) < progress(outcome_of())
