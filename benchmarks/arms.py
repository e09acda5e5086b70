"""All arms on paired seeds: what do rules and weights each bring, and what would rewards alone have brought?

    python -m benchmarks.arms --home FOLDER --rounds 6 --episodes 60 --held-out 100 --seeds 0 1 [--workers 2] [--plot FILE.png]

    off      nothing is learned, and no rule is asked: the policy as it is
    rules    rules steer, weights stay
    weights  weights are trained, no rule is asked
    both     SIREN
    rl       the same policy by rewards alone (learning/reinforce.py), 1 + probes samples of every task

An arm of a seed is a session `ARM-SEED` in the home; all arms of a seed practise the same tasks and are tried on the same held-out tasks
before, after every `--evaluate-every` rounds and at the end. What is on record is not run again, so a run that was broken off goes on.
`off` learns nothing, so it practises one task a round. `rl` tries every task five times, the others some three and a half times with
probes and experiments, so two thirds of the rounds come to about as many episodes.
The last line of standard output is one JSON object.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from siren.config import SessionConfig
from siren.eval.curves import Point, curve, episodes_to, joined
from siren.memory.store import Store

ARMS: Mapping[str, tuple[str, ...]] = {
    "off": ("--no-rules", "--no-train"),
    "rules": ("--no-train",),
    "weights": ("--no-rules",),
    "both": (),
    "rl": ("--learner", "rl"),
}
COLOURS = {"off": "#7f7f7f", "rules": "#3f6ea3", "weights": "#d98b2b", "both": "#3a7d44", "rl": "#c0504d"}


def session(home: Path, name: str, words: Sequence[str], last: int) -> None:
    """The session to its end, from wherever it is."""
    store = Store.open(home)
    known = name in {record.name for record in store.sessions()}
    committed = store.last_committed_round(name) if known else None
    store.close()
    if committed is not None and committed.number >= last:
        return
    asked = ["sessions", "resume", name] if known else ["learn", name, *words]
    command = [sys.executable, "-c", "from siren.cli.app import main; main()", *asked, "--home", str(home), "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def rounds(asked: argparse.Namespace, arm: str) -> int:
    """Rounds of practice that come to about as many episodes in every arm."""
    return (2 * int(asked.rounds) + 2) // 3 if arm == "rl" else int(asked.rounds)


def amounts(asked: argparse.Namespace, arm: str, seed: int) -> list[str]:
    """The words of `siren learn` for one arm."""
    episodes = 1 if arm == "off" else asked.episodes
    given = {
        "rounds": rounds(asked, arm), "episodes": episodes, "held-out": asked.held_out, "audit": 0, "seed": seed, "workers": asked.workers,
        "evaluate-every": asked.evaluate_every, "train-every": asked.train_every, "train-steps": asked.train_steps,
        "retention": asked.retention, "trial": asked.trial,
    }  # fmt: skip
    return [*ARMS[arm], *(word for name, value in given.items() for word in (f"--{name}", str(value)))]


def curves(home: Path, arm: str, seeds: Sequence[int]) -> list[tuple[Point, ...]]:
    """One curve a seed."""
    store = Store.open(home)
    configs = [SessionConfig.model_validate_json(store.session(f"{arm}-{seed}").config) for seed in seeds]
    found = [curve(store, config) for config in configs]
    store.close()
    return found


def figures(found: Sequence[tuple[Point, ...]], target: float) -> dict[str, object]:
    """What an arm came to, all seeds together."""
    points = joined(found)
    return {
        "curve": [point.model_dump(mode="json") for point in points],
        "success": str(points[-1].success),
        "violating": str(points[-1].violating),
        "forgotten": str(points[-1].forgotten),
        f"episodes_to_{round(100 * target)}_percent": [episodes_to(one, target) for one in found],
    }


def plot(found: Mapping[str, Sequence[Point]], path: Path) -> None:
    """Three panels over practice episodes: success, violations of first proposals, forgetting; bands are 95 % intervals."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    panels = {"success": "held-out success", "violating": "first proposals that break a law", "forgotten": "forgotten"}
    figure, axes = plt.subplots(1, len(panels), figsize=(13, 3.6), sharex=True)
    for panel, (field, title) in zip(axes, panels.items(), strict=True):
        for arm, points in found.items():
            known = [(point.episodes, getattr(point, field)) for point in points if getattr(point, field).trials]
            episodes, shares = [number for number, _ in known], [share for _, share in known]
            if arm == "off":  # it does not practise, so it is a level and no curve
                panel.axhline(shares[-1].share, linestyle="--", linewidth=1, color=COLOURS[arm], label=arm)
                continue
            panel.plot(episodes, [share.share for share in shares], marker="o", markersize=3, color=COLOURS[arm], label=arm)
            panel.fill_between(episodes, *zip(*(share.interval for share in shares), strict=True), color=COLOURS[arm], alpha=0.12)
        panel.set(title=title, xlabel="practice episodes", ylim=(0, 1))
    axes[-1].legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


def main() -> None:
    """Run what is not on record yet, and say what each arm came to."""
    asked = _asked()
    asked.home.mkdir(parents=True, exist_ok=True)
    found: dict[str, Sequence[Point]] = {}
    answer: dict[str, object] = {}
    for arm in asked.arms:
        for seed in asked.seeds:
            session(asked.home, f"{arm}-{seed}", amounts(asked, arm, seed), rounds(asked, arm) + 1)
        by_seed = curves(asked.home, arm, asked.seeds)
        found[arm], answer[arm] = joined(by_seed), figures(by_seed, asked.target)
        for point in found[arm]:
            sys.stdout.write(f"{arm:8} {point.episodes:6} episodes: success {point.success}; violating {point.violating}\n")
        sys.stdout.flush()
    if asked.plot:
        plot(found, asked.plot)
    sys.stdout.write(json.dumps(answer) + "\n")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    whole = {
        "rounds": 6, "episodes": 60, "held-out": 100, "workers": 2, "evaluate-every": 1, "train-every": 2, "train-steps": 340,
        "retention": 60, "trial": 50,
    }  # fmt: skip
    for name, default in whole.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--target", type=float, default=0.9, help="share of held-out tasks that is to succeed")
    parser.add_argument("--plot", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
