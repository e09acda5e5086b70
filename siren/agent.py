"""The agent: an instruction and an image become candidates, verdicts, one plan, and an outcome.

This file does not know which model proposes, which rules judge, or which world carries out the plan.
"""

import time
from collections.abc import Sequence
from typing import Literal

import numpy as np

from siren.core.episode import Candidate, Decision, Episode, Event, Outcome, Repair, Use, Verdict
from siren.core.errors import PlanRefusedError
from siren.core.grounding import IT, on_the_table
from siren.core.interfaces import Checker, Perceiver, Proposer, Repairer, World
from siren.core.plan import write_plan
from siren.core.scene import Scene
from siren.core.task import Task

# policy: the first proposal runs as it is; explore: a sampled one does; choose: the best-judged proposal runs; repair: it is mended first.
Mode = Literal["policy", "explore", "choose", "repair"]


class Agent:
    """Sees, proposes, checks, repairs, acts.

    agent = Agent(world, proposer, checker, repairer)
    episode, image = agent.run(task, rng, session="demo")
    """

    def __init__(
        self,
        world: World,
        proposer: Proposer,
        checker: Checker,
        repairer: Repairer,
        *,
        candidates: int = 4,
        perceiver: Perceiver | None = None,
    ) -> None:
        """`perceiver`: whose scene the rules speak of; None: the world's own."""
        self._world = world
        self._proposer = proposer
        self._checker = checker
        self._repairer = repairer
        self._candidates = candidates
        self._perceiver = perceiver

    def run(
        self, task: Task, rng: np.random.Generator, *, session: str, use: Use = "run", turn: int = 0, mode: Mode = "repair"
    ) -> tuple[Episode, np.ndarray]:
        """One episode, and the image it began with (uint8, (96, 96, 3), RGB). `turn` is the round it belongs to."""
        there = self._world.reset(task)
        image = self._world.look()
        scene, decision = self.decide(there, image, task, rng, mode)
        outcome = self._act(decision, there)
        return Episode(session=session, round=turn, use=use, task=task, scene=scene, decision=decision, outcome=outcome), image

    def decide(
        self, there: Scene, image: np.ndarray, task: Task, rng: np.random.Generator, mode: Mode = "repair"
    ) -> tuple[Scene, Decision]:
        """Candidates, verdicts, and the plan to run, without running it; before it the scene that the rules were asked about."""
        clock = _Clock()
        proposed = self._proposer.propose(image, task.instruction, self._candidates, rng)
        clock.lap("propose")
        scene = self._perceiver.perceive(image, proposed[0].plan) if self._perceiver else there
        clock.lap("perceive")
        candidates = self._judge(scene, task, [_with_names(scene, candidate) for candidate in proposed])
        clock.lap("check")
        chosen = _choose(candidates, mode, rng)
        plan, repair = candidates[chosen].plan, None
        if plan is None:
            raise PlanRefusedError(f"the policy proposed no plan for '{task.instruction}'; its first text was '{candidates[0].text[:80]}'")
        verdict = candidates[chosen].verdict
        if mode == "repair" and verdict is not None and not verdict.clean:
            repair = self._mend(scene, task, candidates[chosen])
            plan = repair.plan if repair else plan
        clock.lap("repair")
        return scene, Decision(
            candidates=candidates,
            chosen=chosen,
            plan=on_the_table(scene, plan),
            repair=repair,
            rulebook=self._checker.rulebook,
            checkpoint=self._proposer.checkpoint,
            milliseconds=clock.laps,
        )

    def _judge(self, scene: Scene, task: Task, proposed: Sequence[Candidate]) -> tuple[Candidate, ...]:
        plans = [candidate.plan for candidate in proposed if candidate.plan is not None]
        verdicts = iter(self._checker.check(scene, plans, task.goal))
        return tuple(c if c.plan is None else c.model_copy(update={"verdict": next(verdicts)}) for c in proposed)

    def _mend(self, scene: Scene, task: Task, candidate: Candidate) -> Repair | None:
        assert candidate.plan is not None
        repair = self._repairer.repair(scene, candidate.plan, task.goal)
        return repair if repair.edits else None

    def _act(self, decision: Decision, there: Scene) -> Outcome:
        """Run the plan on what is really there: a hand that goes for a misread thing takes it all the same.

        What the world refuses before anything moves is an outcome too: nothing happened, and it says so.
        """
        try:
            return self._world.execute(on_the_table(there, decision.plan))
        except PlanRefusedError:
            refused = Event(kind="refused", step=1, phase="approach", tick=0)
            return Outcome(success=False, goal_reached=False, events=(refused,), ticks=0, state_hash="")


def _choose(candidates: Sequence[Candidate], mode: Mode, rng: np.random.Generator) -> int:
    """Which candidate is taken up. The first is the policy's greedy one, those behind it are sampled."""
    if mode == "policy":
        return 0
    if mode == "explore":
        sampled = [number for number, candidate in enumerate(candidates) if number and candidate.plan is not None]
        return int(rng.choice(sampled)) if sampled else 0
    return _best(candidates)


def _best(candidates: Sequence[Candidate]) -> int:
    """The candidate with the mildest verdict among those that want what the first one wants; of equals the one the policy ranks first.

    A sampled proposal may go for another thing and break no rule by that. It is taken up only where all that want the same are impossible.
    """
    worst = Verdict(hard=True, weight=float("1e9"))
    verdicts = [candidate.verdict or worst for candidate in candidates]
    strays = [_aim(candidate) != _aim(candidates[0]) for candidate in candidates]
    return min(range(len(candidates)), key=lambda index: (verdicts[index].hard, strays[index], verdicts[index].weight, index))


def _with_names(scene: Scene, candidate: Candidate) -> Candidate:
    """A proposal of keyframes without words, with the names of what stands at its places; any other as it is."""
    if candidate.plan is None or all(IT not in (step.object, step.target) for step in candidate.plan.steps):
        return candidate
    plan = on_the_table(scene, candidate.plan)
    return candidate.model_copy(update={"plan": plan, "text": write_plan(plan)})


def _aim(candidate: Candidate) -> str:
    """What a proposal comes to: the symbolic half of its last step."""
    return candidate.plan.steps[-1].symbolic_text() if candidate.plan is not None and candidate.plan.steps else ""


class _Clock:
    """Wall milliseconds between laps."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(1000 * (now - self._last), 3)
        self._last = now
