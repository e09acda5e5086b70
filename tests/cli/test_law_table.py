"""`siren laws` as a person, and a program, uses it."""

import json
from pathlib import Path

import pytest
from calling import call_siren


@pytest.mark.slow
def test_a_law_is_counted_as_a_table_a_page_and_one_json_object(tmp_path: Path) -> None:
    page = tmp_path / "laws.md"
    said = call_siren("laws", "--trials", "2", "--law", "out_of_reach", "--markdown", str(page), "--json", home=None)
    assert said.code == 0, said.err
    (row,) = json.loads(said.out.splitlines()[-1])["laws"]
    assert (row["law"], row["violating_failure"], row["complying_failure"], row["trials"]) == ("out_of_reach", 1.0, 0.0, 2)
    assert sum(row["events"].values()) == 2
    assert "1 of 1 laws hold" in said.err
    assert "`out_of_reach`" in page.read_text()


def test_an_unknown_law_is_said_in_one_sentence() -> None:
    said = call_siren("laws", "--law", "widht", home=None)
    assert said.code == 2
    assert "unknown law 'widht'; did you mean 'width'?" in said.err
