"""`siren bench` as a person uses it: results, going on after kill -9, and comparing."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from calling import Said, Siren, call_here, call_siren

from siren.config import PROJECT, SessionConfig
from siren.memory.store import Store

EXPERT = ("bench", "--suite", "seen", "--arms", "expert", "--json")


def last(said: Said) -> dict:
    assert said.code == 0, said.err
    return json.loads(said.out.splitlines()[-1])


def timeless(result: dict) -> dict:
    return {name: value for name, value in result.items() if name != "times"}


def test_a_bench_leaves_a_result_a_page_and_a_text(here: Siren, tmp_path: Path) -> None:
    said = here(*EXPERT, "--episodes", "2")
    found = last(said)
    folder = tmp_path / "bench" / "seen-0"
    assert [line for line in said.err.splitlines() if line.endswith("tables")] == ["1 of 2 tables", "2 of 2 tables"]
    assert json.loads((folder / "result.json").read_text()) == found
    assert found["arms"][0]["columns"]["overall"]["count"] == 2
    assert found["command"] == "siren bench --suite seen --seed 0 --episodes 2 --arms expert"
    assert "Success by column" in (folder / "report.html").read_text()
    assert "| expert | 100.0 (34 to 100) |" in (folder / "report.md").read_text()

    again = here(*EXPERT, "--episodes", "2")
    assert again.code == 2
    assert "go on with it by --resume" in again.err.replace("\n", " ")
    more = here(*EXPERT, "--episodes", "3", "--resume")
    assert more.code == 2
    assert "begun with episodes 2, now it is 3" in more.err.replace("\n", " ")
    resumed = last(here(*EXPERT, "--episodes", "2", "--resume"))
    assert timeless(resumed) == timeless(found)


def test_what_sessions_have_learned_are_arms(here: Siren, tmp_path: Path) -> None:
    """One that learned rules, and one that learned by rewards alone."""
    store = Store.open(tmp_path)
    for config in (SessionConfig(name="night"), SessionConfig(name="rewards", learner="rl")):
        store.new_session(config.name, config.model_dump_json())
        shutil.copytree(PROJECT / "episodes" / "sample" / "rules", tmp_path / "sessions" / config.name / "rules")
    store.close()
    words = ("bench", "--suite", "laws", "--episodes", "1", "--arms", "rl,siren,weights", "--json")
    found = last(here(*words, "--session", "night", "--session", "rewards"))
    assert [arm["name"] for arm in found["arms"]] == ["rl", "weights", "siren"]
    assert "session night" in found["arms"][2]["told"]
    assert found["left_out"] == []
    assert found["arms"][2]["rules"]
    assert all(one["saying"] for one in found["arms"][2]["rules"])
    assert here("bench", "--arms", "siren", "--session", "nobody").code == 2
    (tmp_path / "sessions" / "night" / "rules" / "learned" / "r9999.lp").write_text("#script (python) print(1) #end.")
    broken = here("bench", "--arms", "siren", "--session", "night", "--suite", "seen")
    assert broken.code == 2
    assert "r9999.lp" in broken.err
    assert not (tmp_path / "bench" / "seen-0").exists()


def test_another_arm_may_join_what_was_played(here: Siren, tmp_path: Path) -> None:
    last(here(*EXPERT, "--episodes", "1"))
    (tmp_path / "nobody.py").write_text("class Nobody:\n    def propose(self, image, instruction, context):\n        return []\n")
    sys.path.insert(0, str(tmp_path))
    try:
        both = last(here(*EXPERT, "--episodes", "1", "--policy", "nobody:Nobody", "--resume"))
    finally:
        sys.path.remove(str(tmp_path))
    assert [(arm["name"], arm["columns"]["overall"]["count"]) for arm in both["arms"]] == [("expert", 1), ("nobody:Nobody", 0)]
    assert both["command"] == "siren bench --suite seen --seed 0 --episodes 1 --arms expert --policy nobody:Nobody", (
        "it names all that was played"
    )


def test_changed_rules_are_not_mixed_into_a_result(here: Siren, tmp_path: Path) -> None:
    last(here(*EXPERT, "--episodes", "1"))
    setup = tmp_path / "bench" / "seen-0" / "setup.json"
    told = json.loads(setup.read_text())
    told["fingerprint"]["code"] = "another"
    setup.write_text(json.dumps(told))
    said = here(*EXPERT, "--episodes", "1", "--resume")
    assert said.code == 2
    assert "was begun with something else (code: another and" in said.err.replace("\n", " ")


def test_what_cannot_be_played_is_said_in_one_sentence(here: Siren) -> None:
    for words, reason in (
        (("--suite", "seeen"), "did you mean 'seen'"),
        (("--arms", "siren"), "at least one arm that can be played"),
        (("--arms", "robot"), "did you mean 'robot-only'"),
        (("--rt1", "checkpoints/siren-tiny"), "expected RT-1 weights"),
        (("--rl", "nowhere"), "expected a checkpoint folder"),
        (("--resume",), "begin one without --resume"),
    ):
        said = here("bench", *words)
        assert said.code == 2, words
        assert reason in said.err.replace("\n", " "), said.err


def test_two_results_are_compared(here: Siren, tmp_path: Path) -> None:
    last(here(*EXPERT, "--episodes", "2"))
    one = tmp_path / "bench" / "seen-0" / "result.json"
    said = call_here("bench", "compare", str(one), str(one), "--json", home=None)
    found = last(said)
    assert (found["warnings"], found["changed_ends"]) == ([], [])
    assert (found["pairs"][0]["tables"], found["pairs"][0]["gained"]) == (2, 0)
    other = json.loads(one.read_text())
    other["fingerprint"]["versions"]["numpy"] = "1.0"
    (tmp_path / "other.json").write_text(json.dumps(other))
    said = call_here("bench", "compare", str(one), str(tmp_path / "other.json"), home=None)
    assert said.code == 0
    assert "not the same: numpy:" in said.err
    assert call_here("bench", "compare", str(one), str(tmp_path / "none.json"), home=None).code == 2


@pytest.mark.slow
def test_kill_9_loses_no_trial_and_changes_nothing(tmp_path: Path) -> None:
    """Two workers, killed in the middle, gone on with; and the same in one process left in peace."""
    words = [*EXPERT, "--episodes", "16"]
    home = tmp_path / "killed"
    rows = home / "bench" / "seen-0" / "episodes.jsonl"
    command = [sys.executable, "-c", "from siren.cli.app import main; main()", *words, "--workers", "2", "--home", str(home)]
    driver = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait(lambda: rows.exists() and rows.read_bytes().count(b"\n") >= 3)
    workers = psutil.Process(driver.pid).children(recursive=True)
    os.kill(driver.pid, signal.SIGKILL)
    driver.wait()
    assert workers
    assert not psutil.wait_procs(workers, timeout=60)[1]  # none outlives the command
    kept = rows.read_bytes().count(b"\n")
    assert 3 <= kept < 16
    rows.write_bytes(rows.read_bytes() + b'{"arm": "exp')  # and the last line was torn
    gone_on = last(call_siren(*words, "--workers", "2", "--resume", home=home))
    assert rows.read_bytes().count(b"\n") == 16
    peaceful = last(call_siren(*words, home=tmp_path / "peaceful"))
    assert timeless(gone_on) == timeless(peaceful)


def _wait(condition, seconds: float = 120.0) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
