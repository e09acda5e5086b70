"""Laws as counts: how often a plan fails that breaks one, and how often one that keeps it.

A plan that breaks a law must fail at that very step, in a way that the law names; one that keeps all laws must reach its goal.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from siren.core.errors import WorldError
from siren.core.plan import PUTS, TAKES
from siren.core.values import Value
from siren.world.foresight import scene_after
from siren.world.laws.fingers import fingers_blocked
from siren.world.laws.law import Law, Pair, Trial
from siren.world.laws.read import broken_by, situation
from siren.world.laws.table import NoRoomError, require
from siren.world.layout import scene_of
from siren.world.tabletop import Tabletop

VIOLATING_AT_LEAST, COMPLYING_AT_MOST = 0.85, 0.05
_DRAWS = 400
_STREAM = 53  # keeps these random numbers apart from others of the same seed


class LawCount(Value):
    """One law over its trials."""

    law: str
    violating_failure: float
    complying_failure: float
    trials: int
    events: dict[str, int]  # first events of the violating plans
    lapses: dict[str, int]  # first events of the complying plans

    @property
    def holds(self) -> bool:
        return self.violating_failure >= VIOLATING_AT_LEAST and self.complying_failure <= COMPLYING_AT_MOST


def sample(law: Law, laws: Sequence[Law], seed: int) -> Pair:
    """The pair of that seed: the one plan breaks this law alone, and at one step; the other breaks none."""
    for draw in range(_DRAWS):
        try:
            pair = law.pair(np.random.default_rng([seed, draw, _STREAM, *law.name.encode()]))
        except NoRoomError:
            continue
        if _breaks_only(pair.violating, law, laws) and _breaks_only(pair.complying, None, laws) and _has_room(pair.complying):
            return pair
    raise WorldError(f"expected a table for the law '{law.name}' and seed {seed}, none of {_DRAWS} fitted; take another seed")


def count_law(law: Law, laws: Sequence[Law], trials: int, world: Tabletop) -> Iterator[LawCount]:
    """The counts so far, after each pair of trials."""
    failed, lapsed = 0, 0
    events, lapses = Counter[str](), Counter[str]()
    for seed in range(trials):
        pair = sample(law, laws, seed)
        first = _first_event(world, pair.violating)
        failed += first is not None and first[1] == pair.violating.step and first[0] in law.events
        events[first[0] if first else "none"] += 1
        lapse = _first_event(world, pair.complying)
        lapsed += lapse is not None
        lapses.update([lapse[0]] if lapse else [])
        done = seed + 1
        yield LawCount(
            law=law.name,
            violating_failure=failed / done,
            complying_failure=lapsed / done,
            trials=done,
            events=dict(events.most_common()),
            lapses=dict(lapses.most_common()),
        )


def _first_event(world: Tabletop, trial: Trial) -> tuple[str, int] | None:
    world.reset(trial.task)
    outcome = world.execute(trial.plan)
    return None if outcome.success else (outcome.events[0].kind, outcome.events[0].step)


def _has_room(trial: Trial) -> bool:
    """Whether no step of a careful plan brings the fingers down nearer to a neighbour than the careful do, nor leaves them there."""
    scene = scene_of(trial.task.layout)
    for number, step in enumerate(trial.plan.steps, 1):
        now = situation(scene, trial.plan, number)
        if now is None:
            return False
        if step.skill in PUTS:
            later = scene_after(scene, trial.plan, number)
            if step.relation != "in" and fingers_blocked(later, require(later, now.thing.name), step.keyframe.yaw):
                return False
        elif step.skill in TAKES and fingers_blocked(now.scene, now.thing, step.keyframe.yaw):
            return False
    return True


def _breaks_only(trial: Trial, law: Law | None, laws: Sequence[Law]) -> bool:
    scene = scene_of(trial.task.layout)
    for number in range(1, len(trial.plan.steps) + 1):
        wanted = (law.name,) if law is not None and number == trial.step else ()
        if broken_by(laws, scene, trial.plan, number) != wanted:
            return False
    return True
