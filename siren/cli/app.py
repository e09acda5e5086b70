"""`siren`: words on a command line become calls, errors become one sentence and an exit code.

Exit codes: 0 done, 1 a check found something wrong, 2 bad input, 130 stopped with Ctrl-C, 143 stopped by SIGTERM.
"""

import errno
import sys

import typer

from siren.cli import (
    ask,
    bench,
    compare,
    db,
    diagnose,
    distil,
    explain,
    export,
    import_set,
    inject,
    laws,
    learn,
    mine,
    objects,
    rule_edits,
    rule_history,
    rule_trial,
    rules,
    run,
    serve,
    train,
    tune,
    watch,
)
from siren.cli.doctor import doctor
from siren.cli.output import complain
from siren.core.errors import SirenError

# What a disk says that takes no more; what is on record stays, so that no traceback is needed.
STORAGE = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO)

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
app.command("diagnose")(diagnose.diagnose)
app.command("export")(export.export)
app.command("import")(import_set.import_set)
app.command("ask")(ask.ask)
app.command("serve")(serve.serve)
app.command("train")(train.train)
app.command("tune")(tune.tune)
app.command("distil")(distil.distil)
app.command("inject")(inject.inject)
app.command("laws")(laws.laws)
app.command("mine")(mine.mine)
app.command("objects")(objects.objects)
app.command("doctor")(doctor)
rules.app.command("test")(rule_trial.try_out)
rules.app.command("edit")(rule_edits.edit)
rules.app.command("history")(rule_history.history)
rules.app.command("diff")(rule_history.diff)
rules.app.command("without")(rule_trial.without)
for wish, told in rule_edits.STANDINGS.items():
    rules.app.command(wish)(rule_edits.standing(wish, told))
app.add_typer(rules.app, name="rules")
app.add_typer(bench.app, name="bench")
app.add_typer(compare.app, name="compare")
app.add_typer(watch.app, name="sessions")
app.add_typer(db.app, name="db")


def main(arguments: list[str] | None = None) -> None:
    """The console script. `arguments` defaults to those of the process."""
    try:
        app(args=arguments, prog_name="siren")
    except SirenError as error:
        complain(str(error))
        sys.exit(2)
    except OSError as error:
        if error.errno not in STORAGE:
            raise
        complain(
            f"{error.filename or 'a file'} cannot be written: {error.strerror}; make room or make it writable, then go on with --resume"
        )
        sys.exit(2)
    except KeyboardInterrupt:
        complain("stopped")
        sys.exit(130)
