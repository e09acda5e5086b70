"""A record becomes a past that can be searched: each episode once, as it comes in, where there is a picture to go by."""

from pathlib import Path

import numpy as np

from siren.core.episode import Episode
from siren.core.errors import InstructionError
from siren.memory.likeness import Likeness
from siren.memory.past import Past
from siren.memory.store import Store
from siren.testing.episodes import egg_episode


def brightness(image: np.ndarray, instruction: str) -> np.ndarray:
    if "unicorn" in instruction:
        raise InstructionError("expected words that the policy knows, got 'unicorn'")
    angle = image.mean() / 100
    return np.array([np.cos(angle), np.sin(angle)], np.float32)


def picture(episode: Episode) -> np.ndarray | None:
    """As bright as the number of its seed; that of seed 3 was not kept."""
    return None if episode.task.seed == 3 else np.full((4, 4, 3), 10 * episode.task.seed, np.uint8)


def test_what_was_recorded_since_is_added_and_found_by_its_picture(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    for session in ("evening", "by-hand"):
        store.new_session(session, "{}")
        store.begin_round(session, 1)
    ids = [store.record(egg_episode(seed)) for seed in (1, 2, 3)]
    past = Past(brightness, Likeness(tmp_path / "a.faiss"), store.episode)
    assert past.catch_up(store, ["evening"], picture) == 2
    assert past.catch_up(store, ["evening"], picture) == 0
    later = store.record(egg_episode(9, session="by-hand", success=True))
    unknown = egg_episode(8)
    store.record(unknown.model_copy(update={"task": unknown.task.model_copy(update={"instruction": "pick up the unicorn"})}))
    assert past.catch_up(store, ["evening", "by-hand"], picture) == 1
    dark = picture(egg_episode(1))
    assert dark is not None
    assert [number for number, _ in past.likeness.nearest(brightness(dark, ""), 9)] == [ids[0], ids[1], later]
    assert past.episode(later).outcome.success
    assert len(Likeness(tmp_path / "a.faiss")) == 3
    store.close()
