"""`siren inject` as a person, and a program, uses it."""

import json
from pathlib import Path

import pytest
from calling import call_siren

from siren.world.failure_file import read_failures


@pytest.mark.slow
def test_failures_come_as_a_file_and_as_one_json_object(tmp_path: Path) -> None:
    out = tmp_path / "f.jsonl"
    said = call_siren("inject", "--kind", "no_grasp", "--count", "2", "--seed", "1000", "--out", str(out), "--json", home=None)
    assert said.code == 0, said.err
    answer = json.loads(said.out.splitlines()[-1])
    assert answer["failures"] == 2
    assert answer["kinds"] == [{"kind": "no_grasp", "cause": "no_grasp", "episodes": 2}]
    assert [failure.outcome.events[0].kind for failure in read_failures(out)] == ["missed_grasp"] * 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--kind", "rotatoin"), "unknown kind of failure 'rotatoin'; did you mean 'rotation'?"),
        (("--robot", "ur5"), "expected a robot of panda, kuka, got 'ur5'"),
    ],
)
def test_what_cannot_be_made_is_said_in_one_sentence_and_leaves_no_file(tmp_path: Path, words: tuple[str, str], message: str) -> None:
    out = tmp_path / "f.jsonl"
    said = call_siren("inject", *words, "--out", str(out), home=None)
    assert said.code == 2
    assert message in said.err
    assert not out.exists()
