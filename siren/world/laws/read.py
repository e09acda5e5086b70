"""A plan and the laws as what each step breaks."""

from collections.abc import Sequence

from siren.core.plan import SHOVES, TAKES, Plan
from siren.core.scene import Scene
from siren.world.foresight import held_before, scene_after, taken_thing
from siren.world.laws.law import Law, Situation


def situation(scene: Scene, plan: Plan, number: int) -> Situation | None:
    """Step `number` (from 1) as it begins when all before it went well; None when it handles nothing."""
    step, before = plan.steps[number - 1], scene_after(scene, plan, number - 1)
    thing = taken_thing(before, step) if step.skill in TAKES | SHOVES else held_before(scene, plan, number)
    return Situation(before, step, thing) if thing is not None else None


def broken_by(laws: Sequence[Law], scene: Scene, plan: Plan, number: int) -> tuple[str, ...]:
    """Names of these laws that step `number` (from 1) of the plan breaks."""
    now = situation(scene, plan, number)
    if now is None:
        return ()
    return tuple(law.name for law in laws if now.step.skill in law.skills and law.breaks(now))
