"""Rules such as sessions have learned, and things to put on a table."""

from pathlib import Path

from siren.core.rule import Rule
from siren.core.scene import SceneObject

RULES = Path(__file__).parents[2] / "rules"

# The kinds of conditions that the loop has found in its world (findings of the prototype); ids are arbitrary.
LEARNED = {
    "r0001": "step(T,pick,O), force(T,firm), attribute(O,fragile)",
    "r0002": "step(T,pick,O), speed(T,fast), attribute(O,slippery)",
    "r0003": "step(T,pick,O), on(Y,O,T)",
    "r0004": "step(T,pick,O), near(T,Y,jaw), gap(T,Y,G), G <= 40, over(T,Y,H), H >= 0",
    "r0005": "step(T,pick,O), span(T,S), S >= 80",
    "r0006": "step(T,place,O), target(T,in,D), on(Y,D,T)",
    "r0007": "step(T,place,O), attribute(O,fragile), height(T,H), H >= 60",
    "r0008": "step(T,pick,O), attribute(O,heavy), force(T,gentle)",
}


def learned(rule_id: str, confidence: float = 0.9) -> Rule:
    body = LEARNED[rule_id]
    return Rule(id=rule_id, text=f"violated({rule_id}, (O,), T) :- {body}.", sentence="{O} does not bear it", confidence=confidence)


def thing(name: str, x: float, y: float, size: tuple[float, float, float], bottom: float = 0.0, **more: object) -> SceneObject:
    fields = {"name": name, "kind": name, "position": (x, y, bottom + size[2] / 2), "yaw": 0.0, "size": size, "colour": "grey", **more}
    return SceneObject.model_validate(fields)
