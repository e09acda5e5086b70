"""`siren train --quick` renders, trains, saves and measures, in half a minute; what comes out loads like any checkpoint."""

import json
from pathlib import Path

import pytest
from calling import call_siren

from siren.learning.policy_eval import COLUMNS
from siren.policy.proposer import Proposer


@pytest.mark.slow
def test_the_whole_way_in_small(tmp_path: Path) -> None:
    out = tmp_path / "toy"
    said = call_siren("train", "--quick", "--out", str(out), "--cache", str(tmp_path / "scenes"), "--scenes", "3", "--json", home=None)
    assert said.code == 0, said.err
    answer = json.loads(said.out.splitlines()[-1])
    assert [column["count"] for column in answer["report"]["columns"]] == [3] * len(COLUMNS)
    assert Proposer.load(out).checkpoint == "toy"
