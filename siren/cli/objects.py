"""`siren objects`: what things there are, as a table and as a picture of all of them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from siren.cli.options import Json
from siren.cli.output import emit, notice, result, say
from siren.core.errors import InstructionError

if TYPE_CHECKING:
    from siren.world.kinds import Kind


def objects(
    held_out: Annotated[bool, typer.Option("--held-out", help="Only kinds that robot data never shows")] = False,
    category: Annotated[str, typer.Option(help="Only kinds of that category [default: all]", show_default=False)] = "",
    variants: Annotated[bool, typer.Option("--variants", help="Draw the variants of each kind too")] = False,
    out: Annotated[Path | None, typer.Option(help="Draw them into this PNG file", show_default=False)] = None,
    json: Json = False,
) -> None:
    """List the things that a hand can take: size, weight, what can go wrong, what they are good for.

    H marks kinds held out of robot data. The picture shows each from the side and, below, as the robot's camera sees it.

    [bold]Examples[/bold]: siren objects --out objects.png · siren objects --category fruit · siren objects --held-out --json
    """
    from siren.world.catalogue import things

    kinds = [kind for kind in things(held_out=True if held_out else None) if category in ("", kind.category)]
    if not kinds:
        known = ", ".join(dict.fromkeys(kind.category for kind in things()))
        raise InstructionError(f"expected a category of things, got '{category}'; categories are {known}")
    (notice if json else result).print(_table(kinds))
    if out is not None:
        _draw(kinds, variants, out)
        say(f"drawn in {out}", json)
    emit({"objects": [_row(kind) for kind in kinds], "picture": str(out) if out is not None else None}, json)


def _draw(kinds: "list[Kind]", variants: bool, out: Path) -> None:
    from siren.world.contact_sheet import contact_sheet

    if out.suffix.lower() != ".png":
        raise InstructionError(f"expected a file that ends in .png, got '{out}'; name it so")
    with notice.status("drawing"):
        sheet = contact_sheet(kinds, variants=variants)
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(out)


def _table(kinds: "list[Kind]") -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", title=f"{len(kinds)} kinds of things", title_justify="left")
    for column in ("name", "mm", "g"):
        table.add_column(column, no_wrap=True, justify="right" if column == "g" else "left")
    table.add_column("special", overflow="fold")
    table.add_column("something that ..., something for ...", overflow="fold")
    category = ""
    for kind in kinds:
        if kind.category != category:
            category = kind.category
            table.add_row(f"[bold]{category}[/bold]")
        row = _row(kind)
        name = f"  {kind.name} [dim]H[/dim]" if kind.held_out else f"  {kind.name}"
        good_for = "; ".join((*kind.uses, *kind.occasions))
        table.add_row(name, "x".join(map(str, row["size_mm"])), str(row["grams"]), ", ".join(row["special"]), good_for)
    return table


def _row(kind: "Kind") -> dict[str, Any]:
    special = {
        "fragile": kind.fragile is not None,
        "heavy": kind.heavy,
        "slippery": kind.slippery,
        "can be wet": kind.wettable,
        "rolls": kind.rolls,
        "narrow top": kind.narrow_top,
        "carries": kind.carries,
    }
    return {
        "name": kind.name,
        "category": kind.category,
        "colour": kind.colour,
        "held_out": kind.held_out,
        "size_mm": [round(1000 * side) for side in kind.size],
        "grams": round(1000 * kind.mass),
        "special": [word for word, holds in special.items() if holds],
        "variants": [variant.name for variant in kind.variants],
        "uses": list(kind.uses),
        "occasions": list(kind.occasions),
    }
