"""Two processes that share the weights out learn what two with copies learn, and leave the same ordinary folder."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import distributed, multiprocessing

from siren.core.errors import CheckpointError
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.learning.samples import RobotSample
from siren.learning.stock_tuning import TuningConfig, tune
from siren.policy.stock import load_stock
from siren.testing.scenes import thing
from tests.stock_checkpoints import save

PLAN = Plan(steps=(pick_step(thing("egg", 0.45, 0.1), 30.0, "slow", "gentle"),))
ROBOT = [RobotSample(np.random.default_rng(0).integers(0, 256, (96, 96, 3)).astype(np.uint8), "pick up the egg", PLAN)]
WAYS = {
    "all weights": TuningConfig(steps=4, batch=1, rate=4e-3, workers=2),
    "adapters, gradients computed anew": TuningConfig(steps=4, batch=1, rate=4e-3, workers=2, low_rank=2, checkpointing=True),
    "bfloat16": TuningConfig(steps=4, batch=1, rate=4e-3, workers=2, bfloat16=True),
}


def teach(rank: int, meeting: str, base: Path, folder: Path, config: TuningConfig) -> None:
    """One of two processes."""
    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), LOCAL_RANK=str(rank), WORLD_SIZE="2", MASTER_ADDR="127.0.0.1", MASTER_PORT="0")
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=2)
    report = tune(base, ROBOT, [], folder, config)
    if rank == 0:
        (folder.parent / f"{folder.name}.txt").write_text(f"{report.loss_before} {report.loss_after} {report.trained_weights}")
    distributed.barrier()
    os._exit(0)  # at an ordinary end, threads of torch that still live can abort the process; all it had to say is on file


def taught(base: Path, folder: Path, config: TuningConfig) -> tuple[dict[str, torch.Tensor], tuple[float, ...]]:
    """The weights that two processes come to, and first loss, last loss, and how many weights were trained."""
    multiprocessing.spawn(teach, (str(folder.with_suffix(".meeting")), base, folder, config), nprocs=2)
    figures = tuple(float(word) for word in folder.with_suffix(".txt").read_text().split())
    return load_stock(folder).model.state_dict(), figures


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_shards_learn_what_copies_learn(tmp_path: Path, way: str) -> None:
    base = save("llava", tmp_path / "base")
    copies, told = taught(base, tmp_path / "copies", WAYS[way])
    shards, same = taught(base, tmp_path / "shards", replace(WAYS[way], sharded=True))
    assert same == pytest.approx(told, abs=0.03)
    assert same[1] < same[0]
    assert shards.keys() == copies.keys()
    assert max(float((copies[name] - shards[name]).abs().max()) for name in copies) < 0.02


def test_one_process_alone_has_nobody_to_share_with(tmp_path: Path) -> None:
    base = save("llava", tmp_path / "base")
    with pytest.raises(CheckpointError, match="--workers 2"):
        tune(base, ROBOT, [], tmp_path / "out", TuningConfig(steps=1, batch=1, sharded=True))
