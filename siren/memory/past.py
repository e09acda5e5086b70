"""The episodes on record and the pictures they began with as a past that can be searched for moments like the present one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from siren.core.episode import Episode
from siren.core.errors import InstructionError
from siren.memory.likeness import Likeness
from siren.memory.store import Store

Embed = Callable[[np.ndarray, str], np.ndarray]  # image uint8 (96, 96, 3) and instruction -> float32, (width,), length 1
Picture = Callable[[Episode], np.ndarray | None]  # what an episode began with, or None where that was not kept


@dataclass(frozen=True)
class Past:
    """How a moment is put into a direction, the index of those, and the record behind it."""

    embed: Embed
    likeness: Likeness
    episode: Callable[[int], Episode]

    def catch_up(self, store: Store, sessions: Iterable[str], picture: Picture) -> int:
        """Add what these sessions have recorded since, and keep the index on disk. Returns how many episodes that were.

        Episodes without a picture, or asked for in words that the policy does not know, are left out.
        """
        last, count = self.likeness.newest, 0
        for session in sessions:
            for episode in store.episodes(session, after=last):
                count += self._add(episode, picture)
        self.likeness.save()
        return count

    def _add(self, episode: Episode, picture: Picture) -> bool:
        image = picture(episode)
        if image is None or episode.id is None:
            return False
        try:
            self.likeness.add(episode.id, self.embed(image, episode.task.instruction))
        except InstructionError:
            return False
        return True
