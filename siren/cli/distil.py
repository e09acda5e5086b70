"""`siren distil TEACHER`: what a larger checkpoint knows, in one of siren-tiny's size."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Json
from siren.cli.output import emit, notice, result


def distil(
    teacher: Annotated[Path, typer.Argument(help="Folder of the larger checkpoint, as siren train makes them")],
    out: Annotated[Path, typer.Option(help="Folder of the new checkpoint")],
    student: Annotated[
        Path | None, typer.Option(help="Folder of weights to begin with [default: untrained ones of siren-tiny's size]", show_default=False)
    ] = None,
    cache: Annotated[Path, typer.Option(help="Folder of rendered scenes, kept between runs")] = Path("build/scenes"),
    scale: Annotated[float, typer.Option(min=0.001, help="Steps of training, as a multiple of the full course")] = 1.0,
    workers: Annotated[int, typer.Option(min=1, help="Processes that render and train; the weights are those of that number")] = 2,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    scenes: Annotated[int, typer.Option(min=1, help="Scenes a column of the final evaluation")] = 400,
    quick: Annotated[bool, typer.Option("--quick", help="A few seconds on few scenes, to see that everything works")] = False,
    json: Json = False,
) -> None:
    """Train a student on the teacher's probabilities of every word, and measure both.

    A training that was stopped goes on where it was when the same command is given again.

    [bold]Examples[/bold]: siren distil build/large --out build/taught ·
    siren distil build/large --student checkpoints/siren-tiny --out build/taught
    """
    from rich.progress import Progress as Bars

    from siren.config import shipped_rules
    from siren.learning.baselines import STEPS
    from siren.learning.course import PretrainConfig
    from siren.learning.distillation import distil as teach
    from siren.learning.policy_eval import evaluate_policy
    from siren.policy.proposer import Proposer

    course = PretrainConfig.quick(cache, seed) if quick else PretrainConfig(cache, seed=seed, workers=workers)
    config = replace(course, rules=shipped_rules())
    with Bars(console=notice) as bars:
        bar = bars.add_task("rendering scenes", total=1.0)

        def listen(share: float, steps: int, loss: float) -> None:
            bars.update(bar, description=f"step {steps}, {loss:.2f} nats from the teacher", completed=share)

        training = teach(teacher, config, 40 if quick else max(1, round(STEPS * scale)), out, student, listen)
    reports = {name: evaluate_policy(Proposer.load(folder), scenes, seed + 1) for name, folder in (("teacher", teacher), ("student", out))}
    for report in reports.values():
        (notice if json else result).print(f"{report.checkpoint}\n{report.table()}", markup=False)
    told = {
        "steps": training.steps,
        "resumed": training.resumed,
        "divergence_before": training.loss_before,
        "divergence_after": training.loss_after,
    }
    emit({"checkpoint": str(out), **told, **{name: report.model_dump(mode="json") for name, report in reports.items()}}, json)
