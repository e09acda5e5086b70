"""Processes that train one model together: each computes the gradient of its part of the rows, and all take the mean of them.

    def work(team, config, listener): ...                   # in every process: team.part(rows), team.average(model.parameters())
    together(2, work, (config,), listener)

All processes begin with equal weights and take equal steps, so they stay equal to the last bit.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import distributed, nn

from siren.core.errors import CheckpointError

T = TypeVar("T")
_GRACE = 10.0  # seconds that the others are given to end by themselves
_NOTICE = 2.0  # seconds after which one that broke off the talk must have ended


@dataclass(frozen=True)
class Team:
    """One of `size` processes, numbered from 0. The default is a process of its own."""

    rank: int = 0
    size: int = 1

    def part(self, rows: Sequence[T]) -> Sequence[T]:
        """Every `size`-th row, so that groups that lie together are shared evenly."""
        return rows[self.rank :: self.size]

    def average(self, parameters: Iterable[nn.Parameter]) -> None:
        """Put the mean of all processes' gradients in place of each process' own. Gradients must be there for the same parameters."""
        if self.size == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.size
        for gradient, mean in zip(gradients, torch.split(flat, [gradient.numel() for gradient in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))


ALONE = Team()


def together(size: int, work: Callable[..., T], values: Sequence[Any], listener: object = None) -> T:
    """What `work(team, *values, listener)` gives in this process, while the other processes do their part and hear of nothing.

    `work` is a function of a module. CheckpointError when a process of the team is gone.
    """
    if size == 1:
        return work(ALONE, *values, listener)
    with tempfile.TemporaryDirectory() as folder:
        meeting = Path(folder) / "meeting"
        spawn = multiprocessing.get_context("spawn")
        others = [spawn.Process(target=_member, args=(rank, size, meeting, work, values), daemon=True) for rank in range(1, size)]
        for other in others:
            other.start()
        try:
            with _gathered(0, size, meeting) as team:
                return _complete(others, work, team, values, listener)
        finally:
            for other in others:
                other.join(_GRACE)
                other.kill()


def _complete(others: Sequence[BaseProcess], work: Callable[..., T], team: Team, values: Sequence[Any], listener: object) -> T:
    """What the work gives. An error that comes of another process' end is told as that."""
    try:
        return work(team, *values, listener)
    except RuntimeError as error:
        if wait([other.sentinel for other in others], _NOTICE):
            raise CheckpointError(f"expected {team.size} training processes, one is gone; run the same command to go on") from error
        raise


def _member(rank: int, size: int, meeting: Path, work: Callable[..., object], values: Sequence[Any]) -> None:
    torch.set_num_threads(1)
    with _gathered(rank, size, meeting) as team:
        work(team, *values, None)


@contextmanager
def _gathered(rank: int, size: int, meeting: Path) -> Iterator[Team]:
    """The team, once all of it is there; it talks over the loopback of this machine."""
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo0" if sys.platform == "darwin" else "lo")
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=size)
    try:
        yield Team(rank, size)
    finally:
        distributed.destroy_process_group()
