"""The agent: an instruction and an image become candidates, verdicts, one plan, and an outcome.

This file does not know which model proposes, which rules judge, or which world carries out the plan.
"""

import time
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

import numpy as np

from siren.core.episode import Candidate, Decision, Episode, Event, Outcome, Path, Planned, Repair, Use, Verdict
from siren.core.errors import PlanRefusedError
from siren.core.grounding import IT, on_the_table
from siren.core.interfaces import Checker, Moment, Perceiver, Planner, Proposer, Recall, Repairer, World
from siren.core.plan import Plan, write_plan
from siren.core.scene import Scene
from siren.core.task import Task

# policy: the first proposal runs as it is; explore: a sampled one does; choose: the best-judged proposal runs; repair: it is mended first.
Mode = Literal["policy", "explore", "choose", "repair"]
# Whether a plan with that verdict runs all the same, to learn whether the rules against it are right.
Dare = Callable[[Verdict, np.random.Generator], bool]


class Way(NamedTuple):
    """The plan to run, and how it came about."""

    path: Path
    plan: Plan
    chosen: int  # index into the candidates, -1 when the plan is none of them
    repair: Repair | None = None
    planned: Planned | None = None


class Agent:
    """Sees, proposes, checks, repairs, acts.

        agent = Agent(world, proposer, checker, repairer)
        episode, image = agent.run(task, rng, session="demo")

    The parts are anything that has the methods of `siren.core.interfaces`.
    """

    def __init__(
        self,
        world: World,
        proposer: Proposer,
        checker: Checker,
        repairer: Repairer,
        *,
        planner: Planner | None = None,
        candidates: int = 4,
        dare: Dare | None = None,
        perceiver: Perceiver | None = None,
        recall: Recall | None = None,
    ) -> None:
        """`planner` makes a plan when no proposal can be mended; `dare` says which refused plans run all the same (None: no plan does);
        `perceiver`: whose scene the rules speak of (None: the world's own); `recall`: a memory that is asked in doubt (None: it has none).
        """
        self._world = world
        self._proposer = proposer
        self._checker = checker
        self._repairer = repairer
        self._planner = planner
        self._candidates = candidates
        self._dare = dare
        self._perceiver = perceiver
        self._recall = recall

    def run(
        self, task: Task, rng: np.random.Generator, *, session: str, use: Use = "run", turn: int = 0, mode: Mode = "repair"
    ) -> tuple[Episode, np.ndarray]:
        """One episode, and the image it began with (uint8, (96, 96, 3), RGB). `turn` is the round it belongs to."""
        there = self._world.reset(task)
        image = self._world.look()
        scene, decision = self.decide(there, image, task, rng, mode)
        outcome = carry_out(self._world, there, decision.plan)
        return Episode(session=session, round=turn, use=use, task=task, scene=scene, decision=decision, outcome=outcome), image

    def run_on(self, there: Scene, failed: Episode, rng: np.random.Generator, mode: Mode = "repair") -> tuple[Episode, np.ndarray]:
        """Another attempt at the same task, from where the failed one left things: `there`, as the world has it now; nothing is reset.

        The image is the one that this attempt began with.
        """
        image = self._world.look()
        scene, decision = self.decide(there, image, failed.task, rng, mode, failed)
        outcome = carry_out(self._world, there, decision.plan)
        update = {"attempt": failed.attempt + 1, "scene": scene, "decision": decision, "outcome": outcome, "id": None}
        return failed.model_copy(update=update), image

    def decide(
        self, there: Scene, image: np.ndarray, task: Task, rng: np.random.Generator, mode: Mode = "repair", last: Episode | None = None
    ) -> tuple[Scene, Decision]:
        """Candidates, verdicts, and the plan to run, without running it; before it the scene that the rules were asked about.

        `last`: the attempt that has just failed, where there was one.
        """
        clock = _Clock()
        proposed = self._proposer.propose(image, task.instruction, self._candidates, rng)
        clock.lap("propose")
        scene = self._perceiver.perceive(image, proposed[0].plan) if self._perceiver else there
        clock.lap("perceive")
        candidates = self._judge(scene, task, [_with_names(scene, candidate) for candidate in proposed])
        clock.lap("check")
        remembered = self._recall.recall(Moment(image, scene, task, candidates, last)) if self._recall is not None else None
        if remembered is not None:
            candidates = self._judge(scene, task, remembered.candidates)
            clock.lap("recall")
        way = self._way(scene, task, candidates, mode, rng, clock)
        return scene, Decision(
            candidates=candidates,
            chosen=way.chosen,
            plan=on_the_table(scene, way.plan),
            repair=way.repair,
            planned=way.planned,
            rulebook=self._checker.rulebook,
            checkpoint=self._proposer.checkpoint,
            milliseconds=clock.laps,
            recalled=remembered.recalled if remembered is not None else None,
            path=way.path,
        )

    def _way(self, scene: Scene, task: Task, candidates: Sequence[Candidate], mode: Mode, rng: np.random.Generator, clock: "_Clock") -> Way:
        """A proposal as it is; else the first that can be mended, the chosen one before the others; else a plan from scratch."""
        chosen = _choose(candidates, mode, rng)
        plan, verdict = candidates[chosen].plan, candidates[chosen].verdict
        if mode != "repair" or (plan is not None and (verdict is None or verdict.clean)):
            clock.lap("repair")
            return Way("proposal", _required(plan, task, candidates), chosen)
        if plan is not None and verdict is not None and self._dare is not None and self._dare(verdict, rng):
            clock.lap("repair")
            return Way("probe", plan, chosen)
        first: Way | None = None
        for number in _in_order(candidates, chosen):
            mended = self._mend(scene, task, candidates[number], number)
            first = first or mended
            if not _left(candidates[number], mended).hard:
                clock.lap("repair")
                return mended
        clock.lap("repair")
        return self._planned(scene, task, clock) or first or Way("proposal", _required(plan, task, candidates), chosen)

    def _judge(self, scene: Scene, task: Task, proposed: Sequence[Candidate]) -> tuple[Candidate, ...]:
        plans = [candidate.plan for candidate in proposed if candidate.plan is not None]
        verdicts = iter(self._checker.check(scene, plans, task.goal))
        return tuple(c if c.plan is None else c.model_copy(update={"verdict": next(verdicts)}) for c in proposed)

    def _mend(self, scene: Scene, task: Task, candidate: Candidate, number: int) -> Way:
        assert candidate.plan is not None
        repair = self._repairer.repair(scene, candidate.plan, task.goal)
        return Way("repair", repair.plan, number, repair) if repair.edits else Way("proposal", candidate.plan, number)

    def _planned(self, scene: Scene, task: Task, clock: "_Clock") -> Way | None:
        """The slow path. None when there is no planner, or no plan that keeps the core rules."""
        if self._planner is None:
            return None
        planned = self._planner.plan(scene, task.goal)
        clock.lap("plan")
        return None if planned is None or planned.residual.hard else Way("plan", planned.plan, -1, planned=planned)


def carry_out(world: World, there: Scene, plan: Plan) -> Outcome:
    """Run a plan on what is really there: a hand that goes for a misread thing takes it all the same.

    What the world refuses before anything moves is an outcome too: nothing happened, and it says so.
    """
    try:
        return world.execute(on_the_table(there, plan))
    except PlanRefusedError:
        refused = Event(kind="refused", step=1, phase="approach", tick=0)
        return Outcome(success=False, goal_reached=False, events=(refused,), ticks=0, state_hash="")


def _required(plan: Plan | None, task: Task, candidates: Sequence[Candidate]) -> Plan:
    if plan is None:
        raise PlanRefusedError(f"the policy proposed no plan for '{task.instruction}'; its first text was '{candidates[0].text[:80]}'")
    return plan


def _in_order(candidates: Sequence[Candidate], chosen: int) -> list[int]:
    """Those that are plans: the chosen one, then the others as the policy ranks them."""
    others = (number for number in range(len(candidates)) if number != chosen)
    return [number for number in (chosen, *others) if candidates[number].plan is not None]


def _left(candidate: Candidate, way: Way) -> Verdict:
    """What still speaks against the plan."""
    return way.repair.residual if way.repair is not None else candidate.verdict or Verdict()


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
