"""A page whose boxes hold commands and what they answered, as the same page with what they answer now.

    python docs/site/rerun.py docs/tutorial.md --at /tmp/fresh-clone

A line that begins with `$ ` is run by bash in that folder, in the order of the page, and the lines after it, up to the next command or
the end of the box, become its standard output. Read the page again afterwards: its prose may speak of numbers.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FENCE, PROMPT = "```", "$ "
COLUMNS = 100  # of the terminal that commands are told they write to


def rerun(lines: list[str], at: Path) -> Iterator[str]:
    """Every line of the page; answers are made anew."""
    boxed, answered = False, False
    for line in lines:
        if line.startswith(FENCE):
            boxed, answered = not boxed, False
        if boxed and line.startswith(PROMPT):
            answered = True
            yield line
            yield from answer(line.removeprefix(PROMPT), at)
        elif not answered:
            yield line


def answer(command: str, at: Path) -> list[str]:
    """What the command writes to standard output, line by line. Its complaints go to the terminal."""
    sys.stderr.write(f"{PROMPT}{command}\n")
    surroundings = os.environ | {"COLUMNS": str(COLUMNS), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", command], cwd=at, env=surroundings, stdout=subprocess.PIPE, text=True, check=False)
    return [line.rstrip() for line in done.stdout.rstrip().splitlines()]


def main() -> None:
    """Write the page anew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    parser.add_argument("--at", type=Path, default=Path(), help="folder that the commands run in")
    options = parser.parse_args()
    lines = options.page.read_text(encoding="utf-8").splitlines()
    options.page.write_text("\n".join(rerun(lines, options.at)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
