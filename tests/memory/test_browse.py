"""Episodes as short lines, and counted as they come in."""

from pathlib import Path

from siren.memory.browse import EpisodeIndex
from siren.memory.store import Store
from siren.testing.episodes import egg_episode


def counted(index: EpisodeIndex, session: str) -> tuple[dict[tuple[int, str], tuple[int, int]], dict[str, int]]:
    """The same by going through all lines."""
    lines = [line for line in index.all() if line.session == session]
    keys = {(line.round, line.use) for line in lines}
    shares = {key: [line.success for line in lines if (line.round, line.use) == key] for key in keys}
    causes = [line.cause or "goal not reached" for line in lines if not line.success]
    return {key: (len(found), sum(found)) for key, found in shares.items()}, {cause: causes.count(cause) for cause in causes}


def test_the_tally_is_what_counting_all_lines_comes_to(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    session = egg_episode(0, success=True).session
    store.new_session(session, "{}")
    for number in (0, 1):
        store.begin_round(session, number)
    index = EpisodeIndex(store)
    assert not index.tally(session).trials
    for seed in range(6):
        episode = egg_episode(seed, success=seed % 3 != 0)
        store.record(episode)
        before = index.tally(session)
        tally = index.tally(session)
        shares, causes = counted(index, session)
        assert {key: (count, tally.successes[key]) for key, count in tally.trials.items()} == shares
        assert sum(tally.causes.values(), start=type(tally.trials)()) == causes
        before.trials.clear()  # a copy: clearing it changes nothing
        assert index.tally(session).trials == tally.trials
    assert not index.tally("another").trials
