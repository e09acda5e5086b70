"""Fifty questions as people ask them, and the query that each one stands for; at least 48 have to be mapped right."""

import pytest

from siren.core.geometry import pick_step, put_step
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.explain.ask import ask, can_be_asked
from siren.explain.questions import Question, read_question
from siren.testing.scenes import MAT, thing

EGG, CAN = thing("egg", 0.45, -0.1), thing("cola_can", 0.50, 0.05)
DIE = thing("die", 0.50, 0.05, bottom=CAN.top, support="cola_can")
SOAP = thing("soap", 0.40, 0.2)
SCENE = Scene(objects=(EGG, CAN, DIE, SOAP, MAT), perception="test")
ATTRIBUTES = ("fragile", "heavy", "slippery", "wet", "soft", "round")

# The plan that was run: 1 pick die, 2 place die on table, 3 pick egg, 4 place egg on blue_mat.
FIFTY: list[tuple[str, Question]] = [
    ("why did you do that?", Question(kind="explain")),
    ("Why?", Question(kind="explain")),
    ("explain yourself", Question(kind="explain")),
    ("why step 2?", Question(kind="why_step", step=2)),
    ("Why did you take the die first?", Question(kind="why_step", step=1)),
    ("why did you pick up the egg so slowly?", Question(kind="why_step", step=3)),
    ("why did you put the egg down gently", Question(kind="why_step", step=4)),
    ("Why is the third step like that?", Question(kind="why_step", step=3)),
    ("why was the egg gripped gently?", Question(kind="why_step", step=3)),
    ("why did you not take the egg?", Question(kind="why_not_take", thing="egg")),
    ("Why didn't you pick up the cola can?", Question(kind="why_not_take", thing="cola_can")),
    ("why not the soap?", Question(kind="why_not_take", thing="soap")),
    ("why didn't you grab the can instead?", Question(kind="why_not_take", thing="cola_can")),
    ("How come you did not use the soap?", Question(kind="why_not_take", thing="soap")),
    ("why did you take the egg instead of the soap?", Question(kind="why_not_take", thing="soap")),
    ("why did you not put the egg on the cola can?", Question(kind="why_not_put", thing="egg", target="cola_can")),
    ("why didn't you place the soap on the mat", Question(kind="why_not_put", thing="soap", target="blue_mat")),
    ("why not gently?", Question(kind="why_not_manner", manner="gentle", step=1)),
    ("why didn't you go faster?", Question(kind="why_not_manner", manner="fast", step=1)),
    ("why not grip the egg firmly?", Question(kind="why_not_manner", manner="firm", step=3)),
    ("Why did you not put the egg down slowly?", Question(kind="why_not_manner", manner="slow", step=4)),
    ("why not the second proposal?", Question(kind="why_not_proposal", proposal=2)),
    ("why did you not choose plan 3?", Question(kind="why_not_proposal", proposal=3)),
    ("what if the egg were not fragile?", Question(kind="what_if", facts=("not attribute(egg,fragile)",))),
    ("What if the soap was heavy?", Question(kind="what_if", facts=("attribute(soap,heavy)",))),
    ("what if you took the egg firmly?", Question(kind="what_if", facts=("force(3,firm)",))),
    ("what if it went fast at step 4?", Question(kind="what_if", facts=("speed(4,fast)",))),
    ("What if nothing stood on the cola can?", Question(kind="what_if", facts=("not on(die,cola_can)",))),
    ("what if the die weren't on the can?", Question(kind="what_if", facts=("not on(die,cola_can)",))),
    ("what if force(1,gentle)?", Question(kind="what_if", facts=("force(1,gentle)",))),
    ("suppose the egg were wet", Question(kind="what_if", facts=("attribute(egg,wet)",))),
    ("what went wrong?", Question(kind="outcome")),
    ("Why did it fail?", Question(kind="outcome")),
    ("did it work?", Question(kind="outcome")),
    ("how did it end", Question(kind="outcome")),
    ("what would have worked?", Question(kind="trials")),
    ("was it tried again?", Question(kind="trials")),
    ("what do you see?", Question(kind="seen")),
    ("What is on the table?", Question(kind="seen")),
    ("where is the soap?", Question(kind="seen", thing="soap")),
    ("which failures taught r0002?", Question(kind="taught", rule="r0002")),
    ("where does that rule come from?", Question(kind="taught")),
    ("which rules were broken?", Question(kind="refusals")),
    ("what did you change?", Question(kind="repair")),
    ("why did you change the plan?", Question(kind="repair")),
    ("what is the least change that would satisfy the rules?", Question(kind="least_change")),
    ("what else did you consider?", Question(kind="candidates")),
    ("has this happened before?", Question(kind="before")),
    ("which checkpoint was trained on this?", Question(kind="trained")),
    ("what did you learn from this?", Question(kind="learned")),
]  # fmt: skip
NOT_QUESTIONS = ["sing me a song", "", "?", "what if pigs could fly", "the egg", "drop table episodes; --", "왜 그랬어", "why not"]


def steps() -> Plan:

    spot = MAT.position[:2]
    return Plan(
        steps=(
            pick_step(DIE, 0, "slow", "firm"),
            put_step("place", DIE, SCENE, "on", "table", (0.3, 0.2), 0, "low", "slow", "firm"),
            pick_step(EGG, 0, "slow", "gentle"),
            put_step("place", EGG, SCENE, "on", "blue_mat", spot, 0, "low", "slow", "gentle"),
        )
    )


def mapped(text: str) -> Question | None:
    return read_question(text, SCENE, steps(), "egg", ATTRIBUTES)


def test_fifty_questions_are_mapped_to_the_right_query() -> None:
    assert len(FIFTY) == 50
    wrong = [f"{text} -> {mapped(text)}" for text, wanted in FIFTY if mapped(text) != wanted]
    assert len(wrong) <= 2, "\n".join(wrong)


@pytest.mark.parametrize("text", NOT_QUESTIONS)
def test_what_is_no_question_is_not_guessed_at(text: str) -> None:
    assert mapped(text) is None


def test_every_example_that_is_offered_is_understood() -> None:
    for example in can_be_asked(SCENE):
        assert mapped(example) is not None, example


def test_each_kind_of_question_gets_an_answer(evening) -> None:
    """On a real table: an egg that was gripped firmly and broke, then a decision that a rule mended."""
    for number in (evening.failed, evening.mended):
        scene = evening.store.episode(number).scene
        for example in can_be_asked(scene):
            reply = ask(evening.store, number, example, evening.knowledge, evening.book)
            assert reply.told, example
    mended = evening.mended

    def told(text: str) -> str:
        return ask(evening.store, mended, text, evening.knowledge, evening.book).told

    assert "force: firm -> gentle" in told("what did you change?")
    assert "egg is fragile" in told("which rules were broken?")
    assert "no longer" in told("what if the egg were not fragile?")
    assert "egg is fragile" in told("why not firmly?")
    assert f"episode {evening.failed}" in told("did this happen before?")
    assert "egg: " in told("what do you see?")
    failed = ask(evening.store, evening.failed, "what went wrong?", evening.knowledge, evening.book)
    assert "the egg was crushed" in failed.told


def test_what_is_not_understood_gets_what_can_be_asked(evening) -> None:
    reply = ask(evening.store, evening.failed, "sing me a song", evening.knowledge)
    assert reply.question is None
    assert not reply.told
    assert len(reply.can_be_asked) > 10
