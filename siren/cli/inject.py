"""`siren inject`: failures of chosen kinds, each with its true cause and step, as a file that other programs read."""

from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Json
from siren.cli.output import emit, notice, result


def inject(
    kind: Annotated[list[str] | None, typer.Option(help="A kind of failure, more than once if you like [default: all]")] = None,
    count: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many failures")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first task")] = 0,
    robot: Annotated[str, typer.Option(help="panda or kuka")] = "panda",
    out: Annotated[Path, typer.Option(help="The file, one JSON object a line")] = Path("failures.jsonl"),
    json: Json = False,
) -> None:
    """Let the expert succeed, change one thing in its plan, and keep the episode when it fails in the way that was asked for.

    [bold]Kinds[/bold]: no_grasp, slip, translation, rotation, no_rotation, wrong_sequence, wrong_target (what was done wrong);
    missed_grasp, dropped, crushed, broken, hand_hit, collision, bump, unreachable, goal_missed (what came of it).

    [bold]Examples[/bold]: siren inject --count 200 · siren inject --kind slip --kind crushed --out slips.jsonl --json
    """
    import time
    from collections import Counter
    from collections.abc import Iterator
    from itertools import count as counting
    from itertools import islice

    from rich.progress import track
    from rich.table import Table

    from siren.world.failure_file import write_failures
    from siren.world.injection import KINDS, Failure, failures, require_kind
    from siren.world.tabletop import Tabletop

    kinds = tuple(dict.fromkeys(map(require_kind, kind))) if kind else KINDS
    made: Counter[tuple[str, str]] = Counter()
    begun = time.process_time()
    with Tabletop(robot) as world:

        def counted() -> Iterator[Failure]:
            for failure in track(islice(failures(world, kinds, counting(seed)), count), "injecting", count, console=notice):
                made[failure.kind, failure.cause] += 1
                yield failure

        written = write_failures(out, counted())
    minutes = (time.process_time() - begun) / 60
    table = Table("kind", "what was done wrong", "episodes", box=None, header_style="bold")
    for (name, cause), number in sorted(made.items()):
        table.add_row(name, cause, str(number))
    (notice if json else result).print(table, f"{written} failures in {out}, {written / minutes:.0f} a minute of processor time")
    rows = [{"kind": name, "cause": cause, "episodes": number} for (name, cause), number in sorted(made.items())]
    emit({"file": str(out), "failures": written, "per_cpu_minute": round(written / minutes, 1), "kinds": rows, "robot": robot}, json)
