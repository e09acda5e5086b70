"""`siren diagnose`: a failed episode on record, carried out again until it is known what mattered."""

import json
from pathlib import Path

import pytest
from calling import Said, call_siren

from siren.memory.store import Store
from siren.web.sample import lay_out_sample


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    lay_out_sample(folder)
    return folder


def number_of(home: Path, kind: str) -> int:
    """The first practised episode of the sample that failed in that way."""
    store = Store.open(home)
    session = store.sessions()[0].name
    found = (one for one in store.episodes(session, limit=500) if one.use == "collect" and one.outcome.events)
    return next(one.id or 0 for one in found if one.outcome.events[0].kind == kind)


def diagnose(home: Path, *words: str) -> Said:
    return call_siren("diagnose", *words, home=home)


@pytest.mark.slow
def test_a_crushed_thing_was_gripped_too_firmly(home: Path) -> None:
    said = diagnose(home, str(number_of(home, "crushed")), "--json")
    assert said.code == 0, said.err
    assert "was crushed at step" in said.err
    found = json.loads(said.out.splitlines()[-1])
    assert found["confirmed"]
    assert "force" in found["fields"]
    assert any(edit["field"] == "force" and edit["after"] == "gentle" for trial in found["mended"] for edit in trial["edits"])


def test_what_cannot_be_diagnosed_is_said_in_one_sentence(home: Path) -> None:
    store = Store.open(home)
    good = next(one.id for one in store.episodes(store.sessions()[0].name, limit=500) if one.outcome.success)
    assert f"nothing went wrong in episode {good}" in diagnose(home, str(good)).err
    unknown = diagnose(home, "9999")
    assert (unknown.code, "no episode 9999" in unknown.err) == (2, True)
    assert diagnose(home, "--budget", "0").code == 2
