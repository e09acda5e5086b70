"""Plans as words, numbers as words of a grid: `pick egg x97 y88 r30 z12 slow gentle`. What SIREN's own models speak."""

from siren.core.plan import Plan
from siren.policy.action_text import PLACE_STEP, TURN_STEP, read_words, write_words
from siren.policy.codecs.codec import Resolution

ROUNDING = 0.0005  # metres: places are read to the millimetre


class LanguageCodec:
    """The grammar of policy/action_text.py behind the protocol of codecs."""

    name = "language"
    resolution = Resolution(PLACE_STEP / 2 + ROUNDING, TURN_STEP / 2)

    def write(self, plan: Plan) -> str:
        return write_words(plan)

    def read(self, text: str) -> Plan:
        return read_words(text)

    def tokens(self, plan: Plan) -> int:
        return len(self.write(plan).split())
