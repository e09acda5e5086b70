"""Two wordings of a rule as lines that begin with '-', '+' or a space: the sentence, the head, and condition by condition."""

import difflib

from siren.core.rule import Rule


def diff_wordings(before: Rule, after: Rule) -> tuple[str, ...]:
    """Lines of both in order; nothing but spaces in front when they are equal."""
    return tuple(line for line in difflib.ndiff(_lines(before), _lines(after)) if not line.startswith("?"))


def _lines(rule: Rule) -> list[str]:
    head, _, body = rule.text.partition(":-")
    return [f"% {rule.sentence}", f"{head}:-", *(line.strip() for line in body.replace("), ", "),\n").splitlines())]
