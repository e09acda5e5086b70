"""`siren`: words on a command line become calls, errors become one sentence and an exit code.

Exit codes: 0 done, 1 a check found something wrong, 2 bad input, 130 stopped with Ctrl-C.
"""

import sys

import typer

from siren.cli import explain, learn, mine, rules, run, train
from siren.cli.doctor import doctor
from siren.cli.output import complain
from siren.core.errors import SirenError

app = typer.Typer(
    help="A robot agent that learns from its failures and can say why it did what it did.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="rich",
)
app.command("learn")(learn.learn)
app.command("run")(run.run)
app.command("explain")(explain.explain)
app.command("train")(train.train)
app.command("mine")(mine.mine)
app.command("doctor")(doctor)
app.add_typer(rules.app, name="rules")


def main(arguments: list[str] | None = None) -> None:
    """The console script. `arguments` defaults to those of the process."""
    try:
        app(args=arguments, prog_name="siren")
    except SirenError as error:
        complain(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        complain("stopped")
        sys.exit(130)
