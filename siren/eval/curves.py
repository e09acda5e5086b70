"""A session's tries of the held-out tasks as a curve over the practice that came before them: for comparing arms on paired seeds.

Needs sessions that were run with `evaluate_every`; others have two points. docs/metrics.md defines the figures.
"""

from collections.abc import Iterable, Sequence

from pydantic import Field

from siren.config import SessionConfig
from siren.core.episode import Episode
from siren.core.grounding import on_the_table
from siren.core.plan import Plan
from siren.core.values import Value
from siren.eval.audit import Share
from siren.memory.records import PRACTICE
from siren.memory.store import Store
from siren.world.laws.every import broken_laws


class Point(Value):
    """The held-out tasks at one moment."""

    round: int
    episodes: int = Field(description="practice episodes until then: tries, probes, experiments, samples")
    success: Share
    violating: Share = Field(description="first proposals of which some step breaks a law of the world, of all first proposals")
    forgotten: Share = Field(description="tasks that fail now, of those that succeeded at any point before")


def curve(store: Store, config: SessionConfig) -> tuple[Point, ...]:
    """One point for every round whose held-out tasks are all on record."""
    practised: dict[int, int] = {}
    tried: dict[int, list[Episode]] = {}
    for episode in store.episodes(config.name):
        if episode.use in PRACTICE:
            practised[episode.round] = practised.get(episode.round, 0) + 1
        elif episode.use == "evaluate":
            tried.setdefault(episode.round, []).append(episode)
    points: list[Point] = []
    known: set[int] = set()
    for turn in sorted(turn for turn, episodes in tried.items() if len(episodes) == config.held_out):
        won = {episode.task.seed for episode in tried[turn] if episode.outcome.success}
        points.append(
            Point(
                round=turn,
                episodes=sum(count for number, count in practised.items() if number <= turn),
                success=Share(count=len(won), trials=len(tried[turn])),
                violating=_violating(tried[turn]),
                forgotten=Share(count=len(known - won), trials=len(known)),
            )
        )
        known |= won
    return tuple(points)


def episodes_to(points: Iterable[Point], success: float) -> int | None:
    """Practice episodes until that share of held-out tasks succeeds for the first time; None: never."""
    return next((point.episodes for point in points if point.success.share >= success), None)


def joined(curves: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    """Sessions of several seeds as one curve: counts added, episodes averaged, round by round, as far as all have come."""
    return tuple(
        Point(
            round=points[0].round,
            episodes=round(sum(point.episodes for point in points) / len(points)),
            success=_sum([point.success for point in points]),
            violating=_sum([point.violating for point in points]),
            forgotten=_sum([point.forgotten for point in points]),
        )
        for points in zip(*curves, strict=False)
    )


def _violating(episodes: Iterable[Episode]) -> Share:
    """By the laws themselves, which no arm knows: rules would favour the arm that learned them."""
    broken = [
        any(broken_laws(episode.scene, plan, number) for number in range(1, len(plan.steps) + 1))
        for episode in episodes
        if (plan := _first(episode)) is not None
    ]
    return Share(count=sum(broken), trials=len(broken))


def _first(episode: Episode) -> Plan | None:
    candidates = episode.decision.candidates
    plan = candidates[0].plan if candidates else None
    return on_the_table(episode.scene, plan) if plan is not None else None


def _sum(shares: Sequence[Share]) -> Share:
    return Share(count=sum(share.count for share in shares), trials=sum(share.trials for share in shares))
