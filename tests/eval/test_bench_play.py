"""Trials that are really played: with the policy that ships, rules that a session on the Panda has learned, and the physics."""

import importlib.util
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from siren import build
from siren.config import PROJECT, shipped_checkpoint
from siren.core.errors import InstructionError
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.eval.bench.arms import Arm, Given, OfSession, offer
from siren.eval.bench.player import NO_PLAN, NOT_UNDERSTOOD, Player
from siren.eval.bench.rows import Row
from siren.eval.bench.runner import play
from siren.eval.bench.suites import Trial, suite
from siren.policy.checkpoint import load_checkpoint
from siren.policy.rt1 import Rt1, Rt1Config
from siren.policy.rt1_proposer import Rt1Checkpoint, save_rt1

WEIGHTS = str(shipped_checkpoint().resolve())
LEARNED = OfSession("sample", str(PROJECT / "episodes" / "sample" / "rules"), WEIGHTS, "simulator")  # learned on the Panda
TRIALS = (*suite("laws", episodes=3), *suite("seen", episodes=2))


def arms_of(*names: str, policies: tuple[str, ...] = ()) -> tuple[Arm, ...]:
    return offer(Given({"vla": (WEIGHTS,)}, sessions=(LEARNED,), policies=policies), names)[0]


def rows_of(trials: Sequence[Trial], arms: Sequence[Arm], workers: int = 0) -> list[Row]:
    return [row for rows in play(trials, arms, set(), workers) for row in rows]


def timeless(rows: Sequence[Row]) -> list[Row]:
    return sorted((row.model_copy(update={"decided_ms": 0.0, "cpu_ms": 0.0}) for row in rows), key=lambda row: row.key)


@pytest.fixture(scope="module")
def played() -> list[Row]:
    return rows_of(TRIALS, arms_of("vla", "vla-retry", "siren", "expert"))


def of(arm: str, rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    return {(row.group, row.number): row for row in rows if row.arm == arm}


def test_all_arms_play_the_same_tables(played: list[Row]) -> None:
    tables = [{key: row.table for key, row in of(arm, played).items()} for arm in ("vla", "vla-retry", "siren", "expert")]
    assert all(table == tables[0] for table in tables)
    assert len(set(tables[0].values())) == len(TRIALS)


def test_the_expert_is_a_ceiling_and_rules_have_a_say(played: list[Row]) -> None:
    assert all(row.success and row.way == "expert" for row in of("expert", played).values())
    assert any(row.refused for row in of("siren", played).values())
    assert not any(row.refused for arm in ("vla", "vla-retry", "expert") for row in of(arm, played).values())


def test_a_retry_counts_everything_that_it_took(played: list[Row]) -> None:
    once, again = of("vla", played), of("vla-retry", played)
    for key, row in again.items():
        assert row.success >= once[key].success
        assert (row.tries, row.ticks) == (1, once[key].ticks) if once[key].success else row.tries == 2 and row.ticks > once[key].ticks


def test_arms_of_one_mind_are_played_once(played: list[Row]) -> None:
    twin = rows_of(TRIALS[:1], arms_of("siren", "siren-state"))
    assert twin[0].model_copy(update={"arm": ""}).success == twin[1].success
    assert twin[0].end == twin[1].end == of("siren", played)["laws", 0].end
    assert twin[1].cpu_ms < twin[0].cpu_ms / 10


def test_what_is_done_is_not_played_again(played: list[Row]) -> None:
    arms = arms_of("vla", "vla-retry", "siren", "expert")
    done = {row.key for row in played} - {("expert", "laws", 1)}
    left = [row for rows in play(TRIALS, arms, done, 0) for row in rows]
    assert timeless(left) == timeless([of("expert", played)["laws", 1]])
    assert list(play(TRIALS, arms, {row.key for row in played}, 2)) == []


@pytest.mark.slow
def test_two_workers_play_as_one_process_does(played: list[Row]) -> None:
    assert timeless(rows_of(TRIALS, arms_of("vla", "vla-retry", "siren", "expert"), workers=2)) == timeless(played)


def test_a_rule_learned_on_the_panda_serves_the_kuka() -> None:
    """The same weights with and without rules that no KUKA has taught."""
    rows = rows_of(suite("kuka", episodes=10)[6:], arms_of("vla", "rules"))  # of the laws
    plain, ruled = of("vla", rows), of("rules", rows)
    mended = [key for key, row in ruled.items() if row.refused and row.success and not plain[key].success]
    assert mended
    assert sum(row.success for row in ruled.values()) > sum(row.success for row in plain.values())


def test_the_expert_fetches_from_the_other_table() -> None:
    (row,) = rows_of(suite("fetch", episodes=1), arms_of("expert"))
    assert row.success
    assert row.broke_core is None


def test_an_instruction_that_is_not_understood_is_a_failure_with_that_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf:
        checkpoint = "deaf"

        def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[()]:
            raise InstructionError("expected other words")

    monkeypatch.setattr(build, "proposer", lambda folder: Deaf())
    player = Player(arms_of("vla", "siren"))
    rows = player.play(TRIALS[0], ["vla", "siren"])
    player.close()
    assert [(row.success, row.cause, row.way, row.tries) for row in rows] == [(False, NOT_UNDERSTOOD, "none", 0)] * 2


def test_keyframes_without_words_are_an_arm(tmp_path: Path) -> None:
    """An RT-1 that nobody has trained fails, with a cause."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        vocabulary = load_checkpoint(shipped_checkpoint()).vocabulary
        model = Rt1(Rt1Config(len(vocabulary), width=32, layers=2, heads=2, feed_forward=32, channels=8))
    save_rt1(Rt1Checkpoint(model.eval(), vocabulary, "rt1"), tmp_path / "rt1")
    (row,) = rows_of(TRIALS[:1], offer(Given({"rt1": (str(tmp_path / "rt1"),)}), ["rt1"])[0])
    assert (row.success, row.tries) == (False, 1)
    assert row.cause


def test_eyes_of_its_own_see_what_its_rules_speak_of(monkeypatch: pytest.MonkeyPatch) -> None:
    real, looked = build.perceiver(shipped_checkpoint()), []

    class Watched:
        def perceive(self, image: np.ndarray, said: Plan | None = None) -> Scene:
            looked.append(image)
            return real.perceive(image, said)

    monkeypatch.setattr(build, "perceiver", lambda folder: Watched())
    rows_of(TRIALS[:1], arms_of("siren-state"))
    assert len(looked) == 0
    rows_of(TRIALS[:1], arms_of("siren-eyes"))
    assert len(looked) == 1


def test_a_policy_from_outside_is_an_arm_like_any_other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "silent_policy.py").write_text("class Silent:\n    def propose(self, image, instruction, context):\n        return []\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    silent, expert = rows_of(TRIALS[:1], arms_of("expert", policies=("silent_policy:Silent",)))[::-1]
    assert (silent.success, silent.cause, silent.table) == (False, NO_PLAN, expert.table)


def test_weights_that_are_served_do_as_they_do_here(played: list[Row]) -> None:
    """The example server with the policy that ships, on loopback: the greedy plan comes back to the last digit."""
    spec = importlib.util.spec_from_file_location("serve_policy", PROJECT / "docs" / "examples" / "serve_policy.py")
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    server = example.make_server(build.proposer(shipped_checkpoint()), 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/propose"
        rows = rows_of(TRIALS[:2], arms_of("expert", policies=(address,)))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert [row.end for row in rows if row.arm == address] == [of("vla", played)["laws", number].end for number in range(2)]
