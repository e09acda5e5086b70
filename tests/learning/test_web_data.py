"""Pictures of any things, and texts about them that are true."""

import math

import numpy as np
import pytest

from siren.core.task import Reference
from siren.learning.commands import WEB_ONLY, another_goal, shared_phrases
from siren.learning.robot_data import policy_vocabulary, robot_row
from siren.learning.safety import Guard
from siren.learning.samples import Row
from siren.learning.shown import Shown, shown_things
from siren.learning.web_data import arrange, web_row, web_samples
from siren.learning.web_texts import MEANINGS, POINT, SHOW, spoken_of, web_texts
from siren.policy.action_text import read_words
from siren.policy.grammar import DONE, PlanGrammar
from siren.world.camera import Camera, Setting, VisibleBody
from siren.world.catalogue import catalogue, things, uses
from siren.world.shape import quaternion
from siren.world.tasks import make_task

KINDS = catalogue()


@pytest.fixture(scope="module")
def camera():
    with Camera() as made:
        yield made


@pytest.fixture(scope="module")
def web_rows(camera: Camera) -> list[Row]:
    rng = np.random.default_rng(1)
    return [web_row(rng, camera) for _ in range(25)]


@pytest.fixture(scope="module")
def robot_rows(camera: Camera) -> list[Row]:
    rng = np.random.default_rng(2)
    return [robot_row(rng, camera, policy_vocabulary()) for _ in range(15)]


def lay(*kinds: tuple[str, float, float, float]) -> tuple[VisibleBody, ...]:
    """Things by kind, x, y (m) and yaw (degrees)."""
    return tuple(VisibleBody(kind, (x, y, KINDS[kind].rest), quaternion((0, 0, math.radians(yaw)))) for kind, x, y, yaw in kinds)


def said(shown: tuple[Shown, ...], *references: Reference) -> dict[str, str]:
    """Each phrase of these kinds, and the kind of the thing that it means."""
    return {phrase.text: thing.kind.name for phrase, thing in spoken_of(shown, *references)}


def test_places_and_axes_are_those_of_the_robots_grid(camera: Camera) -> None:
    bodies = lay(("remote", 0.401, 0.101, 60.0), ("orange", 0.60, -0.20, 10.0))
    remote, orange = shown_things(bodies, camera.look(bodies).segmentation, Setting())
    assert (remote.region.x, remote.region.y) == (int((0.401 - 0.17) / 0.0025), int((0.101 + 0.32) / 0.0025))
    assert remote.turn == "r40"
    assert orange.turn == "any"
    texts = web_texts(np.random.default_rng(0), (remote, orange), 1)
    assert texts[0].answer.split(" ; ")[0].startswith(f"remote {remote.place}"), "left comes first, and left is +y"


def test_region_labels_lie_where_the_thing_is(camera: Camera, web_rows: list[Row]) -> None:
    away = []
    for row in web_rows:
        assert row.regions is not None
        kind, x, y, *_ = row.regions
        rows, columns = np.nonzero(kind >= 0)
        away.append(np.hypot((255 - x[rows, columns]) / 32 - rows - 0.5, (255 - y[rows, columns]) / 32 - columns - 0.5))
    tokens = np.concatenate(away)  # how far the thing's centre is from the token that shows it, in tokens
    assert np.median(tokens) < 1.0
    assert (tokens < 3).all()


def test_uses_and_comparisons_name_the_one_thing_that_fits(camera: Camera) -> None:
    bodies = lay(("orange", 0.4, 0.2, 0.0), ("bread_loaf", 0.5, 0.0, 30.0), ("die", 0.6, -0.2, 0.0))
    shown = shown_things(bodies, camera.look(bodies).segmentation, Setting())
    fits = said(shown, "use", "comparison", "sum")
    assert fits["something that is a fruit"] == "orange"
    assert fits["something that suits breakfast"] == "bread_loaf"
    assert fits["the largest thing"] == "bread_loaf"
    assert fits["the smallest thing"] == "die"
    assert fits["the leftmost thing"] == "orange"
    assert fits["the second thing from the left"] == "bread_loaf"


def test_two_that_fit_are_asked_for_by_no_use(camera: Camera) -> None:
    bodies = lay(("orange", 0.4, 0.2, 0.0), ("apple", 0.5, 0.0, 0.0))
    shown = shown_things(bodies, camera.look(bodies).segmentation, Setting())
    assert "something that is a fruit" not in said(shown, "use")


def test_mats_are_spoken_of_by_their_symbols_and_by_sums(camera: Camera) -> None:
    bodies = lay(("two_dots", 0.4, 0.2, 0.0), ("yellow_disc", 0.5, -0.1, 0.0))
    fits = said(shown_things(bodies, camera.look(bodies).segmentation, Setting()), "symbol", "sum")
    assert fits["one plus one"] == "two_dots"
    assert fits["the yellow circle"] == "yellow_disc"


def test_another_colour_is_told_and_keeps_the_name(camera: Camera) -> None:
    (body,) = lay(("soap", 0.5, 0.0, 0.0))
    (green,) = shown_things((body._replace(variant="green"),), camera.look((body._replace(variant="green"),)).segmentation, Setting())
    assert (green.kind.name, green.seen.colour) == ("soap", "green")


def test_commands_about_a_scene_mean_one_thing_in_it(camera: Camera) -> None:
    bodies = lay(("orange", 0.4, 0.2, 0.0), ("cola_can", 0.5, 0.0, 30.0), ("die", 0.6, -0.2, 0.0), ("blue_mat", 0.42, -0.15, 0.0))
    shown = shown_things(bodies, camera.look(bodies).segmentation, Setting())
    rng, task = np.random.default_rng(5), make_task(0)
    goals = [goal for _ in range(400) if (goal := another_goal(rng, task, shown)) is not None]
    assert {goal.family for goal in goals} == {"pick", "place", "near", "push", "tip"}
    assert {goal.language for goal in goals} == {"en", "es", "ko"}
    assert {goal.reference for goal in goals} >= {"name", "use", "occasion", "comparison", "sum"}
    by_use = [goal for goal in goals if "something that is a fruit" in goal.instruction]
    assert by_use
    assert all(goal.goal.object == "orange" for goal in by_use)
    assert not any(word in goal.instruction.split() for goal in goals for word in WEB_ONLY)


def test_every_kind_comes_up_and_every_word_is_known(web_rows: list[Row], robot_rows: list[Row]) -> None:
    vocabulary = policy_vocabulary()
    for row in (*web_rows, *robot_rows):
        for text in row.texts:
            vocabulary.encode(f"{text.prompt} {text.answer}")
    rng = np.random.default_rng(4)
    seen = {body.kind for _ in range(150) for body in arrange(rng, tuple(KINDS.values()), 6, 0.3)}
    assert seen == set(KINDS)


def test_robot_rows_hold_plans_the_grammar_allows_and_no_unseen_kind(robot_rows: list[Row]) -> None:
    vocabulary = policy_vocabulary()
    grammar, held_out = PlanGrammar(vocabulary), {kind.name for kind in things(held_out=True)}
    plans = [text for row in robot_rows for text in row.texts if text.prompt.startswith("robot")]
    commands = [text for text in plans if not text.answer.startswith("point")]
    assert len(plans) > 50
    asked = {use for text in commands for use in uses() if f"that {use}" in text.prompt}
    assert asked
    assert asked <= shared_phrases()
    assert "tells the time" not in shared_phrases()  # no seen kind does
    for text in plans:
        assert read_words(text.answer).steps
        state = grammar.start
        for word in vocabulary.encode(f"{text.answer} <eos>"):
            assert word in grammar.allowed(state), text
            state = grammar.advance(state, word)
        assert state == DONE
        assert not held_out & set(f"{text.prompt} {text.answer}".split())


def test_the_same_seed_draws_the_same_row(camera: Camera) -> None:
    once, again = (web_row(np.random.default_rng(9), camera) for _ in range(2))
    assert once.texts == again.texts
    assert np.array_equal(once.image, again.image)


def test_single_questions_come_as_many_as_asked_for(camera: Camera) -> None:
    samples = web_samples(np.random.default_rng(0), camera, 10)
    assert len(samples) == 10
    assert samples[0].to_row().texts[0][:2] == (samples[0].question, samples[0].answer)


def test_every_pointing_answer_passes_the_guard(web_rows: list[Row]) -> None:
    guard = Guard(None)
    pointing = [text for row in web_rows for text in guard.row(row).texts if text.answer.startswith(POINT)]
    assert len(pointing) > 40
    assert any(" ; " in text.answer for text in pointing), "two things one after the other"
    assert {verb.removesuffix(" {o}") for verb in SHOW} <= {" ".join(text.prompt.split()[2:4]).removesuffix(" the") for text in pointing}
    assert not guard.dropped


def test_what_verbs_mean_is_said_without_a_command(web_rows: list[Row]) -> None:
    meanings = {text.prompt: text.answer for row in web_rows for text in row.texts if " mean " in text.prompt}
    assert len(meanings) > 4
    assert all(prompt.startswith("question : what does ") for prompt in meanings)
    assert set(meanings.values()) <= set(MEANINGS)
    assert not {word for prompt in meanings for word in prompt.split()} & (set(KINDS) - {"lid"}), (
        "a word is explained, nothing is asked for"
    )
