"""A careless planner's failures as rules, and the rules as a grade: which hidden laws were found, and how much better do plans get?

    python -m benchmarks.laws_recovered --careless 300 --audit 300 --held-out 100

No policy and no loop: careless plans, chained probes, one round of mining, an audit on fresh steps, and repaired plans on held-out
seeds. The last line of standard output is one JSON object. The laws are looked at here, for grading, and nowhere in learning.
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
from siren.core.task import Task
from siren.eval.audit import grade, put_at_random
from siren.learning.failures import step_rows
from siren.learning.miner import MiningReport, RuleMiner
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
TRAIN, AUDIT, HELD_OUT = 100_000, 200_000, 300_000  # first seeds


def careless_and_probes(world: Tabletop, seeds: Iterable[int], budget: int) -> Iterator[Episode]:
    """A careless episode a seed, and after a failure its near misses."""
    for seed in seeds:
        task = make_task(seed)
        scene, rng = world.reset(task), np.random.default_rng([seed, 23])
        plan = careless_plan(task, scene, rng)
        outcome = world.execute(plan)
        yield _episode(task, scene, plan, outcome)
        report = chain_probes(plan, outcome, edits=partial(variants, scene), run=partial(again, world, task), rng=rng, budget=budget)
        for number, attempt in enumerate(report.attempts, 1):
            yield _episode(task, scene, attempt.plan, attempt.outcome, number)


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


def mine(episodes: Iterable[Episode]) -> MiningReport:
    """One round of mining over all episodes."""
    miner, observer = RuleMiner(), ClingoChecker(Rulebook([]), Knowledge.load(RULES))
    for number, episode in enumerate(episodes):
        plan = episode.decision.plan
        model = observer.model(episode.scene, plan, episode.task.goal)
        miner.add(step_rows(number, episode.task.seed, plan, episode.outcome, model))
    return miner.mine([])


def repaired(world: Tabletop, seeds: Iterable[int], rules: Iterable[Rule], *, suspicions: bool) -> list[tuple[bool, bool]]:
    """For each held-out seed: did the careless plan succeed, did the mended one?"""
    book = Rulebook([*Rulebook.load(RULES).rules.values(), *rules])
    repairer = AspRepairer(ClingoChecker(book, Knowledge.load(RULES), suspicions=suspicions))
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
        episodes = list(careless_and_probes(world, range(TRAIN, TRAIN + asked.careless), asked.probes))
        report = mine(episodes)
        _say(report)
        checker = ClingoChecker(Rulebook(report.born), Knowledge.load(RULES))
        audit = grade(fresh_steps(world, range(AUDIT, AUDIT + asked.audit)), checker)
        held_out = range(HELD_OUT, HELD_OUT + asked.held_out)
        accepted = repaired(world, held_out, report.born, suspicions=False)
        suspected = repaired(world, held_out, report.rules, suspicions=True)
    figures = {
        "careless": asked.careless,
        "runs": len(episodes),
        "rules": len(report.born),
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
    for rule in (*report.born, *report.shadows):
        sys.stderr.write(f"{rule.status:7} {rule.kind:10} {rule.support:4} for {rule.against:3} against  {rule.sentence}\n")


def _episode(task: Task, scene: Scene, plan: Plan, outcome: Outcome, attempt: int = 0) -> Episode:
    decision = Decision(candidates=(), chosen=-1, plan=plan, rulebook="none", checkpoint="none")
    use = "probe" if attempt else "collect"
    return Episode(session="offline", round=0, attempt=attempt, use=use, task=task, scene=scene, decision=decision, outcome=outcome)


if __name__ == "__main__":
    main()
