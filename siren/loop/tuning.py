"""`tune` in several processes: Ray Train starts them and joins them, each sees its own part of every batch.

Import this file only after `siren.loop.start.close_to_strangers`: Ray reads its token while it is being imported.
The model is copied to every process and gradients are averaged (DDP, Li et al., arXiv 2006.15704), or shared out among them
(`config.sharded`, learning/sharded.py).
"""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import ray
from ray.exceptions import RayError
from ray.train import RunConfig, ScalingConfig
from ray.train.base_trainer import TrainingFailedError
from ray.train.torch import TorchTrainer

from siren.core.errors import CheckpointError
from siren.learning.conversations import Conversation
from siren.learning.samples import RobotSample
from siren.learning.stock_tuning import TuningConfig, TuningReport, tune


def tune_together(base: Path, robot: Sequence[RobotSample], web: Sequence[Conversation], out: Path, config: TuningConfig) -> TuningReport:
    """Like `tune`, in `config.workers` processes with a core or a GPU each. CheckpointError when a process fails."""
    base, out = base.resolve(), out.resolve()
    out.parent.mkdir(parents=True, exist_ok=True)
    owned = not ray.is_initialized()
    if owned:
        ray.init(address="local", num_cpus=config.workers + 1, include_dashboard=False, logging_level=logging.ERROR, log_to_driver=False)
    try:
        lessons = ray.put((tuple(robot), tuple(web)))

        def share(_: dict[str, object]) -> TuningReport:
            mine, others = ray.get(lessons)
            return tune(base, mine, others, out, config)

        with tempfile.TemporaryDirectory(prefix="siren-tuning-") as aside:
            trainer = TorchTrainer(
                share,  # type: ignore[arg-type]  # what it returns reaches the driver since Ray's second version of Train
                train_loop_config={},
                scaling_config=ScalingConfig(num_workers=config.workers, use_gpu=ray.cluster_resources().get("GPU", 0) >= config.workers),  # type: ignore[no-untyped-call]
                run_config=RunConfig(storage_path=aside),
            )
            first = trainer.fit().return_value  # type: ignore[attr-defined]  # of the first worker; the class is chosen at run time
    except (TrainingFailedError, RayError) as error:
        raise CheckpointError(f"training in {config.workers} processes failed: {str(error).strip().splitlines()[-1][:300]}") from error
    finally:
        if owned:
            ray.shutdown()
    if not isinstance(first, TuningReport):
        raise CheckpointError(f"training in {config.workers} processes ended without a report; look at what the workers said above")
    return first
