"""Names that are not on the table become the things that stand where the plan goes.

The word and the place of a proposal can disagree. The place is right far more often, so a plan runs on what is there; the
disagreement itself is a fact that rules and explanations see (`mismatch`).
"""

from siren.core.plan import TABLE, TABLES, TAKES, Plan, Step
from siren.core.scene import Scene, SceneObject

WITHIN = 0.05  # metres between a keyframe and the centre of what it is meant for
IT = "it"  # stands for a name in plans of models that say keyframes only
FLAT = 0.004  # what is thinner cannot be taken: a mat; metres


def on_the_table(scene: Scene, plan: Plan) -> Plan:
    """The same plan, its unknown names replaced by what stands at their places; unchanged where nothing stands there."""
    renamed: dict[str, str] = {}
    return Plan(steps=tuple(_step(scene, step, renamed) for step in plan.steps))


def _step(scene: Scene, step: Step, renamed: dict[str, str]) -> Step:
    x, y, z = step.keyframe.position
    there = scene.at(x, y, WITHIN)
    if step.skill in TAKES or step.skill == "tip":
        if scene.find(step.object) is None:
            found = min((thing for thing in there if thing.size[2] > FLAT), key=lambda thing: abs(thing.top - z), default=None)
            renamed[step.object] = _name(found, step)
        return step.model_copy(update={"object": renamed.get(step.object, step.object)})
    target = step.target
    if target is not None and target not in TABLES and scene.find(target) is None:
        target = there[0].name if there else TABLE
    return step.model_copy(update={"object": renamed.get(step.object, step.object), "target": target})


def _name(found: SceneObject | None, step: Step) -> str:
    if found is None:
        return step.object
    return found.support if step.skill == "open" and found.handle is not None else found.name
