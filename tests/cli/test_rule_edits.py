"""`siren rules test`, `edit` and the short words: what is on record speaks first, a late edit is a conflict, and nothing is lost."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest
from calling import Siren, call_here

from siren.core.rule import Rule
from siren.memory.sample import read_sample
from siren.symbolic.rulebook import Rulebook, write_rule
from siren.web.sample import lay_out_sample, sample_folder


@pytest.fixture(scope="module")
def laid_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("sample")
    lay_out_sample(home)
    return home


@pytest.fixture
def home(laid_out: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(laid_out, tmp_path / "home"))


@pytest.fixture
def sample(home: Path) -> Siren:
    return partial(call_here, home=home)


@pytest.fixture
def rule(home: Path) -> Rule:
    """A learned rule that some run of the sample was refused by."""
    broken = {
        violation.rule
        for episode, _ in read_sample(sample_folder())
        for candidate in episode.decision.candidates
        if candidate.verdict
        for violation in candidate.verdict.violations
    }
    rules = Rulebook.load(rules_of(home)).rules
    return next(rules[name] for name in sorted(broken) if name in rules and not rules[name].hard and rules[name].in_force)


def rules_of(home: Path) -> Path:
    (found,) = (home / "sessions").glob("*/rules")
    return found


def wet_things_only(rule: Rule) -> Rule:
    return rule.model_copy(update={"text": rule.text.rstrip(". \n") + ", attribute(O, wet).", "sentence": rule.sentence + " (wet)"})


def test_a_rule_is_tested_on_what_is_on_record(sample: Siren, rule: Rule) -> None:
    code, out, err = sample("rules", "test", rule.id, "--json")
    assert code == 0, err
    found = json.loads(out.splitlines()[-1])
    assert found["runs"] == found["on_record"] == len(read_sample(sample_folder()))
    assert all(len(examples) <= 5 for examples in found["examples"].values())
    low, high = found["right_share"]
    assert 0 <= low <= high <= 1
    assert rule.id in err
    assert "rightly" in err


def test_a_draft_is_tested_before_it_is_anywhere(sample: Siren, rule: Rule, tmp_path: Path) -> None:
    draft = write_rule(tmp_path, wet_things_only(rule).model_copy(update={"id": "draft", "text": rule.text.replace(rule.id, "draft")}))
    code, out, err = sample("rules", "test", str(draft))
    assert code == 0, err
    assert f"draft and {rule.id} say the same" in out


def test_an_edit_shows_its_replay_and_is_on_file_and_in_the_history(sample: Siren, home: Path, rule: Rule, tmp_path: Path) -> None:
    edited = wet_things_only(rule)
    path = write_rule(tmp_path, edited)
    code, out, err = sample("rules", "edit", rule.id, "--file", str(path), "--yes")
    assert code == 0, err
    assert "as it stands" in out
    assert "as edited" in out
    standing = Rulebook.load(rules_of(home)).rules[rule.id]
    assert (standing.text, standing.sentence, standing.origin) == (edited.text, edited.sentence, "person")
    history = json.loads(sample("rules", "history", rule.id, "--json").out.splitlines()[-1])
    assert [one["author"] for one in history["versions"]] == ["miner", "person"]
    lines = json.loads(sample("rules", "diff", rule.id, "--json").out.splitlines()[-1])["lines"]
    assert any(line.startswith("+ ") and "wet" in line for line in lines)
    assert any(line.startswith("- ") for line in lines)


def test_the_editor_of_the_environment_is_opened(sample: Siren, home: Path, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "true")
    assert "nothing was changed" in sample("rules", "edit", rule.id).err
    monkeypatch.setenv("EDITOR", f"sed -i 's/violated({rule.id}, \\(.*\\)\\.$/violated({rule.id}, \\1, attribute(O, wet)./'")
    assert sample("rules", "edit", rule.id, "--yes").code == 0
    assert "attribute(O, wet)" in Rulebook.load(rules_of(home)).rules[rule.id].text
    monkeypatch.setenv("EDITOR", "no-such-editor")
    code, _, err = sample("rules", "edit", rule.id)
    assert code == 2
    assert "no-such-editor" in err


def test_an_edit_that_comes_too_late_is_a_conflict_and_both_wordings_are_kept(
    sample: Siren, home: Path, rule: Rule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the editor is open, somebody (here the editor itself) writes the file of the rule."""
    theirs = write_rule(tmp_path / "theirs", rule.model_copy(update={"sentence": "theirs", "support": 3}))
    mine = write_rule(tmp_path / "mine", wet_things_only(rule))
    target = rules_of(home) / "learned" / f"{rule.id}.lp"
    script = tmp_path / "editor.sh"
    script.write_text(f'#!/bin/sh\ncp "{mine}" "$1"\ncp "{theirs}" "{target}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))
    code, _, err = sample("rules", "edit", rule.id, "--yes")
    assert code == 2
    assert "changed since you opened it" in err
    assert Rulebook.load(rules_of(home)).rules[rule.id].sentence == "theirs"
    (kept,) = (rules_of(home) / "conflicts").iterdir()
    assert "attribute(O, wet)" in kept.read_text()


@pytest.mark.parametrize(
    "text", ['#include "/etc/hostname".', "violated(other, (O,), T) :- step(T, pick, O)."], ids=["include", "another id"]
)
def test_an_edit_that_may_not_be_loaded_changes_nothing(sample: Siren, home: Path, rule: Rule, tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.lp"
    path.write_text(f'%! id={rule.id} status=active\n%! "x"\n{text}\n')
    code, _, err = sample("rules", "edit", rule.id, "--file", str(path), "--yes")
    assert code == 2
    assert rule.id in err
    assert Rulebook.load(rules_of(home)).rules[rule.id] == rule


def test_a_person_says_how_a_rule_stands(sample: Siren, home: Path, rule: Rule) -> None:
    for word, status, pinned, banned in (
        ("pin", "active", "kim", ""),
        ("ban", "disabled", "", "kim"),
        ("unban", "disabled", "", ""),
        ("enable", "active", "", ""),
        ("retire", "retired", "", ""),
        ("restore", "active", "", ""),
    ):
        code, out, err = sample("rules", word, rule.id, "--as", "kim")
        assert code == 0, err
        found = Rulebook.load(rules_of(home)).rules[rule.id]
        assert (found.status, found.pinned, found.banned) == (status, pinned, banned), word
        assert status in out
    changes = json.loads(sample("rules", "history", rule.id, "--json").out.splitlines()[-1])["transitions"]
    assert [(one["after"], one["author"]) for one in changes if "kim" in one["reason"]][:2] == [("active", "kim"), ("disabled", "kim")]
    assert "cannot be asked to restore" in sample("rules", "restore", rule.id).err
    assert "core rule" in sample("rules", "ban", "c_hand_full").err
    assert "expected a name" in sample("rules", "pin", rule.id, "--as", "two words").err


def test_without_a_session_there_is_nothing_to_edit(here: Siren) -> None:
    code, _, err = here("rules", "pin", "r0001")
    assert code == 2
    assert "nothing on record" in err
