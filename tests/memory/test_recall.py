"""A memory is asked only in need; then what failed goes back, what holds is left out, and what worked comes to the front."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.episode import Candidate, Decision, Episode, Verdict, Violation
from siren.core.interfaces import Moment
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.memory.likeness import Likeness
from siren.memory.past import Past
from siren.memory.recall import Memory
from siren.testing.scenes import MAT, careless_steps, goal_of, outcome_of, task_of, thing

IMAGE = np.zeros((96, 96, 3), np.uint8)
SCENE = Scene(objects=(thing("egg", 0.45, 0.0), thing("die", 0.45, -0.2), MAT))
DIRECTION = np.array([1.0, 0.0], np.float32)
AGAINST = Verdict(violations=(Violation(rule="r", args=(), step=1),), weight=1.0)


def egg(speed: str, force: str, name: str = "egg") -> Plan:
    steps = careless_steps(SCENE, name, np.random.default_rng(0)).steps
    update = {"speed": speed, "force": force}
    return Plan(steps=tuple(step.model_copy(update={"keyframe": step.keyframe.model_copy(update=update)}) for step in steps))


FAST, SLOW, GENTLE = egg("fast", "firm"), egg("slow", "firm"), egg("slow", "gentle")


def candidates(*plans: Plan, verdict: Verdict | None = None, doubt: float | None = 0.0) -> tuple[Candidate, ...]:
    verdict = verdict or Verdict()
    return tuple(Candidate(text=str(plan), score=0.0, plan=plan, verdict=verdict, doubt=doubt) for plan in plans)


def episode(plan: Plan, number: int, *events: tuple[str, int, str], goal: Goal | None = None) -> Episode:
    task = task_of("egg", number).model_copy(update={"goal": goal or goal_of("egg")})
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="", checkpoint="none")
    outcome = outcome_of(*events)  # type: ignore[arg-type]
    return Episode(session="s", round=0, use="run", task=task, scene=SCENE, decision=decision, outcome=outcome, id=number)


def past(tmp_path: Path, *episodes: Episode) -> Past:
    likeness = Likeness(tmp_path / "a.faiss")
    for one in episodes:
        assert one.id is not None
        likeness.add(one.id, DIRECTION)
    return Past(lambda image, instruction: DIRECTION, likeness, lambda number: next(one for one in episodes if one.id == number))


def moment(*plans: Plan, last: Episode | None = None, scene: Scene = SCENE, **said: object) -> Moment:
    return Moment(IMAGE, scene, task_of("egg", 1), candidates(*plans, **said), last)  # type: ignore[arg-type]


def test_nothing_is_asked_when_all_is_well(tmp_path: Path) -> None:
    memory = Memory("l3", past(tmp_path, episode(GENTLE, 1)))
    assert memory.recall(moment(FAST, doubt=0.1)) is None
    assert memory.recall(moment(FAST, doubt=None)) is None, "a policy that cannot say how sure it is"
    assert memory.recall(moment(FAST, doubt=0.9)) is not None
    assert memory.recall(moment(FAST, verdict=AGAINST)) is not None
    assert Memory("l2").recall(moment(FAST, doubt=0.9)) is None, "the past is level 3"
    with pytest.raises(ValueError, match="expected past episodes for level l3"):
        Memory("l3")


def test_the_reason_is_on_record(tmp_path: Path) -> None:
    memory = Memory("l3", past(tmp_path, episode(GENTLE, 1)))
    asked = (moment(FAST, doubt=0.9), moment(FAST, verdict=AGAINST), moment(FAST, last=episode(SLOW, 2, ("dropped", 1, "lift"))))
    found = [memory.recall(one) for one in asked]
    assert [one.recalled.trigger for one in found if one] == ["unsure", "refused", "failed"]
    assert found[2] is not None
    assert set(found[2].recalled.milliseconds) == {"l1", "l2", "l3"}


def test_what_just_failed_is_not_tried_the_same_way_first() -> None:
    failed = episode(FAST, 1, ("dropped", 1, "lift"))
    found = Memory("l1").recall(moment(FAST, SLOW, last=failed))
    assert found is not None
    assert [candidate.plan for candidate in found.candidates] == [SLOW, FAST]
    assert (found.recalled.order, found.recalled.repeats) == ((1, 0), (1,))


def test_what_already_holds_is_left_out() -> None:
    goal = goal_of("die").model_copy(update={"also": (goal_of("egg"),)})
    failed = episode(FAST, 1, ("dropped", 3, "lift"), goal=goal)
    x, y, _ = MAT.position
    done = thing("die", x, y)
    now = Scene(objects=(SCENE.objects[0], done, MAT))
    both = Plan(steps=(*egg("slow", "firm", "die").steps, *SLOW.steps))
    asked = moment(both, last=failed, scene=now)
    asked = asked._replace(task=failed.task)
    found = Memory("l2").recall(asked)
    assert found is not None
    assert found.candidates[0].plan == SLOW
    assert found.recalled.holds == ("die on blue_mat",)
    assert found.recalled.left_out == ("pick die from top", "place die on blue_mat")
    assert found.candidates[0].verdict is None, "the shorter plan has not been judged"


def test_the_candidate_that_is_like_what_worked_comes_first(tmp_path: Path) -> None:
    memory = Memory("l3", past(tmp_path, episode(SLOW, 1), episode(FAST, 2, ("dropped", 1, "lift"))))
    found = memory.recall(moment(FAST, SLOW, doubt=0.9))
    assert found is not None
    assert found.candidates[0].plan == SLOW
    assert [(one.episode, one.success) for one in found.recalled.neighbours] == [(1, True), (2, False)]
    assert found.recalled.added is None, "what worked is proposed already"


def test_a_manner_that_worked_is_one_more_candidate(tmp_path: Path) -> None:
    found = Memory("l3", past(tmp_path, episode(GENTLE, 7))).recall(moment(FAST, doubt=0.9))
    assert found is not None
    assert found.recalled.added == 0
    assert found.recalled.source == 7
    added = found.candidates[0].plan
    assert added is not None
    assert [(step.keyframe.speed, step.keyframe.force) for step in added.steps] == [("slow", "gentle")] * 2
    assert [candidate.plan for candidate in found.candidates[1:]] == [FAST]


def test_another_thing_comes_first_only_where_the_same_words_meant_it_before(tmp_path: Path) -> None:
    die = egg("slow", "gentle", "die")
    (tmp_path / "b").mkdir()
    egg_worked = Memory("l3", past(tmp_path, episode(FAST, 1, ("dropped", 1, "lift")), episode(GENTLE, 2)))
    found = egg_worked.recall(moment(FAST, die, doubt=0.9))
    assert found is not None
    assert found.candidates[-1].plan == die
    die_worked = Memory("l3", past(tmp_path / "b", episode(die, 3), episode(FAST, 4, ("dropped", 1, "lift"))))
    found = die_worked.recall(moment(FAST, die, doubt=0.9))
    assert found is not None
    assert found.candidates[0].plan == die


def test_a_manner_that_has_just_failed_is_not_better_for_having_worked_before(tmp_path: Path) -> None:
    worked, failed = episode(GENTLE, 7), episode(GENTLE, 8, ("dropped", 1, "lift"))
    found = Memory("l3", past(tmp_path, worked)).recall(moment(FAST, last=failed))
    assert found is not None
    assert [candidate.plan for candidate in found.candidates] == [FAST, GENTLE]
    assert (found.recalled.added, found.recalled.repeats) == (1, (1,))
