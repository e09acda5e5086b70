"""`siren train`: the policy that ships, made anew from scratch."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from siren.cli.options import Json
from siren.cli.output import emit, notice, result


def train(
    out: Annotated[Path, typer.Option(help="Folder of the new checkpoint")] = Path("checkpoints/siren-tiny"),
    cache: Annotated[Path, typer.Option(help="Folder of rendered scenes, kept between runs")] = Path("build/scenes"),
    scale: Annotated[float, typer.Option(min=0.001, help="Steps of training, as a multiple of the full course")] = 1.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that render and train; the weights are those of that number")] = 2,
    model: Annotated[
        Literal["siren", "rt1", "flamingo", "clip"],
        typer.Option(
            help="siren: siren-tiny on both halves of data; rt1: the RT-1 baseline on robot data alone;"
            " flamingo: a frozen text model that looks by cross-attention; clip: frozen contrastive features with a linear policy"
        ),
    ] = "siren",
    web_share: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="A fixed share of web rows [default: 0.9, then 0.5, then 0.1]", show_default=False),
    ] = None,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    scenes: Annotated[int, typer.Option(min=1, help="Scenes a column of the final evaluation")] = 400,
    quick: Annotated[bool, typer.Option("--quick", help="Half a minute, to see that everything works; the result cannot act")] = False,
    json: Json = False,
) -> None:
    """Render scenes, train the vision-language-action model on two halves of data, and measure it.

    A training that was stopped goes on where it was when the same command is given again.

    [bold]Examples[/bold]: siren train --out build/policy · siren train --quick --out build/toy --scenes 20 ·
    siren train --model rt1 --out build/rt1
    """
    if model != "siren":
        _train_baseline(model, out, cache, scale, workers, seed, scenes, quick, json)
        return
    from rich.progress import Progress as Bars

    from siren.config import shipped_rules
    from siren.learning.course import PretrainConfig
    from siren.learning.policy_eval import evaluate_policy
    from siren.learning.pretrain import Progress, train_policy
    from siren.learning.trainer import Trainer
    from siren.policy.proposer import Proposer

    config = PretrainConfig.quick(cache, seed) if quick else PretrainConfig(cache, seed=seed, workers=workers).scaled(scale)
    config = replace(config, rules=shipped_rules())
    if web_share is not None:  # a control is trained to its end, whatever it finds on the way
        config = replace(config, shares=(web_share,), gate=0.0)
    with Bars(console=notice) as bars:
        bar = bars.add_task("rendering scenes", total=1.0)

        def listen(progress: Progress, trainer: Trainer) -> None:
            bars.update(bar, description=f"{progress.phase:<8} step {progress.step}", completed=progress.share)

        training = train_policy(config, out, listen)
    report = evaluate_policy(Proposer.load(out), scenes, seed + 1)
    (notice if json else result).print(report.table(), markup=False)
    emit({"checkpoint": str(out), "dropped": training.dropped, "report": report.model_dump(mode="json")}, json)


def _train_baseline(
    model: str, out: Path, cache: Path, scale: float, workers: int, seed: int, scenes: int, quick: bool, json: bool
) -> None:
    from rich.progress import Progress as Bars

    from siren import build
    from siren.config import shipped_rules
    from siren.learning.baselines import STEPS, BaselineReport, Listener
    from siren.learning.clip_training import train_clip
    from siren.learning.course import PretrainConfig
    from siren.learning.flamingo_training import train_flamingo
    from siren.learning.policy_eval import evaluate_policy
    from siren.learning.rt1_training import train_rt1

    course = PretrainConfig.quick(cache, seed) if quick else PretrainConfig(cache, seed=seed, workers=workers)
    config = replace(course, rules=shipped_rules())
    trains: dict[str, Callable[[PretrainConfig, int, Path, Listener], BaselineReport]] = {
        "rt1": partial(train_rt1, small=quick),
        "flamingo": train_flamingo,
        "clip": train_clip,
    }
    with Bars(console=notice) as bars:
        bar = bars.add_task("rendering scenes", total=1.0)

        def listen(share: float, steps: int, loss: float) -> None:
            bars.update(bar, description=f"step {steps}, loss {loss:.2f}", completed=share)

        training = trains[model](config, 60 if quick else max(1, round(STEPS * scale)), out, listen)
    report = evaluate_policy(build.proposer(out), scenes, seed + 1)
    (notice if json else result).print(report.table(), markup=False)
    told = {"steps": training.steps, "resumed": training.resumed, "loss_before": training.loss_before, "loss_after": training.loss_after}
    emit({"checkpoint": str(out), **told, "report": report.model_dump(mode="json")}, json)
