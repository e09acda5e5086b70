"""The record of a session becomes its report: before and after on the same held-out seeds, rules, laws recovered, causes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from siren import build
from siren.config import SessionConfig
from siren.core.episode import Episode
from siren.core.interfaces import Checker
from siren.core.rule import Rule
from siren.core.statistics import mcnemar
from siren.core.values import Value
from siren.eval.audit import Audit, Share, flags_by_step, grade
from siren.eval.practised import PREFIX, Practised, practised
from siren.memory.records import SUMMED, WORK
from siren.memory.store import Store


class Round(Value):
    """One round of practice."""

    number: int
    success: Share
    rules_active: int


class Report(Value):
    """Everything that `siren learn` shows at its end."""

    session: str
    perception: str
    episodes: int
    seconds: float
    before: Share
    after: Share
    gained: int
    lost: int
    p_value: float
    rules: tuple[Rule, ...]
    covered_before: Share
    covered_after: Share
    first_broken_before: Share
    first_broken_after: Share
    causes_before: dict[str, int]
    causes_after: dict[str, int]
    rounds: tuple[Round, ...]
    practice: str
    practised: tuple[Practised, ...]
    audit: Audit
    training: dict[str, float]
    checkpoint: str
    work: dict[str, float] = Field(description="seconds of workers by what they went into, over all rounds; empty in older records")

    @property
    def busy(self) -> float | None:
        """Share of all worker time that went into simulation and inference; None where it was not measured."""
        return (self.work["simulation"] + self.work["inference"]) / self.work["worker"] if self.work.get("worker") else None

    @property
    def active(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.in_force)

    def summary(self) -> dict[str, Any]:
        """The last line of `siren learn --json`."""
        return {
            "session": self.session,
            "perception": self.perception,
            "episodes": self.episodes,
            "seconds": round(self.seconds, 1),
            "success_before": self.before.share,
            "success_after": self.after.share,
            "intervals": {"before": self.before.interval, "after": self.after.interval},
            "held_out": self.before.trials,
            "gained": self.gained,
            "lost": self.lost,
            "p_value": self.p_value,
            "rules": [{"id": rule.id, "sentence": rule.sentence, "text": rule.text} for rule in self.active],
            "laws_recovered": self.audit.recovered,
            "laws_met": len(self.audit.met),
            "laws": {law.law: {"flagged": law.flagged.count, "failing": law.flagged.trials} for law in self.audit.laws},
            "failing_steps_flagged": self.audit.failing.share,
            "succeeding_steps_flagged": self.audit.succeeding.share,
            "covered_failures": {"before": self.covered_before.share, "after": self.covered_after.share},
            "first_proposals_breaking_rules": {"before": self.first_broken_before.share, "after": self.first_broken_after.share},
            "causes": {"before": self.causes_before, "after": self.causes_after},
            "training": self.training,
            "checkpoint": self.checkpoint,
            "worker_time_in_simulation_and_inference": self.busy,
        }


def report_on(store: Store, config: SessionConfig, folder: Path, seconds: float) -> Report:
    """Read the session's record and grade it. Needs no simulation."""
    name, last = config.name, config.rounds + 1
    before = tuple(store.episodes(name, round=0, use="evaluate"))
    after = tuple(store.episodes(name, round=last, use="evaluate"))
    checker = build.checker(folder / "rules", only_learned=True)
    outcomes = {episode.task.seed: episode.outcome.success for episode in before}
    changes = Counter((outcomes.get(episode.task.seed), episode.outcome.success) for episode in after)
    gained, lost = changes[(False, True)], changes[(True, False)]
    published = store.last_committed_round(name)
    return Report(
        session=name,
        perception=config.perception,
        episodes=store.count_episodes(name),
        seconds=seconds,
        before=_success(before),
        after=_success(after),
        gained=gained,
        lost=lost,
        p_value=mcnemar(gained, lost),
        rules=build.learned_rules(folder / "rules"),
        covered_before=_covered(before, checker),
        covered_after=_covered(after, checker),
        first_broken_before=_first_broken(before, checker),
        first_broken_after=_first_broken(after, checker),
        causes_before=_causes(before),
        causes_after=_causes(after),
        rounds=_rounds(store, config),
        practice=config.practice,
        practised=practised(store, config),
        audit=grade(store.episodes(name, round=last, use="audit"), checker),
        training=_training(store.metrics(name)),
        checkpoint=build.committed_checkpoint(published, config),
        work=_work(store.metrics(name).values()),
    )


def _training(rounds: Mapping[int, Mapping[str, float]]) -> dict[str, float]:
    """What the last round with a training came to, or the last round at all."""
    last = max((number for number, told in rounds.items() if "corrections" in told), default=max(rounds, default=0))
    return {key: value for key, value in rounds.get(last, {}).items() if not key.startswith((PREFIX, WORK))}


def _work(rounds: Iterable[dict[str, float]]) -> dict[str, float]:
    """Sums over rounds; `worker` is wall time times workers."""
    told = [{key.removeprefix(WORK): value for key, value in row.items() if key.startswith(WORK)} for row in rounds]
    told = [row for row in told if row]
    sums = {key: sum(row[key] for row in told) for key in SUMMED if told}
    return {**sums, "worker": sum(row["wall"] * row["workers"] for row in told)} if told else {}


def _success(episodes: Sequence[Episode]) -> Share:
    return Share(count=sum(episode.outcome.success for episode in episodes), trials=len(episodes))


def _covered(episodes: Sequence[Episode], checker: Checker) -> Share:
    """Episodes that failed at a step where the plan that ran breaks a learned rule: failures that the rules speak of."""
    hits = 0
    for episode in episodes:
        if episode.outcome.events:
            hits += bool(flags_by_step(checker, episode).get(episode.outcome.events[0].step))
    return Share(count=hits, trials=len(episodes))


def _first_broken(episodes: Sequence[Episode], checker: Checker) -> Share:
    """How often the policy's own first proposal breaks a learned rule."""
    judged = [(episode, episode.decision.candidates[0].plan) for episode in episodes if episode.decision.candidates]
    verdicts = [checker.check(episode.scene, [plan], episode.task.goal)[0] for episode, plan in judged if plan is not None]
    return Share(count=sum(not verdict.clean for verdict in verdicts), trials=len(verdicts))


def _causes(episodes: Sequence[Episode]) -> dict[str, int]:
    """Root causes: the first event of each failed episode."""
    roots = Counter(episode.outcome.events[0].kind for episode in episodes if episode.outcome.events)
    return dict(roots.most_common())


def _rounds(store: Store, config: SessionConfig) -> tuple[Round, ...]:
    metrics = store.metrics(config.name)
    return tuple(
        Round(
            number=number,
            success=_success(tuple(store.episodes(config.name, round=number, use="collect"))),
            rules_active=int(metrics.get(number, {}).get("rules_active", 0)),
        )
        for number in range(1, config.rounds + 1)
    )
