"""Tasks as sentences, in three languages, and sentences as what they ask for. One grammar writes and reads them all.

    for form in forms("place", "en"):
        for phrase in nouns(scene, "apple"):
            sentence = write_instruction(form, phrase.text, spoken("blue_mat"))
    request = read_instruction("put something for breakfast on two plus one, please")

`forms` are sentences with room for a thing and a place, `names` what kinds are called, `nouns` every way to speak of a thing or a
place where it can be meant by nothing else, `reading` the way back.
"""

from siren.world.wording.forms import MANNERS, Manner, forms, write_instruction
from siren.world.wording.names import joined, spoken
from siren.world.wording.nouns import Phrase, nouns, places
from siren.world.wording.reading import Request, instruction_words, read_instruction

__all__ = [
    "MANNERS",
    "Manner",
    "Phrase",
    "Request",
    "forms",
    "instruction_words",
    "joined",
    "nouns",
    "places",
    "read_instruction",
    "spoken",
    "write_instruction",
]
