"""The command line as a person uses it: words in, exit code, standard output and standard error out."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


Siren = Callable[..., Said]


def call_siren(*words: str, home: Path | None) -> Said:
    """Run `siren WORDS --home HOME` in a process of its own."""
    where = ["--home", str(home)] if home is not None else []
    command = [sys.executable, "-c", "from siren.cli.app import main; main()", *words, *where]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=280)
    return Said(done.returncode, done.stdout, done.stderr)
