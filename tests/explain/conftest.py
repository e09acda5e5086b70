"""A real evening on the real table: something fragile is taken firmly and breaks; a rule is written; the next try is mended."""

from pathlib import Path
from typing import NamedTuple

import pytest

from siren.core.episode import Candidate, Decision, Episode, Repair, Use
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.rule import Rule
from siren.core.scene import Scene
from siren.core.task import Task
from siren.memory.records import CheckpointRecord, Evidence, Sample
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook
from siren.world.laws.hidden import best_turn
from siren.world.tabletop import Tabletop
from siren.world.tasks import task_from_instruction

RULES = Path(__file__).parents[2] / "rules"
FRAGILE = Rule(
    id="r0001",
    text="violated(r0001, (O,), T) :- step(T,pick,O), attribute(O,fragile), force(T,firm).",
    sentence="{O} is fragile: it does not bear a firm grip",
    support=2,
    confidence=0.8,
)


class Evening(NamedTuple):
    """A store and the episodes of interest in it."""

    store: Store
    knowledge: Knowledge
    book: Rulebook
    failed: int
    probe: int
    mended: int


def take(scene: Scene, name: str, force: str) -> Plan:
    thing = scene.find(name)
    assert thing is not None
    return Plan(steps=(pick_step(thing, best_turn(scene, thing), "slow", force),))


def run(
    world: Tabletop, checker: ClingoChecker, task: Task, force: str, *, round: int, use: Use, attempt: int = 0, mend: bool = False
) -> Episode:
    """One decision with a single proposal, carried out."""
    scene = world.reset(task)
    plan = take(scene, task.goal.object, force)
    verdict = checker.check(scene, [plan], task.goal)[0]
    repair: Repair | None = AspRepairer(checker).repair(scene, plan, task.goal) if mend else None
    policy = use == "collect"
    decision = Decision(
        candidates=(
            (Candidate(text=str(plan), score=-0.5, plan=plan, verdict=verdict), Candidate(text="pick the", score=-9.0, plan=None))
            if policy
            else ()
        ),
        chosen=0 if policy else -1,
        plan=repair.plan if repair else plan,
        repair=repair,
        rulebook=checker.rulebook if policy else "",
        checkpoint="siren-tiny",
    )
    outcome = world.execute(decision.plan)
    return Episode(session="evening", round=round, attempt=attempt, use=use, task=task, scene=scene, decision=decision, outcome=outcome)


def breaks(world: Tabletop, checker: ClingoChecker) -> Episode:
    """The first table on which a firm grip is the root of a failure and a gentle one is not."""
    for seed in range(20):
        task = task_from_instruction("pick up the egg", seed)
        firm = run(world, checker, task, "firm", round=0, use="collect")
        gentle = run(world, checker, task, "gentle", round=0, use="probe", attempt=1)
        if firm.outcome.events and firm.outcome.events[0].kind == "crushed" and gentle.outcome.success:
            return firm
    raise AssertionError("no egg broke under a firm grip on 20 tables")


@pytest.fixture(scope="session")
def evening(tmp_path_factory) -> Evening:
    knowledge, core = Knowledge.load(RULES), Rulebook.load(RULES)
    before, after = ClingoChecker(core, knowledge), ClingoChecker(core.with_rule(FRAGILE), knowledge)
    store = Store.open(tmp_path_factory.mktemp("home"))
    store.new_session("evening", "{}")
    for checker in (before, after):
        store.record_rulebook(checker.rulebook, checker.judging)
    with Tabletop() as world:
        firm = breaks(world, before)
        failed = store.record(firm)
        probe = store.record(run(world, before, firm.task, "gentle", round=0, use="probe", attempt=1))
        lessons = [Evidence(rule="r0001", episode=failed, step=1, polarity="for")]
        store.record_rules("evening", 0, [FRAGILE], lessons)
        mended = store.record(run(world, after, firm.task, "firm", round=1, use="collect", mend=True))
    sample = Sample(source="correction", instruction="pick up the egg", text="pick egg", episode=failed)
    store.record_checkpoint("evening", 1, CheckpointRecord(name="tuned-1", path=Path("tuned-1"), sha256="0" * 64, published=True))
    store.record_batch("evening", 1, "tuned-1", [sample])
    return Evening(store, knowledge, after.rules, failed, probe, mended)
