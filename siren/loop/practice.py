"""What was tried so far as a choice of what to practise next: weak and unknown areas more often, every other one still now and then.

An area is a family of tasks or a thing that is to be handled. Its weakness is the upper end of the 95 % interval of its failure
share: an area that fails often is weak, and so is one that was seldom tried, because nobody knows. Tasks are drawn from a pool of
fresh ones by the product of their areas' weaknesses; a share of them is drawn evenly, so that no area is ever left alone.

Pure: the same tries, pool and generator give the same choice, so a session that is resumed practises the same tasks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from siren.core.episode import Episode
from siren.core.statistics import wilson
from siren.core.task import FAMILIES, Task

POOL = 4  # fresh tasks for each one that is practised


def areas(task: Task) -> tuple[str, str]:
    """The family and the thing that the task belongs to, e.g. ('family/pick', 'object/egg')."""
    return f"family/{task.family}", f"object/{task.goal.object}"


def weaknesses(tries: Iterable[Episode]) -> dict[str, float]:
    """Upper end of the failure share of every family, and of every thing that was tried. What was never tried stands at 1."""
    tried: Counter[str] = Counter({f"family/{family}": 0 for family in FAMILIES})
    failed: Counter[str] = Counter()
    for episode in tries:
        for area in areas(episode.task):
            tried[area] += 1
            failed[area] += not episode.outcome.success
    return {area: wilson(failed[area], count)[1] for area, count in tried.items()}


def choose(pool: Sequence[Task], weak: Mapping[str, float], count: int, floor: float, rng: np.random.Generator) -> tuple[int, ...]:
    """Seeds of `count` tasks of the pool, none twice. `floor`: the share that is drawn evenly."""
    chances = np.array([np.prod([weak.get(area, 1.0) for area in areas(task)]) for task in pool])
    even = np.full(len(pool), 1 / len(pool))
    mixed = floor * even + (1 - floor) * chances / chances.sum() if chances.sum() else even
    picked = rng.choice(len(pool), size=count, replace=False, p=mixed)
    return tuple(pool[number].seed for number in sorted(picked))
