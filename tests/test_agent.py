"""The agent between its parts: which proposal it takes up, when it mends, and what it does with plans that cannot run."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from siren.agent import Agent, Mode
from siren.core.episode import Decision, Edit, Episode, Planned, Repair, Verdict
from siren.core.errors import PlanRefusedError
from siren.core.interfaces import Moment, Remembered
from siren.core.plan import Plan
from siren.core.recollection import Recalled
from siren.core.scene import Scene
from siren.core.task import Goal, Task
from siren.testing.parts import PaperWorld, PlainChecker, PlainRepairer, ScriptedProposer
from siren.testing.scenes import careless_steps, goal_of, random_scene

SCENE, NAME = random_scene(np.random.default_rng(3))
TASK = Task(seed=3, family="place", split="seen", instruction="put it on the blue mat", goal=goal_of(NAME), layout=())


def with_speed(plan: Plan, speed: str) -> Plan:
    steps = [step.model_copy(update={"keyframe": step.keyframe.model_copy(update={"speed": speed})}) for step in plan.steps]
    return Plan(steps=tuple(steps))


BASE = careless_steps(SCENE, NAME, np.random.default_rng(0))
FAST, SLOW = with_speed(BASE, "fast"), with_speed(BASE, "slow")


def too_fast(plan: Plan) -> list[int]:
    return [number for number, step in enumerate(plan.steps, 1) if step.keyframe.speed == "fast"]


def slowed(plan: Plan) -> Repair:
    edits = tuple(Edit(step=step, field="speed", before="fast", after="slow") for step in too_fast(plan))
    return Repair(plan=with_speed(plan, "slow"), edits=edits, residual=Verdict())


def run(plans: list[Plan | None], mode: Mode = "repair") -> tuple[Episode, PaperWorld]:
    world = PaperWorld(SCENE)
    agent = Agent(world, ScriptedProposer(plans), PlainChecker(too_fast), PlainRepairer(slowed), candidates=len(plans))
    episode, _ = agent.run(TASK, np.random.default_rng(0), session="test", mode=mode)
    return episode, world


def test_of_several_proposals_the_one_that_breaks_least_is_taken_up() -> None:
    episode, world = run([FAST, SLOW])
    assert episode.decision.chosen == 1
    assert episode.decision.repair is None
    assert world.ran == [SLOW]


def test_of_equal_ones_the_first_is_taken_up() -> None:
    assert run([SLOW, SLOW])[0].decision.chosen == 0


def test_when_all_are_refused_the_mildest_is_mended() -> None:
    episode, world = run([FAST, FAST])
    assert episode.decision.repair == slowed(FAST)
    assert world.ran == [SLOW]
    assert [len(candidate.verdict.violations) for candidate in episode.decision.candidates if candidate.verdict] == [2, 2]


class PaperPlanner:
    """Has one plan for everything."""

    def plan(self, scene: Scene, goal: Goal) -> Planned:
        return Planned(plan=SLOW, residual=Verdict())


def impossible(plan: Plan) -> Repair:
    return Repair(plan=plan, edits=(), residual=Verdict(hard=True))


def decide(plans: list[Plan | None], mend: Callable[[Plan], Repair], **parts: Any) -> Decision:
    checker = PlainChecker(too_fast, hard=mend is impossible)
    agent = Agent(PaperWorld(SCENE), ScriptedProposer(plans), checker, PlainRepairer(mend), candidates=len(plans), **parts)
    return agent.run(TASK, np.random.default_rng(0), session="test")[0].decision


def test_what_cannot_be_mended_is_planned_from_scratch() -> None:
    decision = decide([FAST, FAST], impossible, planner=PaperPlanner())
    assert (decision.path, decision.chosen, decision.plan) == ("plan", -1, SLOW)
    assert decision.planned == Planned(plan=SLOW, residual=Verdict())
    assert {"propose", "check", "repair", "plan"} <= set(decision.milliseconds)


def test_without_a_planner_the_least_bad_plan_runs() -> None:
    decision = decide([FAST, FAST], impossible)
    assert (decision.path, decision.chosen, decision.plan) == ("proposal", 0, FAST)


def test_no_plan_at_all_is_no_trouble_for_one_who_plans() -> None:
    assert decide([None], slowed, planner=PaperPlanner()).path == "plan"


def test_the_paths_are_told_apart() -> None:
    assert decide([SLOW], slowed).path == "proposal"
    assert decide([FAST], slowed, planner=PaperPlanner()).path == "repair"
    assert decide([FAST], slowed, dare=lambda verdict, rng: True).path == "probe"
    old = {**decide([FAST], slowed).model_dump(), "path": None}
    old.pop("path")
    assert Decision.model_validate(old).path == "repair", "a record from before there were paths"


def test_a_plan_that_is_dared_runs_as_it_was_refused() -> None:
    decision = decide([FAST], slowed, dare=lambda verdict, rng: not verdict.clean)
    assert decision.plan == FAST
    assert decision.candidates[0].verdict is not None
    assert not decision.candidates[0].verdict.clean


def test_without_the_checker_the_first_proposal_runs_as_it_is() -> None:
    episode, world = run([FAST, SLOW], mode="policy")
    assert world.ran == [FAST]
    assert episode.decision.candidates[0].verdict is not None, "it is judged all the same, for the record"


def test_choosing_does_not_mend() -> None:
    assert run([FAST, FAST], mode="choose")[1].ran == [FAST]


def test_text_that_is_no_plan_is_passed_over() -> None:
    assert run([None, SLOW])[0].decision.chosen == 1


def test_no_plan_at_all_is_said_so() -> None:
    with pytest.raises(PlanRefusedError, match="proposed no plan for 'put it on the blue mat'"):
        run([None])


def test_a_wrong_word_at_the_right_place_means_what_stands_there() -> None:
    wrong = Plan(steps=tuple(step.model_copy(update={"object": "spoon"}) for step in SLOW.steps))
    episode, world = run([wrong])
    assert world.ran == [SLOW]
    candidate = episode.decision.candidates[0]
    assert candidate.plan == wrong, "the record keeps the word that was said"


def test_a_plan_that_the_world_refuses_is_a_failure_on_record() -> None:
    nowhere = Plan(
        steps=tuple(
            step.model_copy(update={"object": "spoon", "keyframe": step.keyframe.model_copy(update={"position": (0.2, -0.3, 0.1)})})
            for step in SLOW.steps
        )
    )
    episode, world = run([nowhere])
    assert world.ran == []
    assert [event.kind for event in episode.outcome.events] == ["refused"]


def test_every_phase_is_timed() -> None:
    assert set(run([SLOW])[0].decision.milliseconds) == {"propose", "perceive", "check", "repair"}


def test_exploring_runs_a_sampled_proposal_and_never_the_greedy_one() -> None:
    ran = {run([FAST, SLOW, FAST], mode="explore")[0].decision.chosen for _ in range(3)}
    assert ran <= {1, 2}
    assert run([FAST, None, SLOW], mode="explore")[1].ran == [SLOW]
    assert run([FAST], mode="explore")[1].ran == [FAST]


def test_a_clean_proposal_for_another_thing_does_not_win_against_a_broken_one_for_the_right_thing() -> None:
    other = Plan(steps=tuple(step.model_copy(update={"object": "egg"}) for step in SLOW.steps))
    episode, world = run([FAST, other])
    assert episode.decision.chosen == 0
    assert world.ran == [SLOW]


class Misreads:
    """Eyes that take one thing for another."""

    def __init__(self, real: str, read: str) -> None:
        self._real, self._read = real, read
        self.heard: list[Plan | None] = []

    def perceive(self, image: np.ndarray, said: Plan | None = None) -> Scene:
        self.heard.append(said)
        things = [
            thing.model_copy(update={"name": self._read, "kind": self._read}) if thing.name == self._real else thing
            for thing in SCENE.objects
        ]
        return Scene(objects=tuple(things), perception="policy")


def test_with_eyes_of_its_own_the_rules_speak_of_what_was_seen_and_the_hand_takes_what_is_there() -> None:
    world, eyes = PaperWorld(SCENE), Misreads(NAME, "phantom")
    agent = Agent(world, ScriptedProposer([SLOW]), PlainChecker(too_fast), PlainRepairer(slowed), candidates=1, perceiver=eyes)
    episode, _ = agent.run(TASK, np.random.default_rng(0), session="test")
    assert eyes.heard == [SLOW]
    assert episode.scene.perception == "policy"
    assert {step.object for step in episode.decision.plan.steps} == {"phantom"}
    assert world.ran == [SLOW]
    assert "perceive" in episode.decision.milliseconds


class Turns:
    """A memory that puts the last candidate first, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Moment] = []

    def recall(self, moment: Moment) -> Remembered:
        self.asked.append(moment)
        order = tuple(reversed(range(len(moment.candidates))))
        return Remembered(tuple(reversed(moment.candidates)), Recalled(level="l3", trigger="unsure", doubt=0.9, order=order))


def test_what_memory_says_is_judged_and_goes_on_record() -> None:
    world, memory = PaperWorld(SCENE), Turns()
    agent = Agent(world, ScriptedProposer([FAST, SLOW]), PlainChecker(too_fast), PlainRepairer(slowed), candidates=2, recall=memory)
    episode, _ = agent.run(TASK, np.random.default_rng(0), session="test", mode="policy")
    assert world.ran == [SLOW]
    decision = episode.decision
    assert decision.recalled is not None
    assert decision.recalled.order == (1, 0)
    assert [candidate.verdict is not None and candidate.verdict.clean for candidate in decision.candidates] == [True, False]
    assert "recall" in decision.milliseconds
    assert [candidate.plan for candidate in memory.asked[0].candidates] == [FAST, SLOW]
    assert all(candidate.verdict is not None for candidate in memory.asked[0].candidates), "it is told what the rules say"
    assert Episode.model_validate_json(episode.model_dump_json()) == episode


def test_a_second_attempt_begins_where_things_stand_and_knows_of_the_first() -> None:
    world, memory = PaperWorld(SCENE), Turns()
    agent = Agent(world, ScriptedProposer([SLOW]), PlainChecker(too_fast), PlainRepairer(slowed), candidates=1, recall=memory)
    first, _ = agent.run(TASK, np.random.default_rng(0), session="test", turn=4)
    now = Scene(objects=SCENE.objects[:2])
    second, _ = agent.run_on(now, first.model_copy(update={"id": 9}), np.random.default_rng(1))
    assert (second.attempt, second.round, second.id) == (1, 4, None)
    assert second.scene == now
    assert memory.asked[1].last is not None
    assert memory.asked[1].last.id == 9
