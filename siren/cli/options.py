"""The options that several commands share."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Where database, frames and reports live [default: SIREN_HOME, else .siren]", show_default=False),
]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        help="URL of a PostgreSQL database for the record [default: SIREN_DATABASE, else a file in the home]",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line of standard output")]
Language = Annotated[Literal["en", "ko"], typer.Option(help="Language of what is told")]
Perceived = Annotated[
    Literal["simulator", "policy"] | None,
    typer.Option(
        "--perception",
        help="Where scene facts come from: the policy's own eyes, or the simulator [default: policy, where it has eyes]",
        show_default=False,
    ),
]
Session = Annotated[str, typer.Option("--session", help="Name of a session [default: the newest]", show_default=False)]
MetricsPort = Annotated[
    int | None, typer.Option(min=0, max=65535, help="Serve figures for Prometheus on this port of loopback", show_default=False)
]
