"""The documentation is built without a warning, and what its pages tell people to type is what there is."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from siren.cli.app import app

ROOT = Path(__file__).parent.parent
PAGES = sorted(path for path in (ROOT / "docs").rglob("*.md"))
HOW_TO = sorted((ROOT / "docs" / "howto").glob("*.md"))
COMMAND = typer.main.get_command(app)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT / "docs"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site. What Material says of its own future on every build is not about this site."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(ROOT / "mkdocs.yml"), "--site-dir", str(folder)]
    surroundings = os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    built = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False, timeout=300)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


def pages_of(site: Path) -> Iterator[tuple[str, str]]:
    """The address and the text of every page but that of what is not found."""
    for path in sorted(site.rglob("index.html")):
        yield path.parent.relative_to(site).as_posix(), path.read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_page_is_reached_from_the_start_page(site: Path) -> None:
    start = (site / "index.html").read_text(encoding="utf-8")
    for address, _ in pages_of(site):
        assert address == "." or f'href="{address}/"' in start, address


@pytest.mark.slow
def test_no_page_asks_another_host_for_anything(site: Path) -> None:
    for address, text in pages_of(site):
        assert not re.findall(r"""<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)=["']?(?:https?:)?//""", text), address


@pytest.mark.slow
def test_every_command_every_predicate_and_every_option_has_its_line(site: Path) -> None:
    from siren.config import SessionConfig, shipped_rules
    from siren.symbolic.vocabulary import Vocabulary

    names = ("commands", "vocabulary", "configuration")
    commands, words, options = ((site / "reference" / name / "index.html").read_text(encoding="utf-8") for name in names)
    for command in app.registered_commands:
        assert f"siren {command.name}" in commands
    for predicate in Vocabulary.load(shipped_rules()).predicates.values():
        assert predicate.signature in words
    assert "About the plan" not in words  # a headline of the file is the meaning of no predicate
    for field in SessionConfig.model_fields:
        assert f"<code>{field}</code>" in options


@pytest.mark.slow
def test_values_and_protocols_are_told_from_their_docstrings(site: Path) -> None:
    python = (site / "reference" / "python" / "index.html").read_text(encoding="utf-8")
    assert "centre of its bounding box, metres, base frame" in python
    for protocol in ("World", "Proposer", "Perceiver", "Checker", "Repairer", "Planner"):
        assert f'id="siren.core.interfaces.{protocol}"' in python


def commands_in(page: Path) -> list[str]:
    """Every line of a box that is a command of siren, without the prompt, and without what explains it two blanks later."""
    boxes = re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    lines = [re.sub(r" {2,}.*", "", line.removeprefix("$ ")) for box in boxes for line in box.splitlines()]
    return [line for line in lines if re.match(r"siren [a-z]", line)]


def parse(command: str) -> None:
    """Read the words of a command as siren would, to the last option, and do nothing."""
    words = [word for word in shlex.split(command) if not re.match(r"\d?>", word)][1:]
    here, context = COMMAND, COMMAND.make_context("siren", [], resilient_parsing=True)
    while hasattr(here, "get_command") and not (here.invoke_without_command and (not words or words[0].startswith("-"))):
        name = words.pop(0)
        here = here.get_command(context, name)
        assert here is not None, name
        if hasattr(here, "get_command"):
            context = here.make_context(name, [], parent=context, resilient_parsing=True)
    here.make_context(here.name, words, parent=context)


@pytest.mark.parametrize("page", [page for page in PAGES if commands_in(page)], ids=name_of)
def test_every_command_of_a_page_can_be_typed(page: Path) -> None:
    for command in commands_in(page):
        parse(command)


def test_a_command_that_there_is_not_would_be_noticed() -> None:
    with pytest.raises(Exception, match="--worker"):
        parse("siren learn --worker 2")
    with pytest.raises(AssertionError, match="lern"):
        parse("siren lern")
    with pytest.raises(Exception, match="--suit"):
        parse("siren bench --suit quick")


@pytest.mark.slow
@pytest.mark.parametrize("page", HOW_TO, ids=name_of)
def test_the_python_of_a_how_to_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from siren.world import robots

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(robots, "ROBOTS", robots.ROBOTS)  # the page about robots adds one
    for code in re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        exec(compile(code, name_of(page), "exec"), {"SEEDS": 2, "__name__": "__main__"})
