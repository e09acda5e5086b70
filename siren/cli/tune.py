"""`siren tune`: a stock vision-language checkpoint learns to write plans."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from siren.cli.options import Json
from siren.cli.output import emit, notice, result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from siren.learning.conversations import Conversation
    from siren.learning.samples import RobotSample
    from siren.learning.stock_tuning import TuningConfig, TuningReport


def tune(
    base: Annotated[
        Path, typer.Argument(help="Folder of a stock checkpoint (PaliGemma, LLaVA, Idefics3, SmolVLM, ...) with its processor")
    ],
    out: Annotated[Path, typer.Option(help="Folder of the new checkpoint")],
    conversations: Annotated[
        Path | None, typer.Option(help="Image-text conversations as LLaVA is trained on: .json, .jsonl or a folder", show_default=False)
    ] = None,
    images: Annotated[Path | None, typer.Option(help="Folder that picture names start from", show_default=False)] = None,
    scenes: Annotated[int, typer.Option(min=0, help="Rendered tasks with a plan each")] = 400,
    robot_data: Annotated[
        Path | None,
        typer.Option(help="A LeRobotDataset v3 folder with plans, as `siren export --format lerobot` writes it", show_default=False),
    ] = None,
    steps: Annotated[int, typer.Option(min=1)] = 200,
    batch: Annotated[int, typer.Option(min=1)] = 4,
    rate: Annotated[float, typer.Option(min=1e-8, max=1.0, help="Highest learning rate")] = 1e-4,
    low_rank: Annotated[int, typer.Option(min=0, help="Rank of LoRA adapters; 0 trains every weight")] = 0,
    web_share: Annotated[float, typer.Option(min=0, max=1, help="Share of conversations in each run")] = 0.5,
    bfloat16: Annotated[bool, typer.Option("--bfloat16", help="Compute in bfloat16")] = False,
    checkpointing: Annotated[bool, typer.Option("--checkpointing", help="Compute gradients anew: less memory, more time")] = False,
    compiled: Annotated[bool, typer.Option("--compile", help="torch.compile the model")] = False,
    workers: Annotated[int, typer.Option(min=1, help="Processes that share the work, each with a batch of its own")] = 1,
    shard: Annotated[
        bool, typer.Option("--shard", help="Each process holds a part of the weights (FSDP), for models larger than one")
    ] = False,
    deny: Annotated[
        Path | None, typer.Option(help="File of further phrases that are never learned, one a line", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    json: Json = False,
) -> None:
    """Co-fine-tune a stock vision-language model on rendered tasks and image-text conversations.

    [bold]Examples[/bold]: siren tune models/smolvlm --out build/smolvlm --low-rank 16 ·
    siren tune models/paligemma --out build/pali --conversations llava.json --workers 2 --shard

    Afterwards: siren run "pick up the egg" --checkpoint OUT
    """
    import numpy as np
    from rich.progress import Progress as Bars

    from siren.config import shipped_rules
    from siren.core.errors import CheckpointError
    from siren.learning.conversations import read_conversations
    from siren.learning.safety import DENIED, read_denied, told
    from siren.learning.stock_tuning import TuningConfig, careless_samples
    from siren.learning.stock_tuning import tune as tune_stock

    web = list(read_conversations(conversations, images)) if conversations else []
    if shard and workers == 1:
        raise CheckpointError("expected several processes to share the weights out to, got --workers 1; ask for --workers 2 or more")
    denied = read_denied(deny) if deny else DENIED
    config = TuningConfig(
        steps, batch, rate, low_rank, bfloat16, checkpointing, compiled, web_share, seed, workers, shard, shipped_rules(), denied
    )
    with Bars(console=notice) as bars:
        bar = bars.add_task(f"rendering {scenes} scenes", total=steps)
        robot = [*careless_samples(np.random.default_rng([seed, 71]), scenes), *_recorded(robot_data)]

        def listen(step: int, loss: float) -> None:
            bars.update(bar, description=f"step {step}, loss {loss:.3f}", completed=step)

        if workers == 1:
            report = tune_stock(base, robot, web, out, config, listen)
        else:
            bars.update(bar, description=f"training in {workers} processes", total=None)
            report = _together(base, robot, web, out, config)
    summary = (
        f"{report.trained_weights:,} weights trained in {report.steps} steps on {len(robot)} plans and {len(web)} conversations;"
        f" loss {report.loss_before:.3f} to {report.loss_after:.3f}; {told(Counter(report.dropped))}; saved to {out}"
    )
    (notice if json else result).print(summary)
    emit({**report._asdict(), "path": str(report.path), "scenes": len(robot), "conversations": len(web)}, json)


def _recorded(folder: Path | None) -> "Iterator[RobotSample]":
    from siren.exchange.lerobot_reader import read_lerobot

    return read_lerobot(folder) if folder else iter(())


def _together(base: Path, robot: list["RobotSample"], web: list["Conversation"], out: Path, config: "TuningConfig") -> "TuningReport":
    from siren.loop.start import close_to_strangers

    close_to_strangers()
    from siren.loop.tuning import tune_together

    return tune_together(base, robot, web, out, config)
