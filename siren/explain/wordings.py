"""Two wordings of a rule as lines that begin with '-', '+' or a space: the sentence, the head, and condition by condition."""

import difflib
import re

from siren.core.rule import Rule


def diff_wordings(before: Rule, after: Rule) -> tuple[str, ...]:
    """Lines of both in order; nothing but spaces in front when they are equal."""
    return tuple(line for line in difflib.ndiff(_lines(before), _lines(after)) if not line.startswith("?"))


def _lines(rule: Rule) -> list[str]:
    head, _, body = rule.text.partition(":-")
    conditions = re.split(r",\s*(?![^()]*\))", body.strip().removesuffix("."))
    return [f"% {rule.sentence}", f"{head}:-", *(" ".join(condition.split()) for condition in conditions)]
