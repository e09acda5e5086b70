"""A small recorded session as a home, and the inspector over it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import Visitor, visit

from siren.web.sample import lay_out_sample
from siren.web.settings import WebSettings


@pytest.fixture(scope="session")
def laid_out(tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("recorded")
    lay_out_sample(home, Path(__file__).parents[1] / "recorded")
    return home


@pytest.fixture
def home(laid_out: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(laid_out, tmp_path / "home"))


@pytest.fixture
def visitor(home: Path) -> Iterator[Visitor]:
    yield from visit(WebSettings(home=home))
