"""Sentences of people become words of the model, or an error that helps."""

import pytest

from siren.core.errors import InstructionError
from siren.policy.checkpoint import to_tokenizer
from siren.policy.vocabulary import Vocabulary


def test_names_of_two_words_become_one_and_filler_goes(vocabulary: Vocabulary) -> None:
    assert vocabulary.read("Pick up the cola can, please!") == "pick up the cola_can"


def test_an_unknown_word_is_answered_with_the_nearest(vocabulary: Vocabulary) -> None:
    with pytest.raises(InstructionError, match="got 'eggg' in .* did you mean egg"):
        vocabulary.read("pick up the eggg")


def test_a_sentence_without_known_words_is_refused(vocabulary: Vocabulary) -> None:
    with pytest.raises(InstructionError, match="expected an instruction such as"):
        vocabulary.read("please, thanks!")


@pytest.mark.parametrize("number", ["x13", "r7", "<eos>"])
def test_words_that_only_the_model_speaks_cannot_be_smuggled_in(vocabulary: Vocabulary, number: str) -> None:
    with pytest.raises(InstructionError):
        vocabulary.read(f"pick up the {number}")


def test_every_word_has_one_id_and_axes_lie_together(vocabulary: Vocabulary) -> None:
    assert vocabulary.decode(vocabulary.encode("pick egg x0 y255 z7 r119")) == "pick egg x0 y255 z7 r119"
    assert vocabulary.words[vocabulary.axis("y")] == tuple(f"y{number}" for number in range(256))
    assert vocabulary.axis("r").stop == len(vocabulary)


def test_a_kind_called_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="egg"):
        Vocabulary(["egg", "egg"], [])


def test_the_stock_tokenizer_reads_the_same_ids(vocabulary: Vocabulary) -> None:
    text = "pick cola_can x97 y88 r30 z12 slow gentle"
    assert to_tokenizer(vocabulary)(text, add_special_tokens=False)["input_ids"] == vocabulary.encode(text)
