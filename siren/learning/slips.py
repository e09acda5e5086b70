"""A command, as it is when a word of it was not understood: another word stands there that means nothing in commands.

Word dropout (Iyyer et al. 2015, Deep Averaging Networks): what is asked must then be told from the other words, so a verb that was never
heard in a command does not unsettle which thing is meant and where it goes. Words of names and descriptions are left as they are.
"""

from functools import cache
from typing import get_args

import numpy as np

from siren.core.task import Language
from siren.learning.samples import Text
from siren.policy.vocabulary import Vocabulary
from siren.world.catalogue import catalogue, occasions, uses
from siren.world.wording import MANNERS, forms, spoken
from siren.world.wording.nouns import NUMBERS, ORDINALS, QUALITIES

SLIPS = 0.25  # share of commands with at least one slip
MORE = 0.25  # of those, the share with two


class Slips:
    """Draws slips for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._form_words = _of_forms()
        self._strange = tuple(word for word in vocabulary.language if word not in self._form_words | _of_things())

    def misheard(self, rng: np.random.Generator, command: Text) -> Text:
        """The command as it is, or with one or two words of its form replaced; the plan stays."""
        if rng.random() >= SLIPS:
            return command
        said = command.prompt.split()
        places = [place for place, word in enumerate(said) if word in self._form_words]
        count = min(len(places), 2 if rng.random() < MORE else 1)
        for place in rng.permutation(places)[:count]:
            said[int(place)] = self._strange[int(rng.integers(len(self._strange)))]
        return command._replace(prompt=" ".join(said))


@cache
def _of_forms() -> frozenset[str]:
    """Words of the English forms of training, without the room for names."""
    said = {word for manner in MANNERS for form in forms(manner) for word in form.split()}
    return frozenset(word for word in said if not word.startswith("{"))


@cache
def _of_things() -> frozenset[str]:
    """Words that name or describe a thing in any language: such a word would mean another thing."""
    kinds = catalogue().values()
    named = {word for kind in kinds for language in get_args(Language) for word in spoken(kind.name, language).split()}
    phrases = [*uses(), *occasions(), *(kind.category for kind in kinds), *(kind.colour for kind in kinds), *QUALITIES, *NUMBERS, *ORDINALS]
    return frozenset(named | {word for phrase in phrases for word in phrase.split()})
