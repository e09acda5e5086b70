"""Whether the instruction decides, and whether what a plan says is what it goes for.

    python -m benchmarks.controls [--checkpoint checkpoints/siren-tiny] [--scenes 200]

Contradicting, paraphrased and blank commands on fresh scenes (learning/controls.py), and the share of steps whose word and place are the
same thing, column by column (learning/policy_eval.py). Tables go to standard error; the last line is one JSON object.
"""

import argparse
import json
import sys
from pathlib import Path

import torch

from siren import build
from siren.learning.controls import measure_controls
from siren.learning.policy_eval import Column, evaluate_policy
from siren.world.splits import Split

SPLITS: tuple[Split, ...] = ("seen", "unseen")
COLUMNS: tuple[Column, ...] = ("seen", "unseen", "use_seen", "use_unseen", "reasoning")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/siren-tiny"))
    parser.add_argument("--scenes", type=int, default=200)
    options = parser.parse_args()
    torch.set_num_threads(1)
    proposer = build.proposer(options.checkpoint)
    controls = {split: measure_controls(proposer, options.scenes, split=split) for split in SPLITS}
    heads = list(next(iter(controls.values())).model_dump())
    sys.stderr.write("| kinds | " + " | ".join(heads) + " |\n")
    for split, report in controls.items():
        values = ("-" if value is None else f"{value:.3g}" for value in report.model_dump().values())
        sys.stderr.write(f"| {split} | " + " | ".join(values) + " |\n")
    agreement = evaluate_policy(proposer, options.scenes, 3, COLUMNS)
    sys.stderr.write(agreement.table() + "\n")
    told = {
        "benchmark": "controls",
        "checkpoint": proposer.checkpoint,
        "controls": {split: report.model_dump() for split, report in controls.items()},
        "agreeing": {column.column: column.agreeing for column in agreement.columns},
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
