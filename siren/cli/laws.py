"""`siren laws`: every law of the world, broken and kept on mixed tables, as a table of how often each fails."""

from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Json
from siren.cli.output import emit, notice, result


def laws(
    trials: Annotated[int, typer.Option(min=1, max=10_000, help="Seeded trials of each law, as many broken as kept")] = 100,
    law: Annotated[list[str] | None, typer.Option(help="A law by name, more than once if you like [default: all]")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes")] = 1,
    markdown: Annotated[Path | None, typer.Option(help="Also write the table to this file", show_default=False)] = None,
    json: Json = False,
) -> None:
    """Lay mixed tables for each law of the world and count how often a plan fails that breaks it, and one that keeps it.

    Exit code 1 when a law misses its bounds: at least 85 % failures when broken, at most 5 % when kept.

    [bold]Examples[/bold]: siren laws --trials 12 --law crush --law width · siren laws --workers 2 --markdown docs/laws.md --json
    """
    from rich.progress import Progress
    from rich.table import Table

    from siren.world.laws.counting import count_all
    from siren.world.laws.every import LAWS, law_of
    from siren.world.laws.page import write_page

    chosen = tuple(dict.fromkeys(law_of(name).name for name in law or LAWS))
    with Progress(console=notice, transient=True) as progress:
        bar = progress.add_task("laws", total=len(chosen) * trials)
        counts = count_all(chosen, trials, workers, lambda done: progress.update(bar, completed=done))
    table = Table("law", "fails when broken", "fails when kept", "trials", "shows as", box=None, header_style="bold")
    for count in counts:
        shares = (f"{100 * share:.0f} %" for share in (count.violating_failure, count.complying_failure))
        table.add_row(count.law, *shares, str(count.trials), ", ".join(f"{name} {number}" for name, number in count.events.items()))
    missed = [count.law for count in counts if not count.holds]
    (notice if json else result).print(table, f"{len(counts) - len(missed)} of {len(counts)} laws hold", *missed)
    if markdown is not None:
        write_page(markdown, counts)
    emit({"laws": [count.model_dump(mode="json") for count in counts]}, json)
    raise typer.Exit(1 if missed else 0)
