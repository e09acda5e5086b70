"""Words as numbers for the model, and sentences of people as words the model knows.

One word is one token. Names of kinds are handed in; numbers are words of their own for each axis (x0 to x255, y.., z..,
and r0 to r119 for the turn), because one image token has to carry an x and a y at once (measured: localisation then
starts after 80 instead of 240 training seconds).
"""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from siren.core.errors import InstructionError

PAD, BOS, EOS, IMAGE, SEP, UNKNOWN = "<pad>", "<bos>", "<eos>", "<image>", "<sep>", "<unk>"
SPECIAL = (PAD, BOS, EOS, IMAGE, SEP, UNKNOWN)
PLACES = 256  # steps of 2.5 mm along each axis of the workspace
TURNS = 120  # steps of 1.5 degrees; half a turn is the same grasp

PLAN_WORDS = ("pick", "place", "stack", "open", "push", "tip", "on", "in", "table", ";", "slow", "normal", "fast", "gentle", "firm", "any")
NUMBER = re.compile(r"[xyz](\d{1,3})|r(\d{1,3})")

# Polite filler that carries nothing: it may be dropped. Every other unknown word is an error.
FILLER = frozenset({"please", "kindly", "now", "just", "thanks", "thank", "you", "hey", "siren", "could", "would", "for"})


class Vocabulary:
    """The words of one model, in the order of their ids."""

    def __init__(self, kinds: Sequence[str], words: Sequence[str]) -> None:
        """`kinds` are the names that may stand in plans; `words` is what instructions, questions and answers are made of."""
        self.kinds = tuple(kinds)
        self.language = tuple(dict.fromkeys(word for word in words if word not in self.kinds and word not in PLAN_WORDS))
        numbers = [f"{axis}{place}" for axis in "xyz" for place in range(PLACES)] + [f"r{turn}" for turn in range(TURNS)]
        self.words = (*SPECIAL, *PLAN_WORDS, *self.kinds, *self.language, *numbers)
        self.ids = {word: number for number, word in enumerate(self.words)}
        if len(self.ids) != len(self.words):
            repeated = sorted({word for word in self.words if self.words.count(word) > 1})
            raise ValueError(f"expected every word once, got these more often: {', '.join(repeated)}; rename the kind or the word")
        self._spoken = {kind.replace("_", " "): kind for kind in self.kinds}
        self._known = frozenset((*self.kinds, *self.language, *PLAN_WORDS))
        self._accented = {_plain(word): word for word in self.language if _plain(word) not in self._known}

    def __len__(self) -> int:
        return len(self.words)

    def axis(self, letter: str) -> slice:
        """The ids of one axis' numbers: x, y, z (256 each) or r (120)."""
        first = self.ids[f"{letter}0"]
        return slice(first, first + (TURNS if letter == "r" else PLACES))

    def encode(self, text: str) -> list[int]:
        """Words separated by spaces as ids. KeyError for a word that is not in the vocabulary."""
        return [self.ids[word] for word in text.split()]

    def decode(self, ids: Sequence[int]) -> str:
        """Ids as words separated by spaces."""
        return " ".join(self.words[number] for number in ids)

    def read(self, sentence: str) -> str:
        """A person's sentence as known words: `Pick up the cola can, please!` gives `pick up the cola_can`.

        Raises InstructionError for an empty sentence and for words that are neither known nor filler.
        """
        words = re.findall(r"[\w?:]+", re.sub(r"([?:])", r" \1 ", unicodedata.normalize("NFC", sentence.lower())))
        joined = [self._accented.get(word, word) for word in self._join_names(words)]
        known = [word for word in joined if word in self._known]
        for word in joined:
            if word not in self._known and word not in FILLER:
                raise InstructionError(
                    f"expected words that the policy knows, got '{word}' in \"{sentence.strip()[:120]}\"; {self._nearest(word)}"
                )
        if not known:
            raise InstructionError(f'expected an instruction such as "pick up the {self.kinds[0]}", got "{sentence.strip()[:120]}"')
        return " ".join(known)

    def _join_names(self, words: list[str]) -> list[str]:
        joined: list[str] = []
        while words:
            length = next((n for n in (3, 2) if " ".join(words[:n]) in self._spoken), 1)
            phrase = " ".join(words[:length])
            joined.append(self._spoken.get(phrase, phrase))
            words = words[length:]
        return joined

    def _nearest(self, word: str) -> str:
        near = difflib.get_close_matches(word, (*self._spoken, *self.language), n=3, cutoff=0.5)
        if near:
            return f"did you mean {' or '.join(near)}?"
        return f"things are called: {', '.join(sorted(self._spoken))}"


def _plain(word: str) -> str:
    """A word without accents, as it is typed in haste: `platano`."""
    marked = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(mark for mark in marked if unicodedata.category(mark) != "Mn"))
