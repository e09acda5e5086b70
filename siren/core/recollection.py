"""What the agent fetched from memory for one decision, why, and what it did with it. This goes on record with the decision.

    l1   the present state and the last actions: what just failed is not tried the same way first
    l2   progress: which parts of the goal hold already, so that only the open ones are proposed again
    l3   similar past episodes: what worked or failed in them ranks the candidates, and the manner of one that worked is one more of them

Each level has those before it.
"""

from typing import Literal, get_args

from pydantic import Field

from siren.core.values import Value

Level = Literal["l1", "l2", "l3"]
LEVELS: tuple[Level, ...] = get_args(Level)

# failed: an attempt has just failed; unsure: the policy wavers between things; refused: rules are against every candidate.
Trigger = Literal["failed", "unsure", "refused"]


class Neighbour(Value):
    """One past episode that is like the present moment."""

    episode: int = Field(description="id in the record")
    likeness: float = Field(description="cosine between the policy's features then and now, -1 to 1")
    success: bool
    instruction: str


class Recalled(Value):
    """Everything that one decision got from memory. Numbers of candidates count from 0, in the order on record."""

    level: Level
    trigger: Trigger
    doubt: float | None = Field(description="nats: entropy over the thing, of the greedy proposal; None when the policy does not say")
    repeats: tuple[int, ...] = Field(default=(), description="l1: candidates that do again what just failed")
    holds: tuple[str, ...] = Field(default=(), description="l2: parts of the goal that hold already")
    left_out: tuple[str, ...] = Field(default=(), description="l2: steps that were not proposed again")
    neighbours: tuple[Neighbour, ...] = Field(default=(), description="l3: most alike first")
    order: tuple[int, ...] = Field(default=(), description="for each candidate its rank before; -1: it came from memory")
    source: int | None = Field(default=None, description="l3: the episode whose manner the candidate from memory has")
    milliseconds: dict[str, float] = Field(default_factory=dict, description="wall time of each level that was asked")

    @property
    def added(self) -> int | None:
        """Number of the candidate that came from memory, or None."""
        return self.order.index(-1) if -1 in self.order else None
