"""Sentences in three languages: what is written is read as it was meant, and a phrase means one thing only."""

from collections.abc import Iterator

import pytest

from siren.core.errors import InstructionError
from siren.core.task import Language
from siren.world.catalogue import catalogue, kind_of, occasions, things, uses
from siren.world.layout import Layout, scene_of
from siren.world.palette import COLOURS
from siren.world.suitable import mats, supports
from siren.world.wording import (
    MANNERS,
    Manner,
    forms,
    instruction_words,
    joined,
    nouns,
    places,
    read_instruction,
    spoken,
    write_instruction,
)
from siren.world.wording.forms import FAMILY_OF, FORMS
from siren.world.wording.reading import plain

LANGUAGES: tuple[Language, ...] = ("en", "es", "ko")
PLACES: dict[str, tuple[str, ...]] = {
    "place": mats(),
    "push": mats(),
    "stack": supports(),
    "place_in": ("box",),
    "first": ("box",),
    "near": ("brick", "glass"),
    "clear": ("die", "candle"),
}
SPEECH = [(language, manner) for language in LANGUAGES for manner in MANNERS if forms(manner, language)]


def every_form(manner: Manner, language: Language) -> tuple[str, ...]:
    return (*forms(manner, language), *forms(manner, language, held_out=True))


def written(manner: Manner, language: Language) -> Iterator[tuple[str, str, str]]:
    """Sentences with the thing and the place that they are about."""
    things_asked = ["box"] if manner == "open" else [kind.name for kind in things()]
    for form in every_form(manner, language):
        for number, name in enumerate(things_asked):
            choice = PLACES.get(manner, ("box",))
            place = choice[number % len(choice)]
            yield write_instruction(form, spoken(name, language), spoken(place, language)), name, place if "{d}" in form else ""


@pytest.mark.parametrize(("language", "manner"), [row for row in SPEECH if row[1] not in ("together", "apart")])
def test_what_is_written_by_name_is_read_as_it_was_meant(language: Language, manner: Manner) -> None:
    for text, name, place in written(manner, language):
        request = read_instruction(text)
        assert (request.family, request.language) == (FAMILY_OF[manner], language), text
        assert [noun.pool for noun in request.nouns] == [(name,)], text
        assert request.places == ((place,) if place else ()), text


def test_two_things_are_read_with_their_places() -> None:
    for form in every_form("together", "en"):
        request = read_instruction(write_instruction(form, joined([spoken("egg"), spoken("die")]), spoken("box")))
        assert (request.family, [noun.pool for noun in request.nouns], request.places) == ("tidy", [("egg",), ("die",)], ("box",))
    for form in every_form("apart", "en"):
        request = read_instruction(write_instruction(form, spoken("egg"), spoken("red_mat"), (spoken("book"), spoken("blue_mat"))))
        assert (request.family, [noun.pool for noun in request.nouns]) == ("tidy", [("egg",), ("book",)])
        assert request.places == ("red_mat", "blue_mat")


@pytest.mark.parametrize("phrases", [[f"that {use}" for use in uses()], list(occasions())])
def test_uses_and_occasions_are_read_in_every_form(phrases: list[str]) -> None:
    for phrase in phrases:
        for form in (*every_form("pick", "en"), *every_form("place_in", "en"), *every_form("near", "en")):
            request = read_instruction(write_instruction(form, f"something {phrase}", spoken("box")))
            assert set(request.nouns[0].pool) == set(uses().get(phrase.removeprefix("that "), occasions().get(phrase, ())))


def test_forms_of_training_and_held_out_forms_are_different() -> None:
    for manner in MANNERS:
        seen, held_out = forms(manner), forms(manner, held_out=True)
        assert seen
        assert held_out
        assert not set(seen) & set(held_out)


def test_every_kind_has_a_name_of_its_own_in_every_language() -> None:
    for language in LANGUAGES:
        names = [plain(spoken(name, language)) for name in catalogue()]
        assert len(set(names)) == len(names)


def test_every_colour_of_a_kind_can_be_compared() -> None:
    words = {kind.variant(name).colour for kind in things() for name in ("", *(variant.name for variant in kind.variants))}
    assert words <= set(COLOURS)


def test_every_word_is_known_beforehand() -> None:
    known = set(instruction_words()) | {word for name in catalogue() for word in name.split("_")}
    for language, manner in SPEECH:
        for text, _, _ in written(manner, language):
            assert set(text.split()) <= known, text


def table(*laid: tuple[str, float, float]) -> Layout:
    layout = Layout(rng=None)  # type: ignore[arg-type]  # nothing here is drawn
    for name, x, y in laid:
        layout.put(kind_of(name), (x, y), 0.0)
    return layout


def test_every_way_to_speak_of_a_thing_fits_nothing_else() -> None:
    scene = scene_of(table(("plum", 0.5, 0.2), ("lemon", 0.5, 0.1), ("brick", 0.4, 0.0), ("cereal_box", 0.6, -0.1)).placements())
    told = {phrase.text: phrase.reference for phrase in nouns(scene, "plum")}
    assert told["the plum"] == "name"
    assert told["the leftmost thing"] == "comparison"
    assert told["the darkest fruit"] == "comparison"
    assert "something that is a fruit" not in told, "the lemon is one, too"
    assert {"the heaviest thing", "the second thing from the right"} <= {phrase.text for phrase in nouns(scene, "brick")}
    assert "something for breakfast" in {phrase.text for phrase in nouns(scene, "cereal_box")}
    texts = [phrase.text for thing in scene.objects for phrase in nouns(scene, thing.name)]
    assert len(set(texts)) == len(texts)


def test_the_largest_that_fits_is_not_the_largest() -> None:
    scene = scene_of(table(("box", 0.5, 0.2), ("bread_loaf", 0.5, 0.0), ("orange", 0.4, -0.1), ("die", 0.6, -0.2)).placements())
    assert ("comparison", "the largest thing that fits in the box") in nouns(scene, "orange")
    assert "the largest thing that fits in the box" not in {phrase.text for phrase in nouns(scene, "bread_loaf")}


def test_places_have_symbols_and_sums() -> None:
    assert {"one plus one", "three minus one", "five minus three"} <= {phrase.text for phrase in places("two_dots")}
    for name in mats():
        for phrase in places(name):
            request = read_instruction(write_instruction("put {o} on {d}", "the apple", phrase.text))
            assert (request.places, request.place_reference) == ((name,), phrase.reference)


def test_manners_of_speech_do_not_matter() -> None:
    straight = read_instruction("put the cola can in the box")
    assert read_instruction("  Robot, could you PUT my cola_can in the box, please?") == straight
    assert read_instruction("Pon el limon junto al libro") == read_instruction("¡pon el limón junto al libro!")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pick up the bananna", r"did you mean 'banana'\?.*known objects"),
        ("dance with the egg", r"expected a sentence such as 'pick up THING'.*got 'dance with the egg'"),
        ("", "expected a sentence"),
        ("bring me something that is a frut", r"did you mean 'that is a fruit'\?"),
        ("levanta el limonero", r"did you mean 'limon'\?"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(InstructionError, match=message) as caught:
        read_instruction(text)
    assert "\n" not in str(caught.value)


def test_no_form_stands_for_two_manners_but_those_told_apart_by_their_things() -> None:
    for manners in FORMS.values():
        everything = [form for manner, both in manners.items() if manner != "together" for form in (*both.seen, *both.held_out)]
        assert len(set(everything)) == len(everything)
