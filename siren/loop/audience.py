"""Several listeners as one: each hears of everything, in the order in which they were named."""

from siren.core.episode import Episode
from siren.loop.jobs import MiningNews, TrainingNews, Work
from siren.loop.session import Listener


class Audience:
    """`Session(..., Audience(board, journal, scalars))`."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = listeners

    def phase(self, name: str, turn: int, tasks: int) -> None:
        for listener in self._listeners:
            listener.phase(name, turn, tasks)

    def episode(self, episode: Episode) -> None:
        for listener in self._listeners:
            listener.episode(episode)

    def mined(self, turn: int, news: MiningNews) -> None:
        for listener in self._listeners:
            listener.mined(turn, news)

    def worked(self, name: str, turn: int, work: Work) -> None:
        for listener in self._listeners:
            listener.worked(name, turn, work)

    def trained(self, turn: int, news: TrainingNews) -> None:
        for listener in self._listeners:
            listener.trained(turn, news)
