"""All laws of the world at once, and the learner that knows none of them: how many does it find, from how many episodes?

    python -m benchmarks.all_laws --episodes 3000 --probes 4 0 --fresh 20 --workers 2 [--keep FOLDER] [--plot FILE.png]

Practice goes round the tables of `siren.world.laws`: mixed ones, on which one law or other is at stake. By chance a plan there breaks it
or keeps every law; what fails is tried again with one thing changed (near misses; with --probes 0 nothing is), and those tries count as
episodes too. At each mark all rows so far are mined and the rules graded on fresh tables, 20 broken and 20 kept of each law: a law is
recovered when 80 % of the fresh steps that failed by it are flagged. The laws are looked at here, for making tables and for grading, and
nowhere in learning.
The last line of standard output is one JSON object.
"""

import argparse
import json
import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from siren.core.episode import Outcome
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal, Task
from siren.learning.failures import step_rows
from siren.learning.miner import RuleMiner
from siren.learning.overgeneral import ways_left
from siren.learning.probes import chain_probes
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.edits import variants
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.world.laws.every import LAWS
from siren.world.laws.trials import sample
from siren.world.tabletop import Tabletop

RULES = Path(__file__).parents[1] / "rules"
MARKS = (250, 500, 1000, 1500, 2000, 3000)
PRACTICE, FRESH = 1_000_000, 2_000_000  # first seeds
_CHUNK = 29
RECOVERED = 0.8


class Run(NamedTuple):
    """One executed plan. `law` is for grading; `broken` is the step that breaks it, 0 for none. `goal` can be reached on that table."""

    seed: int
    law: str
    broken: int
    goal: Goal | None
    scene: Scene
    task: Task
    plan: Plan
    outcome: Outcome
    probe: bool


def runs_of(first: int, numbers: range, probes: int, both: bool) -> list[list[Run]]:
    """For each table its runs: one plan, or both, and what was tried after a failure."""
    names, laws, found = tuple(LAWS), tuple(LAWS.values()), []
    with Tabletop() as world:
        for number in numbers:
            seed = first + number
            rng = np.random.default_rng([seed, 29])
            law = LAWS[names[number % len(names)]]
            pair = sample(law, laws, seed)
            plans = [(pair.violating, pair.violating.step), (pair.complying, 0)]
            for trial, broken in plans if both else [plans[int(rng.integers(2))]]:
                scene = world.reset(trial.task)
                outcome = world.execute(trial.plan)
                goal = pair.complying.task.goal if trial.task.layout == pair.complying.task.layout else None
                run = Run(seed, law.name, broken, goal, scene, trial.task, trial.plan, outcome, probe=False)
                tried = _near_misses(world, run, rng, probes) if probes else []
                found.append([run, *tried])
    return found


def _near_misses(world: Tabletop, run: Run, rng: np.random.Generator, budget: int) -> list[Run]:
    def again(plan: Plan) -> Outcome:
        world.reset(run.task)
        return world.execute(plan)

    report = chain_probes(run.plan, run.outcome, edits=partial(variants, run.scene), run=again, rng=rng, budget=budget)
    return [run._replace(plan=attempt.plan, outcome=attempt.outcome, probe=True) for attempt in report.attempts]


def in_processes(first: int, count: int, probes: int, workers: int, *, both: bool) -> Iterator[list[Run]]:
    """Tables in order, whichever process had them."""
    chunks = [range(at, min(at + _CHUNK, count)) for at in range(0, count, _CHUNK)]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in pool.map(partial(_chunk, first, probes, both), chunks):
            yield from done


def _chunk(first: int, probes: int, both: bool, numbers: range) -> list[list[Run]]:
    return runs_of(first, numbers, probes, both)


class Learner:
    """The miner and what it needs: rows of all runs so far, and the scenes in which a rule is tried before it comes into force."""

    def __init__(self) -> None:
        self._scenes: dict[int, tuple[Scene, Goal]] = {}
        self._miner = RuleMiner(objection=ways_left(self._scenes, Rulebook.load(RULES).judging(), Knowledge.load(RULES)))
        self._observer = ClingoChecker(Rulebook([]), Knowledge.load(RULES))
        self.rules: tuple[Rule, ...] = ()
        self.runs = 0

    def take_in(self, run: Run) -> None:
        """One more episode."""
        self.runs += 1
        if run.goal is not None:
            self._scenes[self.runs] = (run.scene, run.goal)
        model = self._observer.model(run.scene, run.plan, run.task.goal)
        self._miner.add(step_rows(self.runs, run.seed, run.plan, run.outcome, model))

    def mine(self) -> float:
        """Mine all rows. Returns processor seconds."""
        report = self._miner.mine(self.rules)
        self.rules = report.rules
        return report.seconds


def graded(rules: Sequence[Rule], fresh: Sequence[Run]) -> dict[str, Any]:
    """What the rules in force say of fresh runs."""
    checker = ClingoChecker(Rulebook([rule for rule in rules if rule.in_force]), Knowledge.load(RULES))
    laws: dict[str, list[int]] = {name: [0, 0] for name in LAWS}
    good, spoilt = 0, 0
    by_rule: dict[str, list[int]] = {rule.id: [0, 0] for rule in rules if rule.in_force}
    for run in fresh:
        (verdict,) = checker.check(run.scene, [run.plan], run.task.goal)
        flagged = {(violation.step, violation.rule) for violation in verdict.violations}
        last = run.outcome.events[0].step if run.outcome.events else len(run.plan.steps)
        for step in range(1, last + 1):
            failed = bool(run.outcome.events) and step == last
            named = {rule for at, rule in flagged if at == step}
            if failed and step == run.broken:
                laws[run.law][0] += bool(named)
                laws[run.law][1] += 1
            elif not failed:
                good += 1
                spoilt += bool(named)
            for rule in named:
                by_rule[rule][0 if step == run.broken else 1] += 1
    lawless = [rule for rule, (right, wrong) in by_rule.items() if right <= wrong]
    flagged_steps, failing = (sum(column) for column in zip(*laws.values(), strict=True))
    return {
        "recovered": sum(tried > 0 and hit >= RECOVERED * tried for hit, tried in laws.values()),
        "of": len(laws),
        "laws": laws,
        "failing_flagged": round(flagged_steps / max(1, failing), 3),
        "succeeding_flagged": round(spoilt / max(1, good), 3),
        "in_force": len(by_rule),
        "rules_without_a_law": [{"sentence": rule.sentence, "counts": by_rule[rule.id]} for rule in rules if rule.id in lawless],
    }


def main() -> None:
    """Practise, mine at the marks, grade, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("episodes", 3000), ("fresh", 20), ("workers", 2), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument(
        "--probes", type=int, nargs="+", default=[4], help="near misses after a failure, at most; more than one number: compared"
    )
    parser.add_argument("--keep", type=Path, help="keep the runs in this folder, or take them from it where they are there")
    parser.add_argument("--plot", type=Path, help="draw laws recovered over episodes")
    asked = parser.parse_args()
    fresh = _kept(asked.keep, f"fresh-{asked.fresh}", partial(_fresh, asked))
    arms = {probes: _learn(asked, probes, fresh) for probes in asked.probes}
    if asked.plot is not None:
        _draw(arms, asked.plot)
    sys.stdout.write(json.dumps({"arms": [{"probes": probes, "marks": rows} for probes, rows in arms.items()]}) + "\n")


def _learn(asked: argparse.Namespace, probes: int, fresh: Sequence[Run]) -> list[dict[str, Any]]:
    """One arm: what was recovered at each mark."""
    practice = _kept(asked.keep, f"practice-{probes}-{asked.seed}-{asked.episodes}", partial(_practice, asked, probes))
    sys.stderr.write(f"at most {probes} near misses after a failure\n")
    learner, rows = Learner(), []
    marks = [mark for mark in MARKS if mark < asked.episodes] + [asked.episodes]
    for run in practice:
        learner.take_in(run)
        if learner.runs == marks[0]:
            seconds = learner.mine()
            rows.append({"episodes": marks.pop(0), "mining_seconds": round(seconds, 2), **graded(learner.rules, fresh)})
            _say(rows[-1])
        if not marks:
            break
    for rule in learner.rules:
        if rule.in_force:
            sys.stderr.write(f"{rule.support:5} for {rule.against:4} against  {rule.sentence}\n")
    missing = [f"{law} {hit}/{tried}" for law, (hit, tried) in rows[-1]["laws"].items() if hit < RECOVERED * tried]
    sys.stderr.write(f"not recovered: {', '.join(missing) or 'none'}\n")
    return rows


def _fresh(asked: argparse.Namespace) -> list[Run]:
    return [run for table in in_processes(FRESH, asked.fresh * len(LAWS), 0, asked.workers, both=True) for run in table]


def _practice(asked: argparse.Namespace, probes: int) -> list[Run]:
    """As many tables as it takes: with near misses each is two runs or three."""
    began, tables, runs = time.monotonic(), 0, list[Run]()
    while len(runs) < asked.episodes:
        first, count = PRACTICE * (asked.seed + 3) + tables, _CHUNK * asked.workers * 4
        runs += [run for table in in_processes(first, count, probes, asked.workers, both=False) for run in table]
        tables += count
        sys.stderr.write(f"{len(runs)} episodes after {time.monotonic() - began:.0f} s\n")
    return runs


def _kept(folder: Path | None, name: str, make: Callable[[], list[Run]]) -> list[Run]:
    """From a file of one's own if there is one, which this program wrote; else made, and kept there."""
    if folder is None:
        return make()
    path = folder / f"{name}.pickle"
    if path.exists():
        return list(pickle.loads(path.read_bytes()))
    runs = make()
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(runs))
    return runs


def _draw(arms: dict[int, list[dict[str, Any]]], path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 3.6), dpi=110)
    for probes, rows in arms.items():
        label = f"with near misses (at most {probes} a failure)" if probes else "without near misses"
        axes.plot([row["episodes"] for row in rows], [row["recovered"] for row in rows], marker="o", label=label)
    axes.axhline(len(LAWS), linewidth=0.8, linestyle="dotted", color="grey")
    axes.set(xlabel="episodes, near misses counted", ylabel=f"laws recovered, of {len(LAWS)}", ylim=(0, len(LAWS) + 1.5))
    axes.legend(frameon=False, loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(path)


def _say(row: dict[str, Any]) -> None:
    sys.stderr.write(
        f"{row['episodes']:5} episodes: {row['recovered']} of {row['of']} laws, {100 * row['failing_flagged']:.0f} % of failing and"
        f" {100 * row['succeeding_flagged']:.1f} % of succeeding steps flagged, {row['in_force']} rules, {row['mining_seconds']} s\n"
    )


if __name__ == "__main__":
    main()
