"""How much of Python does `siren rules list` load? Its start against that of an interpreter that also imports torch, ray and pybullet.

python -m benchmarks.cli
"""

import json
import statistics
import subprocess
import sys
import time

RUNS = 5
LIST = "from siren.cli.app import main; main(['rules', 'list', '--home', '/nonexistent'])"
EVERYTHING = "import torch, ray, pybullet; " + LIST


def seconds(program: str) -> float:
    """Median wall seconds of a fresh interpreter that runs the program."""
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def main() -> None:
    """Print both times and their ratio; the last line is JSON."""
    quick, heavy = seconds(LIST), seconds(EVERYTHING)
    sys.stdout.write(f"siren rules list: {quick:.2f} s; with torch, ray and pybullet loaded first: {heavy:.2f} s\n")
    sys.stdout.write(json.dumps({"rules_list_seconds": quick, "times_faster_than_loading_everything": heavy / quick}) + "\n")


if __name__ == "__main__":
    main()
