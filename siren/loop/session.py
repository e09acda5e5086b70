"""The driver: owns the rounds of a session, and the record is its only memory.

    round 0          the held-out tasks, before anything was learned
    rounds 1 .. n    practise, probe what failed, mine rules; in the last one train weights, try them against the old ones, publish
                     (learner rl: practise by groups of samples and train on their rewards in every round)
    round n + 1      the same held-out tasks again, and an audit of the rules on fresh tasks

With `overlap` a round is practised while the lesson of the one before is worked out, and never more than that one: what a round
taught comes into force one round later, wherever and however often it was run.

Every phase can be repeated: a task that is on record is not run again. So a driver that was killed at any moment goes on
with `--resume` where the record ends.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from siren import build
from siren.agent import Mode
from siren.config import AUDIT_SEEDS, HELD_OUT_SEEDS, PRACTICE_SEEDS, TRIAL_SEEDS, SessionConfig
from siren.core.episode import Episode, Use
from siren.core.rule import Rule
from siren.loop.drain import Wish
from siren.loop.jobs import Delivery, Job, MiningNews, Publication, TrainingNews, Work
from siren.loop.lesson import Lesson, work_out
from siren.loop.miner import SEARCHED
from siren.loop.placement import Placement
from siren.loop.practice import POOL, choose, weaknesses
from siren.loop.stopwatch import resident
from siren.loop.trial import CHALLENGER, INCUMBENT, judge
from siren.memory.records import WORK
from siren.memory.store import Store
from siren.symbolic.turns import writing


class Listener(Protocol):
    """Hears of everything as it happens; progress bars, logs and tests are listeners."""

    def phase(self, name: str, turn: int, tasks: int) -> None:
        """A phase begins; that many tasks are still to be run in it."""
        ...

    def episode(self, episode: Episode) -> None:
        """An episode is on record."""
        ...

    def mined(self, turn: int, news: MiningNews) -> None:
        """Rules were born, changed or retired."""
        ...

    def trained(self, turn: int, news: TrainingNews) -> None:
        """Weights were trained, and published or not."""
        ...

    def worked(self, name: str, turn: int, work: Work) -> None:
        """A phase is over: where its seconds went. Not told of a phase in which nothing was left to do."""
        ...


class Study(NamedTuple):
    """A round that was practised, and what it teaches as soon as that is worked out."""

    turn: int
    publication: Publication  # in force when it was begun
    lesson: Callable[[], Lesson]


class Session:
    """One session, from its first task to its report.

    `Session(config, home, store, placement, listener).run()` returns when all rounds are on record, or raises Drained after
    somebody's wish: then it begins no task more, and records those in hand.
    """

    def __init__(
        self, config: SessionConfig, home: Path, store: Store, placement: Placement, listener: Listener, wish: Wish | None = None
    ) -> None:
        self.config = config
        self.folder = home / "sessions" / config.name
        self._store = store
        self._placement = placement
        self._listener = listener
        self._wish = wish or Wish()
        self._work: dict[int, Work] = {}  # by round, of those that are not committed

    @property
    def rules(self) -> Path:
        """The session's own rule files; people may edit them while it runs."""
        return self.folder / "rules"

    def run(self) -> None:
        """All rounds that are not yet committed."""
        studies = list[Study]()  # one at most
        for turn in range(self._next_round(), self.config.rounds + 2):
            if not self.config.overlaps(turn):
                self._end(studies)
            self._practise(turn)
            self._end(studies)
            studies.append(self._study(turn))
        self._end(studies)

    def publication(self) -> Publication:
        """What the last committed round left in force."""
        return Publication(
            rules=str(self.rules.resolve()),
            rulebook=build.published(self.rules),
            checkpoint=build.committed_checkpoint(self._store.last_committed_round(self.config.name), self.config),
            perception=self.config.perception,
        )

    def _next_round(self) -> int:
        committed = self._store.last_committed_round(self.config.name)
        return 0 if committed is None else committed.number + 1

    def _practise(self, turn: int) -> None:
        self._store.begin_round(self.config.name, turn)
        self._record_rulebooks()
        self._rollout(_phase_name(turn, self.config.rounds), turn, self._jobs(turn), self.publication())

    def _study(self, turn: int) -> Study:
        """Begin to work out what a round teaches, by what is in force now."""
        publication = self.publication()
        if not 0 < turn <= self.config.rounds:
            return Study(turn, publication, Lesson)
        work = partial(work_out, self._placement, self.config, turn, publication, self.folder / "desk", self._wish)
        return Study(turn, publication, self._placement.aside(work))

    def _end(self, studies: list[Study]) -> None:
        while studies:
            self._commit(studies.pop())

    def _commit(self, study: Study) -> None:
        """Put the lesson in force, as soon as it is there, and commit the round."""
        turn, publication, metrics = study.turn, study.publication, dict[str, float]()
        lesson = study.lesson()
        self._wish.heed()
        if 0 < turn <= self.config.rounds:
            metrics.update({f"weak/{area}": weakness for area, weakness in weaknesses(self._tries_before(turn)).items()})
        if lesson.mined is not None:
            publication = self._bring_in(turn, publication, lesson.known, lesson.mined, metrics)
        checkpoint = publication.checkpoint
        if lesson.trained is not None:
            checkpoint = self._adopt(turn, publication, lesson.trained, metrics)
        if self.config.evaluates_after(turn):
            self._rollout("check", turn, self._held_out(turn), publication.model_copy(update={"checkpoint": checkpoint}))
        work = self._work.pop(turn, None)
        metrics.update({f"{WORK}{name}": float(value) for name, value in work.model_dump().items()} if work else {})
        state = {"checkpoint": checkpoint, "rulebook": publication.rulebook}
        self._store.commit_round(self.config.name, turn, metrics, json.dumps(state))

    def _record_rulebooks(self) -> None:
        for suspicions in (False, True):
            judge = build.checker(self.rules, suspicions=suspicions)
            self._store.record_rulebook(judge.rulebook, judge.judging)

    def _rollout(self, name: str, turn: int, wanted: Iterable[Job], publication: Publication) -> None:
        """Run the jobs that are not on record yet."""
        done = {(episode.use, episode.task.seed) for episode in self._store.episodes(self.config.name, round=turn) if not episode.attempt}
        jobs = [job for job in wanted if (job.use, job.seed) not in done]
        self._listener.phase(name, turn, len(jobs))
        begun, recording, deliveries = time.perf_counter(), 0.0, list[Delivery]()
        for _, delivery in self._placement.run(takewhile(lambda _: not self._wish.made, jobs), publication):
            came = time.perf_counter()
            for episode in delivery.episodes:
                self._listener.episode(episode.model_copy(update={"id": self._store.record(episode)}))
            deliveries.append(delivery._replace(episodes=()))
            recording += time.perf_counter() - came
        if deliveries:
            self._tell_work(name, turn, _sum(deliveries, max(1, self.config.workers), time.perf_counter() - begun, recording))
        self._wish.heed()

    def _tell_work(self, name: str, turn: int, work: Work) -> None:
        self._listener.worked(name, turn, work)
        self._work[turn] = self._work[turn] + work if turn in self._work else work

    def _jobs(self, turn: int) -> Iterator[Job]:
        config, name = self.config, self.config.name
        if turn in (0, config.rounds + 1):
            yield from self._held_out(turn)
        if turn == config.rounds + 1:
            for seed in range(config.audit):
                actor = "careless_put" if seed % 3 == 2 else "careless"
                yield Job(session=name, round=turn, use="audit", seed=AUDIT_SEEDS + seed, actor=actor)  # type: ignore[arg-type]
        if 0 < turn <= config.rounds:
            yield from self.practice(turn)

    def practice(self, turn: int) -> Iterator[Job]:
        """The tasks of one round of practice."""
        for number, seed in enumerate(self._practice_seeds(turn)):
            yield self._practice(turn, number, seed)

    def _held_out(self, turn: int) -> Iterator[Job]:
        for seed in range(self.config.held_out):
            yield Job(session=self.config.name, round=turn, use="evaluate", seed=HELD_OUT_SEEDS + seed, mode=self._mode)

    @property
    def _mode(self) -> Mode:
        """How the agent acts when it is not to explore."""
        return "repair" if self.config.steered else "policy"

    def _practice_seeds(self, turn: int) -> Sequence[int]:
        """Fresh seeds: as they come, or chosen from a pool by what earlier rounds say of each area."""
        config = self.config
        if config.practice == "even":
            first = config.seed * PRACTICE_SEEDS + (turn - 1) * config.episodes
            return range(first, first + config.episodes)
        first = config.seed * PRACTICE_SEEDS + (turn - 1) * config.episodes * POOL
        pool = [build.task(first + number) for number in range(config.episodes * POOL)]
        rng = np.random.default_rng([config.seed, turn, 53])
        return choose(pool, weaknesses(self._tries_before(turn)), config.episodes, config.practice_floor, rng)

    def _tries_before(self, turn: int) -> Iterator[Episode]:
        return (episode for episode in self._store.episodes(self.config.name, use="collect") if episode.round < turn)

    def _practice(self, turn: int, number: int, seed: int) -> Job:
        """A task of practice. In the burn-in, and for a share of later tasks, nothing is repaired: what is blocked teaches nothing.

        Such tasks run a sampled proposal. The greedy one may always have the same manner, and then nobody learns which part of it failed.
        For rewards alone every task is a group of samples, as many as a failed task is tried otherwise.
        """
        if self.config.learner == "rl":
            group = self.config.probes + 1
            return Job(session=self.config.name, round=turn, use="collect", seed=seed, mode="explore", group=group)
        unrepaired = turn <= self.config.burn_in or (number * self.config.explore) % 1 + self.config.explore >= 1
        return Job(
            session=self.config.name,
            round=turn,
            use="collect",
            seed=seed,
            mode="explore" if unrepaired else self._mode,
            probes=self.config.probes,
            experiments=self.config.experiments if self.config.rules else 0,
        )

    def _bring_in(
        self, turn: int, publication: Publication, known: tuple[Rule, ...], news: MiningNews, metrics: dict[str, float]
    ) -> Publication:
        """The mined rules as files and on record."""
        with writing(self.rules):  # files and history together, so that no edit comes between them
            standing = build.write_rules(self.rules, news.rules, known)
            self._store.record_rules(self.config.name, turn, standing, news.evidence)
        self._listener.mined(turn, news)
        metrics["rules_active"] = float(sum(rule.in_force for rule in standing))
        metrics[SEARCHED] = float(news.searched)
        metrics["rows"] = float(news.rows)
        return publication.model_copy(update={"rulebook": build.published(self.rules)})

    def _adopt(self, turn: int, publication: Publication, news: TrainingNews, metrics: dict[str, float]) -> str:
        """The weights to go on with: the new ones, where the world as well has nothing against them."""
        if news.published and self.config.trial and self.config.learner == "siren":
            news = self._try_out(turn, publication, news)
        self._listener.trained(turn, news)
        metrics.update({"corrections": float(news.corrections), "train_seconds": news.seconds, "published": float(news.published)})
        return news.checkpoint if news.published else publication.checkpoint

    def _try_out(self, turn: int, publication: Publication, news: TrainingNews) -> TrainingNews:
        """The news, with the word of the world on whether these weights may be published."""
        arms: tuple[tuple[Use, str], ...] = ((INCUMBENT, publication.checkpoint), (CHALLENGER, news.checkpoint))
        for use, weights in arms:
            jobs = (self._trial(turn, use, TRIAL_SEEDS + number) for number in range(self.config.trial))
            self._rollout("trial", turn, jobs, publication.model_copy(update={"checkpoint": weights}))
        trial = judge(self._store.episodes(self.config.name, round=turn))
        reason = f"{news.reason}; {trial.reason}"
        record = next(record for record in self._store.checkpoints(self.config.name) if record.name == Path(news.checkpoint).name)
        self._store.record_checkpoint(self.config.name, turn, record.model_copy(update={"published": trial.passed, "reason": reason}))
        return news.model_copy(update={"published": trial.passed, "reason": reason})

    def _trial(self, turn: int, use: Use, seed: int) -> Job:
        return Job(session=self.config.name, round=turn, use=use, seed=seed, mode=self._mode)


def _sum(deliveries: Sequence[Delivery], workers: int, wall: float, recording: float) -> Work:
    job, simulation, inference = (sum(getattr(one, part) for one in deliveries) for part in ("job", "simulation", "inference"))
    return Work(
        jobs=len(deliveries),
        workers=workers,
        wall=wall,
        job=job,
        simulation=simulation,
        inference=inference,
        recording=recording,
        memory=max(one.memory for one in deliveries),
        driver_memory=resident(),
    )


def _phase_name(turn: int, rounds: int) -> str:
    if turn == 0:
        return "before"
    return "after" if turn == rounds + 1 else "practice"
