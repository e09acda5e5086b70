"""Laws and a number of trials as their counts, in one process or several. The same counts come out however many there are."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from siren.world.laws.every import LAWS
from siren.world.laws.trials import LawCount, count_law
from siren.world.tabletop import Tabletop

Progress = Callable[[int], None]  # is told how many trials are done


def count_all(names: Sequence[str], trials: int, workers: int, progress: Progress) -> tuple[LawCount, ...]:
    """The counts of these laws, in this order. `trials` tables for each, with seeds from 0."""
    if workers == 1:
        return tuple(_count(name, trials, _after(progress, number * trials)) for number, name in enumerate(names))
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as processes:
        running = {processes.submit(_count, name, trials): name for name in names}
        counts: dict[str, LawCount] = {}
        for future in as_completed(running):
            counts[running[future]] = future.result()
            progress(len(counts) * trials)
    return tuple(counts[name] for name in names)


def _after(progress: Progress, begun: int) -> Progress:
    return lambda done: progress(begun + done)


def _count(name: str, trials: int, progress: Progress | None = None) -> LawCount:
    """Each law in a world of its own, so that its counts depend on no other law's."""
    with Tabletop() as world:
        for count in count_law(LAWS[name], tuple(LAWS.values()), trials, world):
            if progress is not None:
                progress(count.trials)
    return count
