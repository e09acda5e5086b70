"""What the README says is there, is there."""

import re
from pathlib import Path

from siren.cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tree_is_what_is_there() -> None:
    """Every folder of the tree exists, and every package of siren stands in it."""
    tree = re.search(r"```\n(siren/\n.*?)```", README, re.DOTALL)
    assert tree
    named = {line.split()[0] for line in tree[1].splitlines() if line.strip()}
    packages = {f"{path.name}/" for path in (ROOT / "siren").iterdir() if (path / "__init__.py").exists()}
    assert packages <= named
    for name in named - packages:
        assert (ROOT / name).exists() or (ROOT / "siren" / name).exists(), name


def test_every_command_it_names_exists() -> None:
    commands = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    named = set(re.findall(r"^(?:\$ )?siren ([a-z]+)", README, re.MULTILINE))
    assert named
    assert named <= commands


def test_every_make_target_it_names_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`?make ([a-z]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target


def test_nothing_is_swallowed_by_layout() -> None:
    """A README is read on a screen of 140 columns at most."""
    assert max(map(len, README.splitlines())) <= 140
