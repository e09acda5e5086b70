"""Two measurements of a policy, before and after training, as a decision: publish the new weights, or keep the old ones and say why.

Both are taken on the same scenes, so they are compared scene by scene: what was lost against what was gained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from siren.core.statistics import mcnemar

DOUBT = 0.2  # two-sided p up to which more losses than gains are no chance; equally good weights differ on a fifth of tasks
PLACE_CM = 0.1  # by how much the median place error may grow; one step of the model's grid is 0.25 cm


class Measured(Protocol):
    """What is looked at: on which scenes object and word were right, and the median place error in centimetres."""

    @property
    def right(self) -> Sequence[bool]: ...

    @property
    def place_error_cm(self) -> float | None: ...


@dataclass(frozen=True)
class Retention:
    """The decision. `reason` is one clause for people, whichever way it went."""

    publish: bool
    reason: str


def worsened(gained: int, lost: int) -> bool:
    """Whether more was lost than gained, by more than chance explains; three lost and none gained are chance."""
    return lost > gained and mcnemar(gained, lost) <= DOUBT


def compare(before: Measured, after: Measured) -> Retention:
    """Whether what the old weights could do, the new ones can still do. Raises ValueError when the two are not of the same scenes.

    Whether weights act as well is for the trial in the world (loop/trial.py).
    """
    count = len(before.right)
    if count != len(after.right):
        raise ValueError(f"expected two measurements on the same scenes, got {count} and {len(after.right)}; measure both again")
    gained = sum(now > was for was, now in zip(before.right, after.right, strict=True))
    lost = sum(was > now for was, now in zip(before.right, after.right, strict=True))
    differ = f"of {count} retention scenes {gained} were gained and {lost} lost"
    worse = [f"{differ} (exact p = {mcnemar(gained, lost):.2f})"] if worsened(gained, lost) else []
    old_place, new_place = before.place_error_cm or 0.0, after.place_error_cm or 0.0  # both are None where nothing is reached for
    if new_place - old_place > PLACE_CM + 1e-9:
        worse.append(f"the median place error grew from {old_place:.2f} to {new_place:.2f} cm")
    if worse:
        return Retention(False, f"worse: {' and '.join(worse)}")
    return Retention(True, f"no worse: {differ}, place {old_place:.2f} to {new_place:.2f} cm")
