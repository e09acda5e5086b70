"""A careless planner's failures as rules, and the rules as a grade: which hidden laws were found, and how much better do plans get?

    python -m benchmarks.laws_recovered --careless 300 --audit 300 --held-out 100

No policy: careless plans, mended from the third round of 50 on, with chained probes and mining after every round; then an audit on
fresh steps, and mended plans on held-out seeds. Mending matters for learning too: what fails whatever its speed while the grip is
gentle shows what speed does only once the grip is firm. The last line of standard output is one JSON object. The laws are looked at
here, for grading, and nowhere in learning.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

from siren.core.episode import Decision, Episode, Outcome
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Goal, Task
from siren.eval.audit import grade, put_at_random
from siren.learning.failures import step_rows
from siren.learning.miner import MiningReport, RuleMiner
from siren.learning.overgeneral import ways_left
from siren.learning.probes import chain_probes
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.edits import variants
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook
from siren.world.expert import careless_plan
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

RULES = Path(__file__).parents[1] / "rules"
ROUND, BURN_IN = 50, 100
TRAIN, AUDIT, HELD_OUT = 100_000, 200_000, 300_000  # first seeds


class Practice:
    """Rounds of careless plans, probes and mining. `rules` is what is known so far."""

    def __init__(self, world: Tabletop, probes: int) -> None:
        self._world = world
        self._probes = probes
        self._scenes: dict[int, tuple[Scene, Goal]] = {}
        self._miner = RuleMiner(objection=ways_left(self._scenes, Rulebook.load(RULES).judging(), Knowledge.load(RULES)))
        self._observer = ClingoChecker(Rulebook([]), Knowledge.load(RULES))
        self.report = self._miner.mine([])
        self.runs = 0
        self.successes: list[int] = []

    def round(self, seeds: Iterable[int], *, mended: bool) -> None:
        """One episode a seed, near misses after a failure, then mining. Of mended plans every sixth stays as it is, to keep exploring."""
        repairer = _repairer(self.report.rules)
        good = 0
        for seed in seeds:
            task = make_task(seed)
            scene, rng = self._world.reset(task), np.random.default_rng([seed, 23])
            plan = careless_plan(task, scene, rng)
            if mended and seed % 6:
                plan = repairer.repair(scene, plan, task.goal).plan
            good += self._try(task, scene, plan, rng)
        self.successes.append(good)
        self.report = self._miner.mine(self.report.rules)

    def _try(self, task: Task, scene: Scene, plan: Plan, rng: np.random.Generator) -> bool:
        outcome = self._world.execute(plan)
        run = partial(again, self._world, task)
        report = chain_probes(plan, outcome, edits=partial(variants, scene), run=run, rng=rng, budget=self._probes)
        for tried, result in [(plan, outcome), *((attempt.plan, attempt.outcome) for attempt in report.attempts)]:
            self.runs += 1
            self._scenes[self.runs] = (scene, task.goal)
            self._miner.add(step_rows(self.runs, task.seed, tried, result, self._observer.model(scene, tried, task.goal)))
        return outcome.success


def fresh_steps(world: Tabletop, seeds: Iterable[int]) -> Iterator[Episode]:
    """Careless plans, and by turns plans that pick with care and put down at random."""
    for seed in seeds:
        task = make_task(seed)
        scene, rng = world.reset(task), np.random.default_rng([seed, 23])
        plan = (put_at_random if seed % 2 else careless_plan)(task, scene, rng)
        yield _episode(task, scene, plan, world.execute(plan))


def again(world: Tabletop, task: Task, plan: Plan) -> Outcome:
    """Run a plan from the start of its task."""
    world.reset(task)
    return world.execute(plan)


def mended_by(world: Tabletop, seeds: Iterable[int], rules: Iterable[Rule], *, suspicions: bool) -> list[tuple[bool, bool]]:
    """For each held-out seed: did the careless plan succeed, did the mended one?"""
    repairer = _repairer(rules, suspicions=suspicions)
    pairs = []
    for seed in seeds:
        task = make_task(seed)
        scene = world.reset(task)
        plan = careless_plan(task, scene, np.random.default_rng([seed, 23]))
        mended = repairer.repair(scene, plan, task.goal).plan
        before = world.execute(plan).success
        pairs.append((before, before if mended == plan else again(world, task, mended).success))
    return pairs


def main() -> None:
    """Run it all and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("careless", 300), ("probes", 4), ("audit", 300), ("held-out", 100)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    started = time.process_time()
    with Tabletop() as world:
        practice = Practice(world, asked.probes)
        for first in range(0, asked.careless, ROUND):
            seeds = range(TRAIN + first, TRAIN + min(first + ROUND, asked.careless))
            practice.round(seeds, mended=first >= BURN_IN)
        report = practice.report
        _say(report)
        active = [rule for rule in report.rules if rule.in_force]
        checker = ClingoChecker(Rulebook(active), Knowledge.load(RULES))
        audit = grade(fresh_steps(world, range(AUDIT, AUDIT + asked.audit)), checker)
        held_out = range(HELD_OUT, HELD_OUT + asked.held_out)
        accepted = mended_by(world, held_out, report.rules, suspicions=False)
        suspected = mended_by(world, held_out, report.rules, suspicions=True)
    figures = {
        "episodes": asked.careless,
        "runs": practice.runs,
        "successes_by_round": practice.successes,
        "rules": len(active),
        "shadows": len(report.shadows),
        "mining_seconds": round(report.seconds, 2),
        "laws": {law.law: [law.flagged.count, law.flagged.trials] for law in audit.laws},
        "laws_recovered": audit.recovered,
        "failing_steps_flagged": round(audit.failing.share, 3),
        "succeeding_steps_flagged": round(audit.succeeding.share, 3),
        "success_careless": round(float(np.mean([before for before, _ in accepted])), 3),
        "success_repaired": round(float(np.mean([after for _, after in accepted])), 3),
        "success_repaired_with_suspicions": round(float(np.mean([after for _, after in suspected])), 3),
        "lost": sum(before and not after for before, after in accepted),
        "cpu_seconds": round(time.process_time() - started, 1),
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _say(report: MiningReport) -> None:
    for rule in report.rules:
        if rule.status != "retired":
            counts = f"{rule.support:4} for {rule.against:3} against"
            sys.stderr.write(f"{rule.status:11} {rule.kind:10} {counts}  {rule.sentence}  [{rule.reason}]\n")


def _repairer(rules: Iterable[Rule], *, suspicions: bool = False) -> AspRepairer:
    book = Rulebook([*Rulebook.load(RULES).rules.values(), *rules])
    return AspRepairer(ClingoChecker(book, Knowledge.load(RULES), suspicions=suspicions))


def _episode(task: Task, scene: Scene, plan: Plan, outcome: Outcome) -> Episode:
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="none", checkpoint="none")
    return Episode(session="offline", round=0, use="audit", task=task, scene=scene, decision=decision, outcome=outcome)


if __name__ == "__main__":
    main()
