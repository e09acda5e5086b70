"""What people and programs get to read: messages on standard error, results on standard output, JSON as its last line."""

import json
import sys
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from siren.core.values import Value

# Standard output carries results only; everything that tells of progress goes to standard error.
result = Console(highlight=False, soft_wrap=True)
notice = Console(stderr=True, highlight=False)


def emit(value: Value | dict[str, Any], as_json: bool) -> None:
    """With --json: the value as one line, the last of standard output."""
    if as_json:
        data = value.model_dump(mode="json") if isinstance(value, Value) else value
        sys.stdout.write(json.dumps(data, ensure_ascii=False) + "\n")


def say(text: RenderableType, as_json: bool = False) -> None:
    """A line of the result for people; with --json it moves to standard error."""
    (notice if as_json else result).print(text, markup=False)


def complain(text: str) -> None:
    """One sentence on what went wrong."""
    notice.print(Text.assemble(("siren: ", "bold red"), text), soft_wrap=True)
