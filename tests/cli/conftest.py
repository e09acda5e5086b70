"""`siren` in a fresh home for every test."""

from functools import partial
from pathlib import Path

import pytest
from calling import Siren, call_here, call_siren


@pytest.fixture
def siren(tmp_path: Path) -> Siren:
    """Run `siren WORDS --home <a fresh folder>`."""
    return partial(call_siren, home=tmp_path)


@pytest.fixture
def here(tmp_path: Path) -> Siren:
    """The same without a process of its own."""
    return partial(call_here, home=tmp_path)
