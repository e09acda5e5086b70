"""`siren run` and `siren explain`: one decision from the shipped policy, on record, and what bad input gets."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from calling import Siren

from siren.config import shipped_checkpoint

PLAN = "pick egg from top | move to {place} 0.100 0.031 rotate 0 180 0 speed slow force gentle close gripper"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run")


@pytest.mark.slow
def test_a_decision_is_made_recorded_and_explained(siren: Siren, home: Path) -> None:
    ran = siren("run", "pick up the egg", "--json", home=home)
    answer = json.loads(ran.out.splitlines()[-1])
    assert ran.code == (0 if answer["success"] else 1), ran.err
    assert answer["plan"].startswith(("pick ", "open "))
    assert answer["perception"] == "policy"
    told = siren("explain", str(answer["episode"]), "--json", home=home)
    explanation = json.loads(told.out.splitlines()[-1])
    assert explanation["perception"] == "policy"
    assert any(thing.startswith("egg (") for thing in explanation["seen"])
    assert explanation["instruction"] == "pick up the egg"
    assert explanation["plan"] == answer["plan"]
    assert explanation["verified"] == explanation["proofs"]


@pytest.mark.slow
def test_the_simulator_can_say_what_stands_where_instead_of_the_policy(siren: Siren, home: Path) -> None:
    ran = siren("run", "pick up the egg", "--seed", "1", "--perception", "simulator", "--json", home=home)
    assert json.loads(ran.out.splitlines()[-1])["perception"] == "simulator"
    assert siren("run", "pick up the egg", "--perception", "oracle", home=home).code == 2


@pytest.mark.slow
def test_with_context_a_failure_is_followed_by_a_second_attempt_that_says_what_it_recalled(siren: Siren, home: Path) -> None:
    siren("run", "pick up the soap", "--seed", "50", home=home)  # a past
    for seed in range(12):
        ran = siren("run", "pick up the soap", "--seed", str(seed), "--no-check", "--context", "l3", "--json", home=home)
        assert ran.code in (0, 1), ran.err
        if "a second attempt" in ran.err:
            break
    else:
        raise AssertionError("twelve careless tries at the soap all worked")
    second = json.loads(ran.out.splitlines()[-1])["episode"]
    told = siren("explain", str(second), "--json", home=home)
    recalled = json.loads(told.out.splitlines()[-1])["recalled"]
    assert (recalled["level"], recalled["trigger"]) == ("l3", "failed")
    assert set(recalled["milliseconds"]) == {"l1", "l2", "l3"}
    assert len(recalled["neighbours"]) >= 1
    assert "Memory was asked because the attempt before had failed." in siren("explain", str(second), home=home).out
    assert "기억을 찾아보았다" in siren("explain", str(second), "--language", "ko", home=home).out
    refused = siren("diagnose", str(second), home=home)
    assert refused.code == 2
    assert list((home / "likeness").glob("*.faiss"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["9999"], "no episode 9999"),
        (["1", "--step", "40", "--why"], "got step 40"),
        (["1", "--why-not", PLAN.format(place="nan")], "expected a number after 'to', got 'nan'"),
        (["1", "--why-not", PLAN.format(place="0.5").replace("pick", "juggle")], "expected a skill"),
        (["1", "--what-if", "force("], "force("),
    ],
)
def test_a_question_that_makes_no_sense_is_answered_in_a_sentence(siren: Siren, home: Path, words: list[str], complaint: str) -> None:
    if not (home / "siren.db").exists():
        siren("run", "pick up the egg", home=home)
    said = siren("explain", *words, home=home)
    assert said.code == 2
    assert complaint in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("instruction", "complaint"),
    [("pick up the unicorn", "unicorn"), ("dance", "dance"), ("", "expected"), ("put the egg in the egg", "egg")],
)
def test_an_instruction_that_cannot_be_followed(siren: Siren, instruction: str, complaint: str) -> None:
    said = siren("run", instruction)
    assert said.code == 2
    assert complaint in said.err
    assert said.err.count("\n") <= 3
    assert "Traceback" not in said.err


@pytest.mark.parametrize("damage", ["flipped byte", "missing key", "missing folder"])
def test_weights_that_cannot_be_trusted(siren: Siren, tmp_path: Path, damage: str) -> None:
    copy = tmp_path / "weights"
    if damage != "missing folder":
        shutil.copytree(shipped_checkpoint(), copy)
    if damage == "flipped byte":
        weights = bytearray((copy / "model.safetensors").read_bytes())
        weights[-1000] ^= 1
        (copy / "model.safetensors").write_bytes(weights)
    if damage == "missing key":
        config = json.loads((copy / "config.json").read_text())
        config["text_config"]["num_hidden_layers"] += 1
        (copy / "config.json").write_text(json.dumps(config))
    said = siren("run", "pick up the egg", "--checkpoint", str(copy))
    assert said.code == 2
    assert str(copy) in said.err.replace("\n", "")
    assert "Traceback" not in said.err


def test_a_database_of_a_newer_version_is_left_alone(siren: Siren, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "siren.db")
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.execute("INSERT INTO alembic_version VALUES ('v9999')")
    connection.commit()
    connection.close()
    before = (tmp_path / "siren.db").read_bytes()
    said = siren("run", "pick up the egg")
    assert said.code == 2
    assert "v9999" in said.err
    assert (tmp_path / "siren.db").read_bytes() == before


def test_nothing_on_record_yet(siren: Siren) -> None:
    said = siren("explain", "1")
    assert said.code == 2
    assert "run siren learn or siren run first" in said.err
