"""What breaks a core rule or says what nobody should teach a robot is dropped, and counted by its reason."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.errors import DataError
from siren.core.task import Family
from siren.learning.safety import DENIED, NO_PLAN, Guard, core_checker, read_denied, told
from siren.learning.samples import Row, Text
from siren.policy.action_text import read_words, write_words
from siren.world.expert import careless_plan
from siren.world.splits import SHARES
from siren.world.tasks import make_task, nominal_scene

RULES = Path(__file__).parents[2] / "rules"
GOOD = "pick egg x97 y88 r30 z12 slow gentle ; place egg in box x152 y128 r0 z25 slow firm"
SCRAPES = GOOD.replace("z12", "z0")
FULL_HAND = "pick egg x97 y88 r30 z12 slow gentle ; pick die x40 y128 r0 z12 slow firm"
EMPTY_HAND = "place egg in box x152 y128 r0 z25 slow firm"


@pytest.fixture(scope="module")
def checker() -> object:
    return core_checker(RULES)


@pytest.mark.parametrize(("plan", "reason"), [(GOOD, None), (SCRAPES, "c_too_low"), (FULL_HAND, "c_hand_full"), (EMPTY_HAND, "c_not_held")])
def test_plans_that_break_a_core_rule_are_dropped_by_its_name(checker, plan: str, reason: str | None) -> None:
    guard = Guard(checker)
    assert guard.allows("put the egg in the box", read_words(plan)) == (reason is None)
    assert dict(guard.dropped) == ({reason: 1} if reason else {})


@pytest.mark.parametrize("family", [*SHARES["seen"], *SHARES["multi"]])
def test_what_the_robot_is_taught_passes(checker, family: Family) -> None:
    guard = Guard(checker)
    for seed in range(12):
        task = make_task(seed, "multi" if family in SHARES["multi"] else "seen", family)
        plan = read_words(write_words(careless_plan(task, nominal_scene(task), np.random.default_rng(seed))))
        assert guard.allows(task.instruction, plan), f"{task.instruction}: {plan}"


def test_denied_phrases_are_found_as_whole_words() -> None:
    guard = Guard(None)
    assert not guard.allows("Stab the soccer ball!")
    assert not guard.allows("set fire to the candle")
    assert guard.allows("pick up the harmonica and the gunny sack")
    assert dict(guard.dropped) == {"denied: stab": 1, "denied: set fire": 1}
    assert told(guard.dropped) == "2 dropped (denied: set fire 1, denied: stab 1)"


def test_a_row_loses_the_texts_that_may_not_be_learned(checker) -> None:
    texts = (
        Text("robot : put the egg in the box", GOOD),
        Text("robot : put the egg in the box", SCRAPES),
        Text("robot : put the egg in the box", "pick egg"),
        Text("question : where is the egg", "egg x1 y1 any"),
        Text("caption", "a weapon"),
        Text("robot : show me the egg", "point egg x1 y1 any"),
    )
    guard = Guard(checker)
    row = guard.row(Row(np.zeros((96, 96, 3), np.uint8), texts))
    assert row.texts == (texts[0], texts[3], texts[5]), "to point is to answer, not to act"
    assert dict(guard.dropped) == {"c_too_low": 1, NO_PLAN: 1, "denied: weapon": 1}


def test_phrases_of_a_file_come_on_top(tmp_path: Path) -> None:
    (tmp_path / "deny.txt").write_text("Juggle\n\n  throw away \n")
    denied = read_denied(tmp_path / "deny.txt")
    assert denied == (*DENIED, "juggle", "throw away")
    assert not Guard(None, denied).allows("juggle the eggs")
    with pytest.raises(DataError, match="one a line"):
        read_denied(tmp_path / "nowhere.txt")
