"""`siren doctor` tries the real parts."""

import json

import pytest
from calling import Siren


@pytest.mark.slow
def test_everything_works_here(siren: Siren) -> None:
    said = siren("doctor", "--json")
    answer = json.loads(said.out.splitlines()[-1])
    assert answer["healthy"], answer
    assert said.code == 0
    assert set(answer["checks"]) == {"python", "packages", "rules", "clingo", "world", "policy", "database"}
