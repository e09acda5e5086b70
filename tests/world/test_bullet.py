"""The engine as typed calls."""

import subprocess
import sys


def test_the_engine_greets_nobody() -> None:
    """Standard output belongs to results and standard error to people; the engine's own lines are neither."""
    code = "from siren.world.bullet import Bullet\nwith Bullet(): print('mine')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("mine\n", "")
