"""SIGTERM as a wish to stop: what is in hand is finished, nothing new is begun, and after a while it is dropped.

    with drain(20) as wish:
        Session(..., wish=wish).run()      # raises Drained; what was recorded stays, and --resume goes on

Everything a session does can be broken off at any moment (a killed driver proves it); draining only spares the work in hand.
Dropping is needed for long work, such as training: it is begun again by --resume.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

DRAIN_SECONDS = 20.0  # leaves ten of thirty for letting workers go


class Drained(BaseException):  # noqa: N818  an end, not an error, like KeyboardInterrupt: nobody on the way may take it for one
    """The session stopped because it was asked to."""


class Wish:
    """Whether somebody wants the session to stop."""

    def __init__(self) -> None:
        self.made = False

    def heed(self) -> None:
        """Raises Drained once the wish was made. Called where nothing is in hand."""
        if self.made:
            raise Drained


@contextmanager
def drain(seconds: float = DRAIN_SECONDS) -> Iterator[Wish]:
    """Listen for SIGTERM while inside; after `seconds` Drained is raised wherever the work is. Main thread only."""
    wish = Wish()

    def make(number: int, frame: FrameType | None) -> None:
        wish.made = True
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def drop(number: int, frame: FrameType | None) -> None:
        raise Drained

    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, make), signal.SIGALRM: signal.signal(signal.SIGALRM, drop)}
    try:
        yield wish
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
