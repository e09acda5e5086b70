"""All laws of the world, by name."""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from siren.core.errors import WorldError
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.world.laws.grasp import grasp_laws
from siren.world.laws.law import Law
from siren.world.laws.manner import manner_laws
from siren.world.laws.motion import motion_laws
from siren.world.laws.order import order_laws
from siren.world.laws.read import broken_by
from siren.world.laws.rest import rest_laws

LAWS: Mapping[str, Law] = MappingProxyType(
    {law.name: law for law in manner_laws() + grasp_laws() + order_laws() + rest_laws() + motion_laws()}
)


def law_of(name: str) -> Law:
    """The law of that name. Raises WorldError that names the nearest."""
    if name not in LAWS:
        near = difflib.get_close_matches(name, LAWS, 1, 0.5)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise WorldError(f"unknown law '{name}'; {hint}known laws: {', '.join(LAWS)}")
    return LAWS[name]


def broken_laws(scene: Scene, plan: Plan, number: int) -> tuple[str, ...]:
    """Names of the laws that step `number` (from 1) of the plan breaks."""
    return broken_by(tuple(LAWS.values()), scene, plan, number)
