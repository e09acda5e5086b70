"""The command line as a person uses it: words in, exit code, standard output and standard error out."""

import contextlib
import io
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


def call_here(*words: str, home: Path | None) -> Said:
    """The same in this process: ten times faster, for commands that load nothing heavy."""
    from siren.cli.app import main

    where = ["--home", str(home)] if home is not None else []
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([*words, *where])
        except SystemExit as left:
            code = int(left.code or 0)
    return Said(code, out.getvalue(), err.getvalue())
