"""One real decision as a core Episode, to be varied by each story; and the places where a record can be kept."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from siren.core.episode import Candidate, Decision, Edit, Episode, Event, Outcome, Repair, Use, Verdict, Violation
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Placement, Task
from siren.memory.store import Store

EGG = SceneObject(
    name="egg", kind="egg", position=(0.41234567890123, -0.1, 0.022), yaw=30.0, size=(0.045, 0.045, 0.044), outline="round", colour="white"
)


def build_episode(
    seed: int = 1, *, session: str = "evening", round: int = 1, attempt: int = 0, use: Use = "collect", success: bool = False
) -> Episode:
    firm, gentle = pick_step(EGG, 0, "normal", "firm"), pick_step(EGG, 0, "normal", "gentle")
    verdict = Verdict(violations=(Violation(rule="r0001", args=("egg",), step=1),), weight=0.7)
    events = () if success else (Event(kind="crushed", step=1, phase="grasp", tick=123, subject="egg"),)
    return Episode(
        session=session,
        round=round,
        attempt=attempt,
        use=use,
        task=Task(
            seed=seed,
            family="pick",
            split="seen",
            instruction="pick up the egg",
            goal=Goal(relation="held", object="egg"),
            layout=(Placement(name="egg", kind="egg", position=EGG.position, yaw=30.0),),
        ),
        scene=Scene(objects=(EGG,)),
        decision=Decision(
            candidates=(
                Candidate(text=str(Plan(steps=(firm,))), score=-1.25, plan=Plan(steps=(firm,)), verdict=verdict),
                Candidate(text="pick egg from the", score=-7.0 / 3.0, plan=None),
            ),
            chosen=0,
            plan=Plan(steps=(gentle,)),
            repair=Repair(
                plan=Plan(steps=(gentle,)), edits=(Edit(step=1, field="force", before="firm", after="gentle"),), residual=Verdict()
            ),
            rulebook="0123abcd",
            checkpoint="siren-tiny",
            milliseconds={"propose": 12.345678901234567},
        ),
        outcome=Outcome(success=success, goal_reached=success, events=events, ticks=700, state_hash="ab" * 32),
    )


@pytest.fixture
def episode() -> Callable[..., Episode]:
    return build_episode


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty home, or an empty database on a server: everything told of the store holds for both."""
    if request.param == "sqlite":
        return str(tmp_path)
    url: str = request.getfixturevalue("postgres").new_database()
    return url


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    store = Store.open(place)
    store.new_session("evening", '{"rounds": 3}')
    yield store
    store.close()


@pytest.fixture
def tables(place: str, store: Store) -> Iterator[Engine]:
    """The same database as `store`, for looking and meddling past it."""
    engine = create_engine(place if "://" in place else f"sqlite:///{place}/siren.db")
    yield engine
    engine.dispose()
