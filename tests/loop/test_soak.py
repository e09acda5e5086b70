"""The soak in small: blows of kill -9 at random moments, and nothing is lost. The long one, on more processes, is `make soak`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_blows_at_random_moments_lose_nothing() -> None:
    words = ["--kills", "2", "--seed", "3", "--workers", "0", "--rounds", "1", "--episodes", "3", "--held-out", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    assert (answer["lost"], answer["of"]) == ([], {"driver": 2})
