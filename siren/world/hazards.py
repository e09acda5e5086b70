"""The laws by the names that expert, failure injection, task maker and audit know them by. See `siren.world.laws`."""

from siren.world.laws.every import LAWS, broken_laws
from siren.world.laws.fingers import fingers_blocked
from siren.world.laws.hidden import fragile, heavy, slippery
from siren.world.laws.read import situation

HAZARDS = tuple(LAWS.values())

__all__ = ["HAZARDS", "broken_laws", "fingers_blocked", "fragile", "heavy", "situation", "slippery"]
