"""Rules as files while people and the miner both write: an edit that came while the miner was at work stays."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from siren import build, config
from siren.config import SessionConfig, shipped_rules
from siren.core.errors import CheckpointError
from siren.core.rule import Rule
from siren.loop.start import new_session
from siren.memory.store import Store
from siren.symbolic.rulebook import write_rule
from siren.testing.parts import ScriptedProposer


def rule(number: int, force: str, **record: object) -> Rule:
    return Rule.model_validate(
        {
            "id": f"r{number:04}",
            "text": f"violated(r{number:04}, (O,), T) :- step(T, pick, O), force(T, {force}).",
            "sentence": "{O} breaks",
            "status": "active",
            "origin": "mined",
            "kind": "crushed",
            "created": date(2026, 11, 22),
            **record,
        }
    )


def test_an_edit_made_while_the_miner_worked_stays(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    shutil.copytree(shipped_rules(), folder)
    build.write_rules(folder, (rule(1, "firm"), rule(2, "firm")), ())
    known = build.learned_rules(folder)

    edited = rule(1, "gentle", origin="person")
    write_rule(folder, edited)
    mined = (rule(1, "firm", support=9), rule(2, "firm", support=7), rule(3, "gentle"))
    standing = build.write_rules(folder, mined, known)

    assert {each.id: (each.text, each.support) for each in standing} == {
        "r0001": (edited.text, 0), "r0002": (mined[1].text, 7), "r0003": (mined[2].text, 0),
    }  # fmt: skip
    assert {each.id: each.text for each in build.learned_rules(folder)} == {each.id: each.text for each in standing}


def test_a_model_without_features_of_its_own_finds_no_similar_episodes() -> None:
    with pytest.raises(CheckpointError, match="scripted: .*use --context l2"):
        build.embedding(ScriptedProposer([]))


def test_a_session_looks_with_the_eyes_of_its_policy_or_without_any_asks_the_simulator(tmp_path: Path) -> None:
    blind, store = tmp_path / "blind", Store.open(tmp_path)
    blind.mkdir()
    (blind / "config.json").write_text('{"model_type": "siren_rt1"}')
    asked = SessionConfig(name="a", train=False, checkpoint=str(blind))

    assert new_session(SessionConfig(name="b"), tmp_path, store).perception == "policy"
    assert new_session(SessionConfig(name="c", perception="simulator"), tmp_path, store).perception == "simulator"
    assert new_session(asked, tmp_path, store).perception == "simulator"
    with pytest.raises(CheckpointError, match="--perception simulator"):
        new_session(SessionConfig(name="d", train=False, checkpoint=str(blind), perception="policy"), tmp_path, store)


def test_control_arms_ship_where_their_weights_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "PROJECT", tmp_path)
    assert config.shipped_controls() == {}
    folder = tmp_path / "checkpoints" / "siren-rt1"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    assert config.shipped_controls() == {"rt1": folder}


def test_a_session_from_before_steps_were_counted_goes_on() -> None:
    older = SessionConfig().model_dump() | {"train_seconds": 75.0}
    assert SessionConfig.model_validate(older) == SessionConfig()
    with pytest.raises(ValidationError):
        SessionConfig.model_validate({"train_second": 75.0})
