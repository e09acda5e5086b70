"""Two measurements of a policy, before and after training, as a decision: publish the new weights, or keep the old ones and say why.

Both are taken on the same scenes, so the tolerance only has to cover the few scenes on which two equally good models differ.
"""

from dataclasses import dataclass
from typing import Protocol


class Measured(Protocol):
    """What the gate looks at: shares in 0..1 over `count` scenes, and the median place error in centimetres."""

    @property
    def count(self) -> int: ...

    @property
    def object_right(self) -> float: ...

    @property
    def word_right(self) -> float: ...

    @property
    def place_error_cm(self) -> float | None: ...


@dataclass(frozen=True)
class Retention:
    """The decision. `reason` is one sentence for people, whichever way it went."""

    publish: bool
    reason: str


@dataclass(frozen=True)
class RetentionGate:
    """How much worse the new weights may measure and still count as no worse.

    Shares may fall by `share` or by three scenes, whichever is more: three of 60 lost and none gained is still chance (one-sided
    sign test, p = 0.125). Whether weights act as well is for the trial in the world (loop/trial.py).
    The place error may grow by `place_cm`; one step of the model's grid is 0.25 cm.
    """

    share: float = 0.02
    place_cm: float = 0.1

    def compare(self, before: Measured, after: Measured) -> Retention:
        """Whether what the old weights could do, the new ones can still do. Raises ValueError when the two are not of the same scenes."""
        if before.count != after.count:
            raise ValueError(f"expected two measurements on the same scenes, got {before.count} and {after.count}; measure both again")
        tolerance = max(self.share, 3 / before.count)
        worse = [
            f"{what} fell from {old:.1%} to {new:.1%}"
            for what, old, new in (
                ("the right object", before.object_right, after.object_right),
                ("the right word", before.word_right, after.word_right),
            )
            if old - new > tolerance + 1e-9
        ]
        old_place, new_place = before.place_error_cm or 0.0, after.place_error_cm or 0.0  # both are None where nothing is reached for
        if new_place - old_place > self.place_cm + 1e-9:
            worse.append(f"the median place error grew from {old_place:.2f} to {new_place:.2f} cm")
        if worse:
            return Retention(False, f"not published: {' and '.join(worse)} on {before.count} retention scenes")
        return Retention(
            True,
            f"published: on {before.count} retention scenes object {before.object_right:.1%} to {after.object_right:.1%}, "
            f"word {before.word_right:.1%} to {after.word_right:.1%}, place {old_place:.2f} to {new_place:.2f} cm",
        )
