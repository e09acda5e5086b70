"""Fine-tuning in several processes: two with one lesson each at a time learn what one learns with two."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from siren.policy.stock import load_stock
from tests.stock_checkpoints import save


def tuned(folder: Path, *words: str) -> dict[str, object]:
    """`siren tune` in a process of its own, because Ray takes its token while it is imported."""
    command = [
        sys.executable,
        "-c",
        "from siren.cli.app import main; main()",
        "tune",
        *words,
        "--scenes",
        "1",
        "--steps",
        "6",
        "--rate",
        "4e-3",
    ]
    ran = subprocess.run([*command, "--out", str(folder), "--json"], capture_output=True, text=True, timeout=280, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    answer: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    return answer


@pytest.mark.slow
def test_two_processes_learn_what_one_learns_with_twice_the_batch(tmp_path: Path) -> None:
    base = str(save("llava", tmp_path / "base"))
    alone = tuned(tmp_path / "alone", base, "--batch", "2")
    together = tuned(tmp_path / "together", base, "--batch", "1", "--workers", "2")
    assert together["steps"] == alone["steps"] == 6
    assert together["loss_after"] == pytest.approx(alone["loss_after"], abs=0.02)
    assert together["loss_after"] < together["loss_before"] - 0.3  # type: ignore[operator]
    one, two = (load_stock(tmp_path / name).model.state_dict() for name in ("alone", "together"))
    assert max(float((one[name] - two[name]).abs().max()) for name in one) < 0.01


@pytest.mark.slow
@pytest.mark.parametrize("options", [("--bfloat16",), ("--low-rank", "2", "--checkpointing")], ids=["all weights", "adapters"])
def test_processes_that_share_the_weights_out_learn_what_copies_learn(tmp_path: Path, options: tuple[str, ...]) -> None:
    base = str(save("llava", tmp_path / "base"))
    copies = tuned(tmp_path / "copies", base, "--batch", "1", "--workers", "2", *options)
    shards = tuned(tmp_path / "shards", base, "--batch", "1", "--workers", "2", "--shard", *options)
    assert shards["steps"] == copies["steps"] == 6
    assert shards["trained_weights"] == copies["trained_weights"]
    assert shards["loss_after"] == pytest.approx(copies["loss_after"], abs=0.05)
    one, two = (load_stock(tmp_path / name).model.state_dict() for name in ("copies", "shards"))
    assert one.keys() == two.keys()
    assert max(float((one[name] - two[name]).abs().max()) for name in one) < 0.02
