"""Every command line of the README is carried out: as it stands where that takes seconds, and in a small form where it takes minutes.

The home is a copy of the recorded sample. Places to fill in (EPISODE, FOLDER, ...) and the small forms are named in `SAID`; a line of
the README that is not named there fails. Small forms: `make` shows what it would do; `siren train` reads its
words and stops (its quick form runs in tests/cli/test_train.py); `siren learn` is one round of two tasks; `siren laws` counts one
trial of one law; `siren tune` takes one step with a random checkpoint of a few thousand weights.
"""

import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LEARN = "--rounds 1 --episodes 2 --held-out 2 --audit 0 --no-train"

# What the README says, without what stands after two blanks: the words that are run instead, one list each.
SAID: dict[str, tuple[str, ...]] = {
    "make run": ("make --dry-run run",),
    "make test": ("make --dry-run test",),
    "make docs": ("make --dry-run docs",),
    "siren explain 1338": ("siren explain {failed}",),
    "siren learn [NAME] [--workers 2] [--resume]": (f"siren learn readme {LEARN}", "siren learn readme --workers 2 --resume"),
    'siren run "put the egg in the box"': ('siren run "put the egg in the box"',),
    "siren explain EPISODE [--step 1 --why]": (
        "siren explain {failed}",
        "siren explain {failed} --step 1 --why",
        'siren explain {failed} --why-not "pick egg from top | move to 0.4 0.1 0.03 rotate 0 180 0 speed slow force gentle close gripper"',
        'siren explain {failed} --what-if "force(1,gentle)"',
    ),
    "siren diagnose EPISODE": ("siren diagnose {failed} --budget 20",),
    'siren ask "why not gently?" --episode 12': ('siren ask "why not gently?" --episode 12',),
    "siren serve [--sample]": ("siren serve --sample", "siren serve"),
    "siren rules list": ("siren rules list", "siren rules show r0001", f"siren rules check {ROOT}/docs/howto/slow_drinks.lp"),
    "siren train --out build/policy": ("siren train --out build/policy --help",),
    "siren bench [--suite quick]": ("siren bench --suite seen --episodes 2 --arms vla,expert --workers 0",),
    "siren tune FOLDER --out build/tuned": ("siren tune {stock} --out build/tuned --scenes 2 --steps 1 --batch 1",),
    "siren export FOLDER [--format lerobot]": ("siren export tables", "siren export set --format lerobot"),
    "siren mine --problem DIR": ("siren mine --problem {problem}", f"siren mine --episodes {ROOT}/episodes/sample"),
    "siren objects": ("siren objects",),
    "siren laws --trials 12": ("siren laws --trials 1 --law crush",),
    "siren doctor": ("siren doctor",),
}
# `siren run` says with 1 that the task failed: that the robot may fail is no fault of the command.
MAY_FAIL = {"siren run"}


class Place(NamedTuple):
    """A folder with a home in it, and what the places to fill in stand for."""

    folder: Path
    names: dict[str, str]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    from siren.memory.store import Store
    from siren.web.sample import lay_out_sample

    folder = tmp_path_factory.mktemp("readme")
    lay_out_sample(folder / "home")
    store = Store.open(folder / "home")
    practised = (one for one in store.episodes(store.sessions()[0].name) if one.use == "collect" and one.outcome.events)
    failed = next(one.id for one in practised if one.outcome.events[0].kind == "crushed")
    store.close()
    problem = folder / "problem"
    problem.mkdir()
    (problem / "bk.pl").write_text("".join(f"next(a{n},b{n}).\nnext(b{n},c{n}).\n" for n in range(8)))
    (problem / "exs.pl").write_text("".join(f"pos(far(a{n},c{n})).\nneg(far(a{n},b{n})).\n" for n in range(8)))
    (problem / "bias.pl").write_text("head_pred(far,2).\nbody_pred(next,2).\n")
    return Place(folder, {"failed": str(failed), "problem": str(problem), "stock": str(folder / "stock")})


def lines_of_the_readme() -> list[str]:
    """Every line of a box that is a command, without the prompt."""
    boxes = re.findall(r"^```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    lines = (re.split(r" {2,}| # ", line.removeprefix("$ "))[0].strip() for box in boxes for line in box.splitlines())
    return [line for line in lines if re.match(r"(siren|make) [a-z]", line)]


def surroundings(place: Place, command: str) -> dict[str, str]:
    """A session gets a home of its own, so that the sample's stays the newest where questions are asked."""
    home = place.folder / ("learning" if command.startswith("siren learn") else "home")
    return os.environ | {"SIREN_HOME": str(home), "PYTHONPATH": str(ROOT), "SIREN_DATABASE": ""}


def words_of(command: str, place: Place) -> list[str]:
    program, *words = shlex.split(command.format(**place.names))
    if program == "make":
        return ["make", "-C", str(ROOT), *words]
    return [sys.executable, "-c", "from siren.cli.app import main; main()", *words]


def test_every_line_of_the_readme_is_carried_out_somewhere_here() -> None:
    said = lines_of_the_readme()
    assert len(said) > 10
    assert sorted(set(said)) == sorted(SAID)


COMMANDS = list(dict.fromkeys(command for commands in SAID.values() for command in commands))


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if "serve" not in command])
def test_it_does_what_the_readme_says(place: Place, command: str) -> None:
    if "{stock}" in command:
        from tests.stock_checkpoints import save

        save("llava", Path(place.names["stock"]))
    words, known = words_of(command, place), surroundings(place, command)
    done = subprocess.run(words, cwd=place.folder, env=known, capture_output=True, text=True, check=False, timeout=500)
    allowed = {0, 1} if any(command.startswith(start) for start in MAY_FAIL) else {0}
    assert done.returncode in allowed, done.stderr
    assert done.stdout.strip()
    assert "Traceback" not in done.stderr


def test_make_run_is_what_the_readme_says_it_is() -> None:
    (same,) = re.findall(r"`make run` is `(siren [^`]*)`", README)
    shown = subprocess.run(["make", "-C", str(ROOT), "--dry-run", "run"], capture_output=True, text=True, check=True)
    assert same in shown.stdout


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if "serve" in command])
def test_it_serves_until_ctrl_c(place: Place, command: str) -> None:
    words, known = [*words_of(command, place), "--port", "0"], surroundings(place, command)
    server = subprocess.Popen(words, cwd=place.folder, env=known, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        with urllib.request.urlopen(f"{server.stdout.readline().strip()}sessions", timeout=60) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=60)
    finally:
        server.kill()
        server.communicate()
    assert "Traceback" not in err
