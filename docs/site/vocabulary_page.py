"""rules/vocabulary.lp as a page: every predicate with the types of its arguments, what it means, and whether learned rules may use it."""

import re
from itertools import groupby
from pathlib import Path

from siren.symbolic.vocabulary import Predicate, Vocabulary

INTRODUCTION = """# The vocabulary of rules

Every predicate that a rule may speak of; the validator refuses any other. Written from `rules/vocabulary.lp` while this site is built;
[architecture](../architecture.md#the-vocabulary-of-rules) tells the same as prose, [your own rules](../howto/rules.md) shows how to use it.

A *step* is the number of a step of the plan, counted from 1. A *thing* is the name of a thing on the table, `table` or `nothing`.
*mm* are whole millimetres, *degrees* whole degrees. For put steps the thing is what the hand holds, whatever the text says.
"""
PRODUCERS = {
    "head": "What a rule derives",
    "plan": "From the plan",
    "scene": "From the scene",
    "knowledge": "From what is known of kinds (`rules/knowledge`)",
    "domain": "From following the plan (`rules/domain`): before the step",
}


def vocabulary_page(rules: Path) -> str:
    """The page, from a folder of rules."""
    vocabulary = Vocabulary.load(rules)
    remarks = dict(re.findall(r"^predicate\((\w+),.*\.[ ]+% (.*)$", (rules / "vocabulary.lp").read_text(encoding="utf-8"), re.MULTILINE))
    order = list(PRODUCERS)
    ranked = sorted(vocabulary.predicates.values(), key=lambda one: (order.index(one.producer), one.name))
    parts = [INTRODUCTION]
    for producer, predicates in groupby(ranked, key=lambda one: one.producer):
        rows = [_row(one, remarks.get(one.name, "")) for one in predicates]
        parts += [f"## {PRODUCERS[producer]}\n", "| predicate | meaning | in learned rules |\n|---|---|---|", *rows, ""]
    parts += ["## Closed sets of words\n", "| type | words |\n|---|---|"]
    parts += [f"| {name} | {', '.join(f'`{word}`' for word in sorted(words))} |" for name, words in sorted(vocabulary.words.items())]
    return "\n".join(parts) + "\n"


def _row(predicate: Predicate, remark: str) -> str:
    return f"| `{predicate.signature}` | {remark} | {'yes' if predicate.learnable else ''} |"
