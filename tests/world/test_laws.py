"""Every law of the world: broken, it fails at the step that breaks it; kept on the same table, the goal is reached."""

from collections import Counter

import numpy as np
import pytest

from siren.core.errors import WorldError
from siren.world.laws.counting import count_all
from siren.world.laws.every import LAWS, broken_laws, law_of
from siren.world.laws.page import write_page
from siren.world.laws.table import NoRoomError, any_of
from siren.world.laws.trials import LawCount, count_law, sample
from siren.world.layout import scene_of
from siren.world.tabletop import Tabletop

ALL = tuple(LAWS.values())
NAMED = {"law": "crush", "trials": 20, "events": {"crushed": 20}, "lapses": {}}


def test_the_world_has_the_laws_of_the_catalogue() -> None:
    """26 were asked for; each is told apart from the others by its name and its sentence."""
    assert len(LAWS) >= 26
    assert len({law.sentence for law in ALL}) == len(LAWS)


@pytest.mark.parametrize("name", LAWS)
def test_a_pair_differs_in_this_law_alone_and_its_table_is_mixed(name: str) -> None:
    pair = sample(LAWS[name], ALL, 7)
    assert sample(LAWS[name], ALL, 7) == pair  # one seed, one pair
    scene = scene_of(pair.violating.task.layout)
    assert broken_laws(scene, pair.violating.plan, pair.violating.step) == (name,)
    kept = [broken_laws(scene_of(pair.complying.task.layout), pair.complying.plan, at + 1) for at in range(len(pair.complying.plan.steps))]
    assert not any(kept)
    assert len(scene.objects) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("name", LAWS)
def test_it_comes_from_contact_physics(name: str) -> None:
    """Four tables of seeds that `siren laws` counts too: the docs hold the figures over a hundred."""
    with Tabletop() as world:
        *_, count = count_law(LAWS[name], ALL, 4, world)
    assert count.violating_failure >= 0.75
    assert count.complying_failure <= 0.25
    assert set(count.events) & LAWS[name].events


@pytest.mark.slow
def test_the_counts_do_not_depend_on_the_number_of_processes() -> None:
    told: list[int] = []
    alone = count_all(("crush", "out_of_reach"), 2, 1, told.append)
    assert told == [1, 2, 3, 4]
    assert count_all(("crush", "out_of_reach"), 2, 2, told.append) == alone


@pytest.mark.parametrize(("failing", "lapsing", "holds"), [(0.85, 0.05, True), (0.84, 0.0, False), (1.0, 0.06, False)])
def test_a_law_holds_within_its_bounds(failing: float, lapsing: float, holds: bool) -> None:
    assert LawCount(violating_failure=failing, complying_failure=lapsing, **NAMED).holds is holds


def test_the_page_keeps_what_people_wrote_around_its_table(tmp_path) -> None:
    page = tmp_path / "laws.md"
    write_page(page, [LawCount(violating_failure=0.5, complying_failure=0.0, **NAMED)])
    page.write_text(page.read_text() + "\nBy hand.\n")
    write_page(page, [LawCount(violating_failure=1.0, complying_failure=0.0, **NAMED)])
    text = page.read_text()
    assert "1 of 1 laws hold over 20 + 20" in text
    assert text.endswith("\nBy hand.\n")
    assert (
        Counter(text.splitlines())["| law | what it says | why | fails when broken | when kept | first events | shows in the facts |"] == 1
    )


def test_a_table_without_a_choice_is_laid_again() -> None:
    with pytest.raises(NoRoomError, match="draw again"):
        any_of(np.random.default_rng(0), [])


def test_an_unknown_law_is_told_the_nearest() -> None:
    with pytest.raises(WorldError, match="did you mean 'crush'"):
        law_of("crash")
