"""One decision about an egg as an Episode with everything in it: candidates, a verdict, a repair, an event. For stories of the record."""

from siren.core.episode import Candidate, Decision, Edit, Episode, Event, Outcome, Repair, Use, Verdict, Violation
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Placement, Task

EGG = SceneObject(
    name="egg", kind="egg", position=(0.41234567890123, -0.1, 0.022), yaw=30.0, size=(0.045, 0.045, 0.044), outline="round", colour="white"
)


def egg_episode(
    seed: int = 1, *, session: str = "evening", round: int = 1, attempt: int = 0, use: Use = "collect", success: bool = False
) -> Episode:
    """An egg is to be picked up; the first proposal is too firm, the repaired plan ran. A failure is a crushed egg."""
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
