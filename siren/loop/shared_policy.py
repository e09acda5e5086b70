"""One policy for many workers: what they ask while it is thinking is answered in one batch as soon as it is free.

Used when a GPU serves the policy (`--gpus`); else every worker holds its own. Nothing is waited for: a lone question is answered at once,
and under load batches grow by themselves. Answers are those that a worker's own policy gives, whoever shares the batch (up to the last bits
of the scores, because sums run in another order). As a Ray actor it is asked through `RemoteProposer`.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from siren.core.episode import Candidate
from siren.core.errors import SirenError
from siren.policy.decode import Asked
from siren.policy.proposer import Proposer

MOST = 32  # questions in one batch
KEPT = 2  # weights held at once: a trial goes from the old to the new and back to none else

Dice = dict[str, Any]  # state of a numpy generator
Answer = tuple[tuple[Candidate, ...], Dice]


class _Question(NamedTuple):
    weights: str
    asked: Asked
    answer: "asyncio.Future[Answer]"


class SharedPolicy:
    """Answers questions of many workers, a batch at a time."""

    def __init__(self) -> None:
        self._proposers: dict[str, Proposer] = {}
        self._waiting: list[_Question] = []
        self._thinking: asyncio.Task[None] | None = None
        self.batches: list[int] = []  # how many questions each batch held

    async def propose(self, weights: str, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> Answer:
        """`Proposer.propose` by the weights of that folder, and the state of the dice after it. Raises as it does."""
        question = self._proposer(weights).asked(image, instruction, count, rng)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Question(weights, question, answer))
        if self._thinking is None or self._thinking.done():
            self._thinking = asyncio.create_task(self._think())
        return await answer

    async def sizes(self) -> list[int]:
        """How many questions each batch held, in order."""
        return self.batches

    async def _think(self) -> None:
        while self._waiting:
            weights = self._waiting[0].weights
            batch = [one for one in self._waiting if one.weights == weights][:MOST]
            taken = set(map(id, batch))
            self._waiting = [one for one in self._waiting if id(one) not in taken]
            await self._answer(self._proposer(weights), batch)

    async def _answer(self, proposer: Proposer, batch: list[_Question]) -> None:
        self.batches.append(len(batch))
        try:
            answers = await asyncio.to_thread(proposer.propose_together, [one.asked for one in batch])
        except (SirenError, RuntimeError) as error:  # RuntimeError: what a GPU that is out of memory raises
            for one in batch:
                one.answer.set_exception(error)
            return
        for one, candidates in zip(batch, answers, strict=True):
            one.answer.set_result((candidates, dict(one.asked.rng.bit_generator.state)))

    def _proposer(self, weights: str) -> Proposer:
        if weights not in self._proposers:
            while len(self._proposers) >= KEPT:
                self._proposers.pop(next(iter(self._proposers)))
            self._proposers[weights] = Proposer.serving(Path(weights))
        return self._proposers[weights]


class RemoteProposer:
    """A `Proposer` that asks somebody else, and throws the worker's own dice."""

    def __init__(self, ask: Callable[..., Answer], weights: Path) -> None:
        """`ask` is called like `SharedPolicy.propose` and waits for the answer."""
        self._ask, self._weights = ask, weights

    @property
    def checkpoint(self) -> str:
        return self._weights.name

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        candidates, dice = self._ask(str(self._weights), image, instruction, count, rng)
        rng.bit_generator.state = dice
        return candidates
