"""`--context LEVEL` as the memory that an agent asks, over what the session and the runs by hand have recorded."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from siren.core.episode import Episode
    from siren.core.interfaces import Proposer
    from siren.memory.recall import Memory
    from siren.memory.store import Store

Context = Literal["none", "l1", "l2", "l3"]


def memory_of(
    context: Context, proposer: "Proposer", weights: Path, store: "Store", sessions: tuple[str, ...], home: Path
) -> "Memory | None":
    """None for context `none`. With l3 every episode on record that has a picture is looked at once; what was seen of it is kept."""
    from siren import build
    from siren.memory.likeness import Likeness
    from siren.memory.past import Past
    from siren.memory.recall import Memory
    from siren.policy.checkpoint import MANIFEST, sha256

    if context == "none":
        return None
    if context != "l3":
        return Memory(context)
    embed = build.embedding(proposer)
    index = home / "likeness" / f"{sessions[-1]}-{sha256(weights / MANIFEST)[:12]}.faiss"
    past = Past(embed, Likeness(index), store.episode)
    past.catch_up(store, sessions, _pictures(home))
    return Memory(context, past)


def _pictures(home: Path) -> "Callable[[Episode], np.ndarray | None]":
    """What each episode began with, where its picture was kept."""
    from siren.core.errors import StoreError
    from siren.loop.rollout import frame_key
    from siren.memory.frames import Frames

    frames = Frames(home)

    def picture(episode: "Episode") -> "np.ndarray | None":
        try:
            return frames.load(episode.session, frame_key(episode.round, episode.task.seed))
        except StoreError:
            return None

    return picture
