"""A session's record as the figures by which SIREN is judged. docs/metrics.md defines each; this is the one place that counts them.

Every figure is a count among trials with its interval, or None where the record holds nothing to count. Needs no simulation.
"""

from collections.abc import Iterable, Sequence
from statistics import median

from pydantic import Field

from siren.config import SessionConfig
from siren.core.episode import Episode, Verdict
from siren.core.statistics import mcnemar
from siren.core.values import Value
from siren.eval.audit import Share
from siren.memory.store import Store

MASTERY = 0.9  # share of tries that succeed
WINDOW = 30  # the tries over which mastery is looked for
PHYSICS_STEPS = 240.0  # a second


class Side(Value):
    """One evaluation of the held-out tasks."""

    success: Share
    reasoning_accuracy: Share = Field(description="proposals that are plans and break no core rule, of all proposals")
    shield_dependency: Share = Field(description="decisions that did not run the first proposal as it was")
    seconds: float | None = Field(description="median simulated time of the tasks that succeeded")
    steps: float | None = Field(description="median number of steps of the plans that succeeded")


class Comparison(Value):
    """Two sets of outcomes on the same tasks."""

    tasks: int
    gained: int
    lost: int
    p_value: float = Field(description="McNemar, exact, two-sided")


class Foresight(Value):
    """What the rules said of plans that ran, against what came."""

    warned: Share = Field(description="recall: failures that were foreseen, of all failures")
    right: Share = Field(description="precision: warnings that came true, of all warnings")


class Metrics(Value):
    """All figures of one session."""

    session: str
    practice_episodes: int = Field(description="tries, probes and experiments")
    before: Side
    after: Side | None = Field(description="None until the session has ended")
    change: Comparison | None
    self_improvement_rate: float | None = Field(description="percentage points of held-out success per 1,000 practice episodes")
    episodes_to_mastery: int | None = Field(description="practice episodes until 90 % of 30 tries in a row succeed; None: never")
    best_window: Share = Field(description="the best 30 tries of practice in a row")
    forgetting: Share = Field(description="tasks that are no longer done, of those that were")
    recovery: Share = Field(description="failures of practice that a probe mended, of those that were probed")
    failure_prediction: Foresight


def measure(store: Store, config: SessionConfig) -> Metrics:
    """Everything that can be counted so far."""
    name, last = config.name, config.rounds + 1
    before, after = (tuple(store.episodes(name, round=turn, use="evaluate")) for turn in (0, last))
    tries = sorted(store.episodes(name, use="collect"), key=lambda episode: (episode.round, episode.id or 0))
    probes, moved = (tuple(store.episodes(name, use=use)) for use in ("probe", "experiment"))
    ended = bool(before) and len(after) == len(before)
    change = compare(before, after) if ended else None
    practice = len(tries) + len(probes) + len(moved)
    return Metrics(
        session=name,
        practice_episodes=practice,
        before=_side(before),
        after=_side(after) if ended else None,
        change=change,
        self_improvement_rate=_rate(change, practice),
        episodes_to_mastery=_mastery(tries, (*probes, *moved)),
        best_window=max(_windows(tries), key=lambda window: (window.share, window.trials), default=_count(())),
        forgetting=Share(count=change.lost if change else 0, trials=_count(before).count if change else 0),
        recovery=_recovery(tries, probes),
        failure_prediction=_foresight([*before, *tries, *after]),
    )


def compare(first: Iterable[Episode], second: Iterable[Episode]) -> Comparison:
    """Pairs by task: a seed whose task is not the same in both does not count."""
    old = {episode.task: episode.outcome.success for episode in first}
    new = {episode.task: episode.outcome.success for episode in second}
    both = old.keys() & new.keys()
    gained, lost = sum(new[task] > old[task] for task in both), sum(old[task] > new[task] for task in both)
    return Comparison(tasks=len(both), gained=gained, lost=lost, p_value=mcnemar(gained, lost))


def executed(episode: Episode) -> Verdict | None:
    """What the rules of that moment said of the plan that ran; None when it was not judged."""
    decision = episode.decision
    if decision.planned is not None:
        return decision.planned.residual
    if decision.repair is not None:
        return decision.repair.residual
    return decision.candidates[decision.chosen].verdict if decision.chosen >= 0 else None


def _side(episodes: Sequence[Episode]) -> Side:
    won = [episode for episode in episodes if episode.outcome.success]
    offered = [candidate for episode in episodes for candidate in episode.decision.candidates]
    sound = [candidate.plan is not None and candidate.verdict is not None and not candidate.verdict.hard for candidate in offered]
    return Side(
        success=_count(episodes),
        reasoning_accuracy=_share(sound),
        shield_dependency=_share([episode.decision.chosen != 0 or episode.decision.repair is not None for episode in episodes]),
        seconds=median(episode.outcome.ticks / PHYSICS_STEPS for episode in won) if won else None,
        steps=float(median(len(episode.decision.plan.steps) for episode in won)) if won else None,
    )


def _rate(change: Comparison | None, practice: int) -> float | None:
    if change is None or not change.tasks or not practice:
        return None
    return 100 * (change.gained - change.lost) / change.tasks * 1000 / practice


def _windows(tries: Sequence[Episode]) -> list[Share]:
    """Every WINDOW tries in a row."""
    return [_count(tries[start : start + WINDOW]) for start in range(len(tries) - WINDOW + 1)]


def _mastery(tries: Sequence[Episode], probes: Sequence[Episode]) -> int | None:
    """Practice episodes up to the end of the first window that succeeds often enough. What is no try belongs to the try of its task."""
    for start, window in enumerate(_windows(tries)):
        if window.share >= MASTERY:
            seen = {(episode.round, episode.task.seed) for episode in tries[: start + WINDOW]}
            return len(seen) + sum((probe.round, probe.task.seed) in seen for probe in probes)
    return None


def _recovery(tries: Sequence[Episode], probes: Sequence[Episode]) -> Share:
    probed = {(probe.round, probe.task.seed) for probe in probes}
    mended = {(probe.round, probe.task.seed) for probe in probes if probe.outcome.success}
    failed = {(episode.round, episode.task.seed) for episode in tries if not episode.outcome.success}
    return Share(count=len(failed & mended), trials=len(failed & probed))


def _foresight(episodes: Iterable[Episode]) -> Foresight:
    judged = [(not verdict.clean, not episode.outcome.success) for episode in episodes if (verdict := executed(episode)) is not None]
    return Foresight(
        warned=_share([warned for warned, failed in judged if failed]), right=_share([failed for warned, failed in judged if warned])
    )


def _count(episodes: Sequence[Episode]) -> Share:
    return _share([episode.outcome.success for episode in episodes])


def _share(answers: Sequence[bool]) -> Share:
    return Share(count=sum(answers), trials=len(answers))
