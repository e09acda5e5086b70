"""One undisturbed day, for all who ask whether a disturbed one came to the same."""

from collections import Counter

import pytest
from days import begin, keys


@pytest.fixture(scope="session")
def undisturbed_day(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[object, ...]]:
    home = tmp_path_factory.mktemp("undisturbed-day")
    running = begin(home)
    _, err = running.communicate(timeout=250)
    assert running.returncode == 0, err
    return keys(home)
