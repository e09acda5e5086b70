"""What the policy is trained on: pictures with pairs of prompt and answer behind them.

A `Row` is one picture and several texts about it, in the words of the model; the texts do not see each other. `RobotSample` and
`WebSample` are what other parts hand in: they are turned into rows by a vocabulary.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from siren.core.plan import Plan
from siren.policy.action_text import write_words
from siren.policy.vocabulary import Vocabulary


class Text(NamedTuple):
    """One exchange in words of the vocabulary, without the end word: `robot : pick up the egg` and `pick egg x97 ...`.

    An answer that does not end says how it begins and leaves the rest open; its first `given` words are read, not learned.
    """

    prompt: str
    answer: str
    ends: bool = True
    given: int = 0


@dataclass(frozen=True)
class Row:
    """One picture, the texts about it, and what its 64 image tokens show."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    texts: tuple[Text, ...]
    regions: np.ndarray | None = None  # int16, (5, 8, 8): fields of regions.Region; -1 is background or not known

    def known_to(self, vocabulary: Vocabulary) -> "Row":
        """The row with those of its texts that a model of these words can read."""
        known = vocabulary.ids.keys()
        return replace(self, texts=tuple(text for text in self.texts if known >= {*text.prompt.split(), *text.answer.split()}))


@dataclass(frozen=True)
class RobotSample:
    """A picture, what was asked for, and a plan that does it."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    instruction: str
    plan: Plan

    def to_row(self, vocabulary: Vocabulary) -> Row:
        """InstructionError for words that the model does not know, PlanRefusedError for a pose it cannot say."""
        return Row(self.image, (Text(f"robot : {vocabulary.read(self.instruction)}", write_words(self.plan)),))


@dataclass(frozen=True)
class WebSample:
    """A picture, a question about it in the words of the model, and the answer."""

    image: np.ndarray  # uint8, (96, 96, 3), RGB
    question: str
    answer: str

    def to_row(self) -> Row:
        return Row(self.image, (Text(self.question, self.answer),))
