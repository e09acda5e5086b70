"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Where database, frames and reports live [default: SIREN_HOME, else .siren]", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line of standard output")]
Session = Annotated[str, typer.Option("--session", help="Name of a session [default: the newest]", show_default=False)]
