"""What is practised next: more of what fails or is unknown, some of everything, and the same again after a restart."""

from collections import Counter

import numpy as np
import pytest

from siren.core.episode import Episode
from siren.loop.practice import areas, choose, weaknesses
from siren.testing.episodes import egg_episode
from siren.world.splits import SHARES
from siren.world.tasks import make_task

POOL = [make_task(seed) for seed in range(80)]


def tried(family: str, wins: int, losses: int) -> list[Episode]:
    """Tries of tasks of that family."""
    episode = egg_episode()
    task = episode.task.model_copy(update={"family": family})
    made = [episode.model_copy(update={"task": task}), egg_episode(success=True).model_copy(update={"task": task})]
    return [made[0]] * losses + [made[1]] * wins


def test_weak_is_what_fails_and_what_nobody_knows() -> None:
    weak = weaknesses([*tried("pick", 30, 0), *tried("place", 15, 15), *tried("stack", 1, 0)])
    assert weak["family/pick"] < weak["family/place"] < weak["family/stack"] < weak["family/place_in"] == 1.0
    assert weak["object/egg"] == pytest.approx(0.367, abs=0.001)  # 15 of 61 failed; Wilson's interval ends there


def test_weak_families_are_drawn_more_often_and_others_not_never() -> None:
    weak = weaknesses([*tried("pick", 200, 0), *tried("place", 0, 20), *tried("place_in", 200, 0), *tried("stack", 200, 0)])
    weak = {area: value for area, value in weak.items() if area.startswith("family/")}

    def share(floor: float) -> dict[str, float]:
        drawn = Counter(
            make_task(seed).family for start in range(6) for seed in choose(POOL, weak, 20, floor, np.random.default_rng(start))
        )
        return {family: drawn[family] / 120 for family in SHARES["seen"]}

    even, mixed = share(1.0), share(0.4)
    assert mixed["place"] > 1.5 * even["place"]
    assert min(mixed.values()) > 0


def test_a_choice_is_the_same_again_and_holds_no_task_twice() -> None:
    first, second = (choose(POOL, weaknesses([]), 20, 0.4, np.random.default_rng(3)) for _ in range(2))
    assert first == second
    assert len(set(first)) == 20
    assert set(first) <= {task.seed for task in POOL}


def test_a_pool_as_small_as_the_round_is_taken_whole() -> None:
    assert choose(POOL[:5], weaknesses([]), 5, 0.0, np.random.default_rng(0)) == tuple(task.seed for task in POOL[:5])


def test_areas_are_what_the_learner_may_know() -> None:
    assert areas(egg_episode().task) == ("family/pick", "object/egg")
