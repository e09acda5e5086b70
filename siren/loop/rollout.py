"""A worker: a job becomes recorded episodes, the agent's own and, after a failure, its near-miss probes; after a success, experiments.

An ordinary object; it does not know whether it lives in the driver's process or in a Ray actor.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from siren import build
from siren.agent import Agent, carry_out
from siren.core.episode import Decision, Episode, Outcome, Use
from siren.core.errors import PlanRefusedError
from siren.core.grounding import on_the_table
from siren.core.interfaces import Proposer, World
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Task
from siren.eval.audit import put_at_random
from siren.learning.daring import daring
from siren.learning.experiments import experiments
from siren.learning.probes import chain_probes
from siren.loop.jobs import Delivery, Job, Publication, Result
from siren.loop.stopwatch import Stopwatch, TimedPerceiver, TimedProposer, TimedWorld, give_back, resident
from siren.memory.frames import Frames
from siren.symbolic.edits import variants
from siren.world.expert import careless_plan


class Rollout:
    """Runs jobs, one after the other, with whatever rules and weights they name."""

    def __init__(self, home: str, candidates: int, served: Callable[[Path], Proposer] | None = None) -> None:
        """`served`: gives the policy of some weights when another process holds it; None: this one does."""
        self._served = served
        self._frames = Frames(home)
        self._candidates = candidates
        self._watch = Stopwatch()
        self._world: World = TimedWorld(build.world(), self._watch)
        self._parts: tuple[Publication, build.Parts, build.Parts] | None = None

    def deliver(self, job: Job, publication: Publication) -> Delivery:
        """`run`, with the seconds that it took."""
        begun = time.perf_counter()
        episodes = self.run(job, publication)
        took, spent = time.perf_counter() - begun, self._watch.lap()
        return Delivery(episodes, took, spent.get("simulation", 0.0), spent.get("inference", 0.0), resident())

    def run(self, job: Job, publication: Publication) -> Result:
        """The probes first and the agent's own episode last: once that is on record, the job is done."""
        gathering, acting = self._load(publication)
        task = build.task(job.seed)
        if job.actor != "agent":
            return (self._careless(job, task),)
        if job.group:
            return self._group(job, task, gathering)
        practises = job.use == "collect"
        parts, dare = (gathering, daring(gathering.checker.rules.rules)) if practises else (acting, None)
        agent = Agent(
            self._world,
            parts.proposer,
            parts.checker,
            parts.repairer,
            planner=None if job.use in ("incumbent", "challenger") else parts.planner,  # a trial is of weights, so none plans for them
            candidates=self._candidates,
            dare=dare,
            perceiver=parts.perceiver,
        )
        rng = np.random.default_rng([job.seed, job.round, 17])
        episode, image = agent.run(task, rng, session=job.session, use=job.use, turn=job.round, mode=job.mode)
        self._frames.save(job.session, frame_key(job.round, job.seed), image)
        return (*self._further(job, episode, rng), episode)

    def _group(self, job: Job, task: Task, parts: build.Parts) -> Result:
        """Samples of the policy, each carried out from the same start and no rule asked: one of them is the try, the others its probes."""
        agent = Agent(self._world, parts.proposer, parts.checker, parts.repairer, candidates=job.group + 1, perceiver=parts.perceiver)
        there, image = self._world.reset(task), self._world.look()
        scene, decision = agent.decide(there, image, task, np.random.default_rng([job.seed, job.round, 17]), "explore")
        self._frames.save(job.session, frame_key(job.round, job.seed), image)
        others = [number for number in range(1, job.group + 1) if number != decision.chosen]
        return tuple(
            self._member(job, task, scene, sampled(decision, scene, number), attempt)
            for attempt, number in [*enumerate(others, 1), (0, decision.chosen)]
        )

    def _member(self, job: Job, task: Task, scene: Scene, decision: Decision, attempt: int) -> Episode:
        outcome = self._again(task, decision.plan)
        use: Use = "probe" if attempt else job.use
        return Episode(
            session=job.session, round=job.round, attempt=attempt, use=use, task=task, scene=scene, decision=decision, outcome=outcome
        )

    def _further(self, job: Job, episode: Episode, rng: np.random.Generator) -> Result:
        """Other runs of the scene: of a failure until it works, of a success each with one quantity moved."""
        if not episode.outcome.success:
            return self._probe(job, episode, rng) if job.probes else ()
        changes = experiments(episode.scene, episode.decision.plan, episode.task.goal, rng, job.experiments)
        moved = ((change.plan, self._again(episode.task, change.plan)) for change in changes)
        return tuple(self._record(job, episode, "experiment", plan, outcome, number) for number, (plan, outcome) in enumerate(moved, 1))

    def _probe(self, job: Job, episode: Episode, rng: np.random.Generator) -> Result:
        """The same scene again with one thing changed, until it works or the budget is spent."""
        report = chain_probes(
            episode.decision.plan,
            episode.outcome,
            edits=partial(variants, episode.scene),
            run=partial(self._again, episode.task),
            rng=rng,
            budget=job.probes,
        )
        return tuple(
            self._record(job, episode, "probe", attempt.plan, attempt.outcome, number) for number, attempt in enumerate(report.attempts, 1)
        )

    def _again(self, task: Task, plan: Plan) -> Outcome:
        return carry_out(self._world, self._world.reset(task), plan)

    def _careless(self, job: Job, task: Task) -> Episode:
        scene = self._world.reset(task)
        rng = np.random.default_rng([job.seed, 23])
        plan = put_at_random(task, scene, rng) if job.actor == "careless_put" else careless_plan(task, scene, rng)
        return _episode(job, task, scene, plan, self._world.execute(plan))

    def _record(self, job: Job, tried: Episode, use: Use, plan: Plan, outcome: Outcome, attempt: int) -> Episode:
        episode = _episode(job, tried.task, tried.scene, plan, outcome)
        return episode.model_copy(update={"use": use, "attempt": attempt})

    def _load(self, publication: Publication) -> tuple[build.Parts, build.Parts]:
        """Parts that gather evidence, and parts that act: only those are steered by suspicions."""
        if self._parts is None or self._parts[0] != publication:
            self._parts = None  # before new ones are made, so that a worker never holds two policies
            give_back()
            weights = Path(publication.checkpoint)
            served = self._served(weights) if self._served else None
            gathering = self._timed(build.parts(Path(publication.rules), weights, publication.perception, served))
            self._parts = (publication, gathering, build.suspecting(gathering))
        return self._parts[1:]

    def _timed(self, parts: build.Parts) -> build.Parts:
        perceiver = TimedPerceiver(parts.perceiver, self._watch) if parts.perceiver else None
        return replace(parts, proposer=TimedProposer(parts.proposer, self._watch), perceiver=perceiver)


def sampled(decision: Decision, scene: Scene, number: int) -> Decision:
    """The decision for another of its candidates. PlanRefusedError when that is no plan: the grammar of such a policy does not bind."""
    plan = decision.candidates[number].plan
    if plan is None:
        raise PlanRefusedError(f"expected a plan in every sample of a group, got '{decision.candidates[number].text[:80]}'")
    return decision.model_copy(update={"chosen": number, "plan": on_the_table(scene, plan)})


def _episode(job: Job, task: Task, scene: Scene, plan: Plan, outcome: Outcome) -> Episode:
    """An episode whose plan was not the agent's."""
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="", checkpoint="none")
    return Episode(session=job.session, round=job.round, use=job.use, task=task, scene=scene, decision=decision, outcome=outcome)


def frame_key(job_round: int, seed: int) -> str:
    """Name of the image that an episode began with."""
    return f"{job_round}-{seed}"
