"""What each level of memory costs, how often it is asked, and what it gains, by ablation on equal tasks with equal random numbers.

    python -m benchmarks.retrieval [--past 150] [--tasks 60] [--stopped 60] [--rules rules] [--checkpoint checkpoints/siren-tiny]

First a past is made: tasks as a session practises them, failed ones tried again with one thing changed. Then the same fresh tasks are done

    none   once
    blind  and once more after a failure, from where things stand, without any memory
    l1, l2, l3   the same with that level of memory; l3 may be asked before the first attempt as well

and, for commands about two things, after an attempt that was stopped behind its second step. Pairs are held against `blind`.
Tables go to standard error; the last line of standard output is one JSON object.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from siren import build
from siren.agent import Agent, carry_out
from siren.core.episode import Episode, Outcome
from siren.core.plan import Plan
from siren.core.progress import worth_another
from siren.core.recollection import LEVELS
from siren.core.statistics import mcnemar, wilson
from siren.core.task import Task
from siren.loop.jobs import Job, Publication
from siren.loop.rollout import Rollout, frame_key
from siren.memory.frames import Frames
from siren.memory.likeness import Likeness
from siren.memory.past import Past
from siren.memory.recall import NEIGHBOURS, Memory
from siren.memory.store import Store
from siren.world.splits import Split
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

FIRST_PAST, FIRST_TASK, FIRST_STOPPED = 5_300_000, 5_400_000, 5_500_000
SPLITS: tuple[Split, ...] = ("seen", "multi", "unseen", "reasoning")  # of the fresh tasks, by turns
ARMS = ("none", "blind", *LEVELS)
STOPPED_AFTER = 2  # steps
SESSION = "benchmark"


@dataclass
class Tally:
    """What came of one arm, task by task."""

    first: list[bool] = field(default_factory=list)
    last: list[bool] = field(default_factory=list)
    decisions: int = 0
    asked: dict[str, int] = field(default_factory=dict)  # by trigger
    spent: dict[str, list[float]] = field(default_factory=dict)  # milliseconds, by level

    def note(self, episode: Episode) -> None:
        """Count what one decision got from memory."""
        self.decisions += 1
        recalled = episode.decision.recalled
        if recalled is None:
            return
        self.asked[recalled.trigger] = self.asked.get(recalled.trigger, 0) + 1
        for level, milliseconds in recalled.milliseconds.items():
            self.spent.setdefault(level, []).append(milliseconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/siren-tiny"))
    parser.add_argument("--rules", type=Path, default=Path("rules"), help="rules that the agent goes by, e.g. those of a session")
    parser.add_argument("--past", type=int, default=150)
    parser.add_argument("--tasks", type=int, default=60)
    parser.add_argument("--stopped", type=int, default=60, help="tasks about two things that are stopped on the way")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as home, Tabletop() as world:
        parts = build.parts(options.rules, options.checkpoint)
        past = practised(Path(home), options)
        memories = {"none": None, "blind": None, "l1": Memory("l1"), "l2": Memory("l2"), "l3": Memory("l3", past)}
        agents = {
            arm: Agent(world, parts.proposer, parts.checker, parts.repairer, planner=parts.planner, recall=memory)
            for arm, memory in memories.items()
        }
        fresh = [make_task(FIRST_TASK + number, SPLITS[number % len(SPLITS)]) for number in range(options.tasks)]
        tallies = {arm: attempts(agent, world, fresh, again=arm != "none") for arm, agent in agents.items()}
        stopped = list(stoppable(agents["none"], world, options.stopped))
        cut = {arm: [after_a_stop(agents[arm], world, task) for task in stopped] for arm in ("blind", "l1", "l2")}
        figures: dict[str, object] = {
            "benchmark": "retrieval",
            "past": len(past.likeness),
            "tasks": options.tasks,
            "stopped_tasks": len(stopped),
        }
        figures |= cost(past, world, fresh[:20])
        rows = [row(arm, tally, tallies["blind"]) for arm, tally in tallies.items()]
        stops = [{"arm": arm, "success": share(done), **paired(cut["blind"], done)} for arm, done in cut.items()]
    for table in (rows, stops):
        heads = list(table[-1])
        lines = [" | ".join(heads), *(" | ".join(str(line.get(head, "-")) for head in heads) for line in table)]
        sys.stderr.write("\n".join(f"| {line} |" for line in lines) + "\n\n")
    sys.stdout.write(json.dumps({**figures, "rows": rows, "stopped": stops}) + "\n")


def practised(home: Path, options: argparse.Namespace) -> Past:
    """A record of practised tasks with their probes, ready to be searched."""
    store, frames = Store.open(home), Frames(home)
    store.new_session(SESSION, "{}")
    store.begin_round(SESSION, 0)
    publication = Publication(rules=str(options.rules), rulebook=build.published(options.rules), checkpoint=str(options.checkpoint))
    rollout = Rollout(str(home), 4)
    for number in range(options.past):
        job = Job(session=SESSION, round=0, use="collect", seed=FIRST_PAST + number, mode="policy", probes=4)
        for episode in rollout.run(job, publication):
            store.record(episode)
    embed = build.embedding(build.proposer(options.checkpoint))
    past = Past(embed, Likeness(home / "likeness.faiss"), store.episode)
    past.catch_up(store, [SESSION], lambda one: frames.load(SESSION, frame_key(one.round, one.task.seed)))
    return past


def attempts(agent: Agent, world: Tabletop, tasks: list[Task], *, again: bool) -> Tally:
    """Every task once, and once more after a failure that leaves hope."""
    tally = Tally()
    for number, task in enumerate(tasks):
        rng = np.random.default_rng([number, 53])
        episode, _ = agent.run(task, rng, session=SESSION)
        tally.note(episode)
        tally.first.append(episode.outcome.success)
        if again and worth_another(episode.outcome):
            episode, _ = agent.run_on(world.go_on(), episode, np.random.default_rng([number, 59]))
            tally.note(episode)
        tally.last.append(episode.outcome.success)
    return tally


def stoppable(agent: Agent, world: Tabletop, count: int) -> Iterator[Task]:
    """Tasks about two things whose plan has steps left behind the second, and whose first two steps go well."""
    number, found = 0, 0
    while found < count and number < 6 * count:
        task = make_task(FIRST_STOPPED + number, "multi")
        number += 1
        begun = stop(agent, world, task)
        if begun is not None:
            found += 1
            yield task


def stop(agent: Agent, world: Tabletop, task: Task) -> Episode | None:
    """The task begun and stopped; None where it has no more than two steps, or these go wrong."""
    there = world.reset(task)
    scene, decision = agent.decide(there, world.look(), task, np.random.default_rng([task.seed, 61]))
    if len(decision.plan.steps) <= STOPPED_AFTER:
        return None
    outcome: Outcome = carry_out(world, there, Plan(steps=decision.plan.steps[:STOPPED_AFTER]))
    if any(event.kind != "goal_missed" for event in outcome.events):
        return None
    outcome = outcome.model_copy(update={"events": ()})
    return Episode(session=SESSION, round=0, use="run", task=task, scene=scene, decision=decision, outcome=outcome)


def after_a_stop(agent: Agent, world: Tabletop, task: Task) -> bool:
    """Whether the rest is done as well."""
    begun = stop(agent, world, task)
    assert begun is not None, "the world repeats itself"
    return agent.run_on(world.go_on(), begun, np.random.default_rng([task.seed, 67]))[0].outcome.success


def cost(past: Past, world: Tabletop, tasks: list[Task]) -> dict[str, float]:
    """Median process milliseconds of the two halves of l3: looking once more, and searching."""
    looked, searched = [], []
    for task in tasks:
        world.reset(task)
        image = world.look()
        start = time.process_time()
        direction = past.embed(image, task.instruction)
        middle = time.process_time()
        past.likeness.nearest(direction, NEIGHBOURS)
        looked.append(middle - start)
        searched.append(time.process_time() - middle)
    return {"embed_ms": round(1000 * float(np.median(looked)), 2), "search_ms": round(1000 * float(np.median(searched)), 3)}


def row(arm: str, tally: Tally, blind: Tally) -> dict[str, object]:
    """One arm as figures."""
    asked = sum(tally.asked.values())
    return {
        "arm": arm,
        "first_attempt": share(tally.first),
        "in_the_end": share(tally.last),
        **paired(blind.last, tally.last),
        "trigger_rate": round(asked / tally.decisions, 3),
        "triggers": " ".join(f"{name} {count}" for name, count in sorted(tally.asked.items())) or "-",
        "ms": " ".join(f"{level} {np.median(times):.1f}" for level, times in sorted(tally.spent.items())) or "-",
    }


def share(done: list[bool]) -> str:
    low, high = wilson(sum(done), len(done))
    return f"{np.mean(done):.3f} ({low:.2f} to {high:.2f})"


def paired(before: list[bool], after: list[bool]) -> dict[str, object]:
    """Tasks won and lost against the arm without memory, and McNemar's exact p."""
    gained = sum(b < a for b, a in zip(before, after, strict=True))
    lost = sum(b > a for b, a in zip(before, after, strict=True))
    return {"gained": gained, "lost": lost, "p": round(mcnemar(gained, lost), 4)}


if __name__ == "__main__":
    main()
