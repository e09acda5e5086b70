"""Every benchmark, one after the other, each in a process of its own; the last line is one JSON object with the figures of all.

python -m benchmarks.all          (or: make bench)
"""

import json
import subprocess
import sys

PARTS = (
    "world",
    "physics",
    "processes",
    "memory",
    "panda_gym",
    "determinism --plans 20",
    "fetching --seeds 20",
    "decode",
    "symbolic",
    "cli",
    "web",
)


def main() -> None:
    """Run the parts, pass on what they print, and gather their last lines."""
    figures = {}
    for part in PARTS:
        sys.stdout.write(f"\n== {part}\n")
        done = subprocess.run([sys.executable, "-m", *f"benchmarks.{part}".split()], stdout=subprocess.PIPE, text=True, check=True)
        *lines, last = done.stdout.rstrip().splitlines()
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        figures[part.split()[0]] = json.loads(last)
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
