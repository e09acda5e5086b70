"""A setup and a folder as a benchmark that is begun, or gone on with, to its result.

    setup = begun(folder, setup)            # or: gone_on(folder, setup)
    result = run(folder, setup, workers=2, heard=told)

The folder holds setup.json, episodes.jsonl, and when all is played result.json, report.html and report.md.
"""

import time
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from siren.core.errors import BenchError
from siren.eval.bench.arms import Arm
from siren.eval.bench.fingerprint import differences, fingerprint
from siren.eval.bench.result import Result
from siren.eval.bench.rows import Ledger, Row
from siren.eval.bench.runner import play
from siren.eval.bench.suites import suite
from siren.eval.bench.summary import Setup, summed_up

SETUP, ROWS, RESULT, PAGE, TEXT = "setup.json", "episodes.jsonl", "result.json", "report.html", "report.md"

Heard = Callable[[tuple[Row, ...], int], None]  # the rows of a trial, and how many trials are on file now


def begun(folder: Path, setup: Setup) -> Setup:
    """Begin in an empty folder. Raises BenchError where there is a benchmark already."""
    if (folder / SETUP).exists():
        raise BenchError(f"there is a benchmark in {folder} already; go on with it by --resume, or choose another --out")
    folder.mkdir(parents=True, exist_ok=True)
    _keep(folder, setup)
    return setup


def gone_on(folder: Path, setup: Setup) -> Setup:
    """The setup that is on file, and the arms of the new one that it lacks. BenchError when the same would not be played any more."""
    path = folder / SETUP
    try:
        old = Setup.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BenchError(f"there is no benchmark to go on with in {folder}; begin one without --resume") from error
    except ValidationError as error:
        raise BenchError(f"{path}: expected the setup of a benchmark, got something else; begin anew in another --out") from error
    for name in ("suite", "seed", "episodes"):
        if getattr(old, name) != getattr(setup, name):
            raise BenchError(f"{folder} was begun with {name} {getattr(old, name)}, now it is {getattr(setup, name)}; choose another --out")
    arms, command = _together(old, setup)
    now = fingerprint(arms)
    changed = differences(old.fingerprint, now)
    if changed:
        raise BenchError(f"{folder} was begun with something else ({'; '.join(changed)}); begin anew in another --out")
    left_out = tuple(reason for reason in old.left_out if reason in setup.left_out)
    sayings = setup.sayings | old.sayings
    merged = old.model_copy(update={"arms": arms, "command": command, "fingerprint": now, "left_out": left_out, "sayings": sayings})
    _keep(folder, merged)
    return merged


def _together(old: Setup, new: Setup) -> tuple[tuple[Arm, ...], str]:
    """The arms of both, and what has to be said for them: the new command alone where it names all that were played before."""
    known, asked = {arm.name for arm in old.arms}, {arm.name for arm in new.arms}
    if known <= asked:
        return new.arms, new.command
    added = tuple(arm for arm in new.arms if arm.name not in known)
    return (*old.arms, *added), f"{old.command}, then {new.command}" if added else old.command


def run(folder: Path, setup: Setup, workers: int, heard: Heard) -> Result:
    """Play what is not on file yet; `heard` is told of every trial that is."""
    began = time.monotonic()
    trials = suite(setup.suite, setup.seed, setup.episodes)
    with Ledger(folder / ROWS) as ledger:
        done = {row.key for row in ledger.rows()}
        whole = sum(all((arm.name, trial.group, trial.number) in done for arm in setup.arms) for trial in trials)
        for count, rows in enumerate(play(trials, setup.arms, done, workers), whole + 1):
            ledger.add(rows)
            heard(rows, count)
        return summed_up(setup, trials, ledger.rows(), time.monotonic() - began, workers)


def _keep(folder: Path, setup: Setup) -> None:
    aside = folder / f".{SETUP}.new"
    aside.write_text(setup.model_dump_json(indent=1) + "\n", encoding="utf-8")
    aside.replace(folder / SETUP)
