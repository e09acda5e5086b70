"""Two editors, a miner and a reader in processes of their own: no edit lost, no file half written. The long one is `benchmarks.editors`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_nothing_is_lost_between_two_editors_and_a_miner() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.editors", "8"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert answer["edits"] > 1
    assert answer["wordings"] >= answer["edits"]
