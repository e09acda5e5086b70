"""One policy for many workers answers each as its own would."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from siren.config import shipped_checkpoint
from siren.core.errors import InstructionError
from siren.core.task import Task
from siren.loop.shared_policy import Answer, RemoteProposer, SharedPolicy
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, layout_bodies, robot_setting
from siren.world.tasks import make_task

WEIGHTS = shipped_checkpoint()


def run(question: Coroutine[Any, Any, Any]) -> Any:
    """The answer, from a thread of its own: a browser of other stories may have left an event loop running in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, question).result()


def seen(seed: int) -> tuple[Task, np.ndarray]:
    task = make_task(seed)
    return task, Camera().look(layout_bodies(task), robot_setting(np.random.default_rng(seed))).image


def test_workers_that_share_a_batch_get_the_answers_of_their_own_policy() -> None:
    policy, tables = SharedPolicy(), [seen(seed) for seed in range(6)]

    async def all_at_once() -> list[Answer]:
        questions = (policy.propose(str(WEIGHTS), image, task.instruction, 4, np.random.default_rng(task.seed)) for task, image in tables)
        return list(await asyncio.gather(*questions))

    answers = run(all_at_once())
    assert policy.batches == [6]
    own = Proposer.load(WEIGHTS)
    for (task, image), (candidates, dice) in zip(tables, answers, strict=True):
        rng = np.random.default_rng(task.seed)
        alone = own.propose(image, task.instruction, 4, rng)
        assert [one.text for one in candidates] == [one.text for one in alone]
        np.testing.assert_allclose([one.score for one in candidates], [one.score for one in alone], atol=1e-3)
        assert dice == rng.bit_generator.state  # whatever the worker draws next is the same, too


def test_one_who_asks_nonsense_does_not_spoil_it_for_others() -> None:
    policy, (task, image) = SharedPolicy(), seen(1)

    async def both() -> list[Answer | BaseException]:
        words = (task.instruction, "defenestrate the egg")
        questions = (policy.propose(str(WEIGHTS), image, text, 2, np.random.default_rng(0)) for text in words)
        return list(await asyncio.gather(*questions, return_exceptions=True))

    good, bad = run(both())
    assert isinstance(good, tuple)
    assert len(good[0]) == 2
    assert isinstance(bad, InstructionError)


def test_the_dice_of_a_worker_go_on_where_the_answer_left_them() -> None:
    policy, (task, image) = SharedPolicy(), seen(2)

    def ask(*question: object) -> Answer:
        weights, picture, instruction, count, rng = question
        far = np.random.Generator(type(rng.bit_generator)())  # type: ignore[attr-defined]  # as if it had travelled
        far.bit_generator.state = rng.bit_generator.state  # type: ignore[attr-defined]
        return run(policy.propose(weights, picture, instruction, count, far))  # type: ignore[arg-type]

    mine, own = np.random.default_rng(5), np.random.default_rng(5)
    proposer = RemoteProposer(ask, Path(WEIGHTS))
    assert proposer.checkpoint == WEIGHTS.name
    texts = [one.text for one in proposer.propose(image, task.instruction, 3, mine)]
    assert texts == [one.text for one in Proposer.load(WEIGHTS).propose(image, task.instruction, 3, own)]
    assert mine.random() == own.random()


def test_weights_that_are_not_there_are_said_so() -> None:
    with pytest.raises(Exception, match="manifest"):
        run(SharedPolicy().propose("/nowhere", np.zeros((96, 96, 3), np.uint8), "pick up the egg", 1, np.random.default_rng(0)))
