"""Sightings become a scene: what carries what, what is in doubt, what cannot be seen, and what a plan adds."""

from collections.abc import Callable

import numpy as np
import pytest

from siren.core.plan import Plan, parse_plan
from siren.core.scene import Scene, SceneObject
from siren.policy.perceiver import INFERRED, LONG, KindLook, Perceiver
from siren.policy.sightings import Sighting

LOOKS = {
    "box": KindLook((0.14, 0.14, 0.05), "box", "brown", "container"),
    "lid": KindLook((0.15, 0.15, 0.029), "box", "brown", "lid", handle=(0.03, 0.03, 0.02)),
    "brick": KindLook((0.10, 0.06, 0.04), "box", "red", "thing", flat_top=True, flat_base=True),
    "die": KindLook((0.032, 0.032, 0.032), "box", "white", "thing", flat_top=True, flat_base=True),
    "glass": KindLook((0.06, 0.06, 0.10), "round", "clear", "thing", flat_top=True, flat_base=True),
    "banana": KindLook((0.055, 0.152, 0.036), "box", "yellow", "thing"),
    "candle": KindLook((0.05, 0.05, 0.08), "round", "white", "thing", flat_base=True, marks=("wet",)),
    "mat": KindLook((0.10, 0.10, 0.002), "box", "blue", "mat"),
}
IMAGE = np.zeros((96, 96, 3), np.uint8)


class Told:
    """An eye that sees what it is told to."""

    def __init__(self, *sightings: Sighting) -> None:
        self._sightings = sightings

    def see(self, image: np.ndarray, may_share: Callable[[str, str], bool]) -> tuple[Sighting, ...]:
        return self._sightings


def seen(
    kind: str, x: float, y: float, confidence: float = 1.0, axis: float = 0.0, side: float = 0.0, marks: tuple[str, ...] = ()
) -> Sighting:
    return Sighting(kind, (x, y), axis, side, confidence, marks)


def scene(*sightings: Sighting, said: Plan | None = None) -> Scene:
    return Perceiver(Told(*sightings), LOOKS).perceive(IMAGE, said)


def thing(found: Scene, name: str) -> SceneObject:
    one = found.find(name)
    assert one is not None, f"no {name} in {[other.name for other in found.objects]}"
    return one


def test_two_things_at_one_place_are_one_upon_the_other() -> None:
    found = scene(seen("die", 0.5, 0.1), seen("brick", 0.503, 0.1))
    assert (thing(found, "die").support, thing(found, "brick").support) == ("brick", "table")
    assert thing(found, "die").bottom == pytest.approx(0.04)
    assert found.perception == "policy"


def test_what_lies_within_the_walls_of_an_open_box_is_in_it_and_what_lies_on_a_mat_is_on_the_table() -> None:
    found = scene(seen("box", 0.5, 0.1), seen("die", 0.54, 0.12), seen("mat", 0.6, -0.1), seen("glass", 0.6, -0.1))
    assert (thing(found, "die").support, thing(found, "die").inside) == ("box", True)
    assert thing(found, "die").bottom == pytest.approx(0.008)
    assert thing(found, "glass").support == "table"


def test_the_box_below_a_lid_is_inferred_and_marked_so() -> None:
    found = scene(seen("lid", 0.5, 0.1))
    box = thing(found, "box")
    assert (box.marks, box.confidence, thing(found, "lid").support) == (("unseen", "uncertain"), INFERRED, "box")
    beside = scene(seen("lid", 0.5, 0.1), seen("box", 0.6, -0.2))
    assert thing(beside, "lid").support == "table"
    assert [one.name for one in beside.objects] == ["lid", "box"]


def test_doubt_is_a_mark_that_rules_can_speak_of() -> None:
    found = scene(seen("die", 0.4, 0.0, 0.6), seen("glass", 0.6, 0.0, 0.95))
    assert thing(found, "die").marks == ("uncertain",)
    assert thing(found, "glass").marks == ()


def test_only_what_can_be_wet_is_seen_wet() -> None:
    found = scene(seen("candle", 0.4, 0.0, marks=("wet",)), seen("die", 0.6, 0.0, marks=("wet",)))
    assert [one.marks for one in found.objects] == [("wet",), ()]


def test_long_things_lie_along_their_axis_square_ones_along_a_side_and_round_ones_anyhow() -> None:
    found = scene(seen("banana", 0.4, 0.0, axis=120.0), seen("brick", 0.5, 0.2, axis=120.0), seen("die", 0.6, 0.0, side=30.0))
    assert thing(found, "banana").yaw == 30.0, "it is longer along its own y"
    assert thing(found, "brick").yaw == 120.0
    assert thing(found, "die").yaw == 30.0
    assert thing(scene(seen("glass", 0.4, 0.0, axis=45.0, side=30.0)), "glass").yaw == 0.0


def plan(name: str, x: float, y: float) -> Plan:
    return parse_plan(f"pick {name} from top | move to {x:.3f} {y:.3f} 0.020 rotate 0 180 0 speed slow force firm close gripper")


@pytest.mark.parametrize(("rows", "columns", "yaw"), [(5, 7, 93.0), (7, 5, 3.0)])
def test_sides_that_hardly_differ_are_told_apart_by_the_picture(rows: int, columns: int, yaw: float) -> None:
    looks = LOOKS | {"toast": KindLook((0.09, 0.07, 0.02), "box", "brown", "thing")}
    image = IMAGE.copy()
    image[48 - rows : 48 + rows, 48 - columns : 48 + columns] = 255  # 67 by 93 mm; up is +x
    (toast,) = Perceiver(Told(seen("toast", 0.49, 0.0, side=3.0)), looks).perceive(image).objects
    assert toast.yaw == yaw


def test_a_plan_settles_what_the_eye_doubts_but_not_what_it_is_sure_of() -> None:
    doubtful, sure = seen("candle", 0.5, 0.1, 0.5), seen("candle", 0.5, 0.1, 0.99)
    assert [one.name for one in scene(doubtful, said=plan("banana", 0.505, 0.1)).objects] == ["banana"]
    assert [one.name for one in scene(sure, said=plan("banana", 0.505, 0.1)).objects] == ["candle"]
    assert [one.name for one in scene(doubtful, said=plan("banana", 0.6, 0.1)).objects] == ["candle"]


def test_what_a_plan_reaches_for_below_something_that_can_stand_on_it_is_inferred() -> None:
    found = scene(seen("die", 0.5, 0.1), said=plan("glass", 0.5, 0.1))
    assert thing(found, "glass").marks == ("unseen", "uncertain")
    assert thing(found, "die").support == "glass"


def test_kinds_that_nobody_described_are_not_reported() -> None:
    assert scene(seen("unicorn", 0.5, 0.1)).objects == ()
    assert scene().objects == ()


def test_what_counts_as_long_is_what_the_eye_was_taught() -> None:
    from siren.learning.shown import LONG as TAUGHT

    assert LONG == TAUGHT


def test_a_scene_of_the_time_before_confidences_still_reads() -> None:
    old = {"name": "die", "kind": "die", "position": [0.5, 0.1, 0.016], "yaw": 0.0, "size": [0.032, 0.032, 0.032], "colour": "white"}
    assert SceneObject.model_validate(old).confidence == 1.0
