"""The command line as one page: usage, words and options of every command, as its own --help tells them."""

import re
from typing import Any

import typer

from siren.cli.app import app

OPTION = re.compile(r"(?<![\w`-])(--[a-z-]+)")
INTRODUCTION = """# Commands

Written from the commands' own `--help` while this site is built.

Results go to standard output, everything that tells of progress to standard error. Exit codes: 0 done, 1 a check found something wrong
(or a task failed), 2 bad input, 130 stopped with Ctrl-C, 143 stopped by SIGTERM.
"""


def command_page() -> str:
    """All commands, in the order of `siren --help`."""
    whole = typer.main.get_command(app)
    root = whole.make_context("siren", [], resilient_parsing=True)
    return "\n".join([INTRODUCTION, *(_told(whole.get_command(root, name), name, root, 2) for name in whole.list_commands(root))])


def _told(command: Any, name: str, parent: Any, depth: int) -> str:
    context = command.make_context(name, [], parent=parent, resilient_parsing=True)
    title = f"{'#' * depth} {context.command_path}\n"
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    told = [title, _help(command.help), f"```\n{usage}\n```\n", _table(command, context)]
    if not hasattr(command, "list_commands"):
        return "\n".join(told)
    below = [_told(command.get_command(context, each), each, context, depth + 1) for each in command.list_commands(context)]
    return "\n".join([*(told if command.invoke_without_command else told[:2]), *below])


def _help(text: str) -> str:
    """Rich's marks as Markdown; examples, which stand between middle dots, as lines of a box."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        before, mark, examples = re.split(r"(\[bold\]Examples?\[/bold\]: )|$", paragraph, maxsplit=1)[:3]
        paragraphs += [OPTION.sub(r"`\1`", before.strip())] if before.strip() else []
        if mark:
            lines = (" ".join(example.split()) for example in examples.split("·"))
            paragraphs.append("```\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(paragraphs) + "\n"


def _table(command: Any, context: Any) -> str:
    """Words and options with what they mean. `--help` itself, which all have, is left out."""
    rows = [param.get_help_record(context) for param in command.get_params(context) if param.name != "help"]
    lines = [f"| `{name.replace('|', chr(92) + '|')}` | {_cell(meaning)} |" for name, meaning in filter(None, rows)]
    return "\n".join(["| word or option | meaning |", "|---|---|", *lines, ""]) if lines else ""


def _cell(text: str) -> str:
    return OPTION.sub(r"`\1`", " ".join(text.split())).replace("|", "\\|").replace("[", "\\[")
