"""A listener of a session that minds nothing: for tests and measurements of everything else."""

from typing import Any


class Deaf:
    """Hears and keeps silent; what a test minds it overrides."""

    def phase(self, name: str, turn: int, tasks: int) -> None: ...

    def episode(self, episode: Any) -> None: ...

    def mined(self, turn: int, news: Any) -> None: ...

    def worked(self, name: str, turn: int, work: Any) -> None: ...

    def trained(self, turn: int, news: Any) -> None: ...
