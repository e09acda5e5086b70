"""`siren` in a fresh home for every test."""

from functools import partial
from pathlib import Path

import pytest
from calling import Siren, call_siren


@pytest.fixture
def siren(tmp_path: Path) -> Siren:
    """Run `siren WORDS --home <a fresh folder>`."""
    return partial(call_siren, home=tmp_path)
