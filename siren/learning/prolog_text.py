"""Prolog text as ground facts, each with its line. What is no ground fact is refused by line; directives are left out and named.

Only what problem folders need: names, numbers, quoted words and flat tuples. No lists, no compound terms, no rules.
"""

import re
from typing import NamedTuple

from siren.core.errors import RuleError

_SKIPPED = re.compile(r"%[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = r"(?:[a-z]\w*|-?\d+(?:\.\d+)?|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
_INNER = rf"{_WORD}\s*(?:\(\s*{_WORD}(?:\s*,\s*{_WORD})*\s*\))?"
_TUPLE = rf"\(\s*{_WORD}(?:\s*,\s*{_WORD})*\s*,?\s*\)"
_FACT = re.compile(rf"([a-z]\w*)\s*(?:\(\s*((?:{_INNER}|{_TUPLE})(?:\s*,\s*(?:{_INNER}|{_TUPLE}))*)\s*\))?\s*", re.DOTALL)
_ARGUMENT = re.compile(rf"{_INNER}|{_TUPLE}", re.DOTALL)
_STATEMENT = re.compile(r"(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|\d+\.\d+|[^.'\"])*\.(?=\s|$|[a-z:])", re.DOTALL)


class Fact(NamedTuple):
    """`name(args)`; arguments are texts: words, numbers, tuples such as `(train,)` or inner facts such as `eastbound(t1)`."""

    name: str
    args: tuple[str, ...]
    line: int


def read_facts(text: str, source: str) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """The facts, and a warning for each directive that was left out. Raises RuleError with file and line."""
    plain = _SKIPPED.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
    facts: list[Fact] = []
    warnings: list[str] = []
    place = 0
    while rest := plain[place:].strip():
        start = place + plain[place:].index(rest[0])
        line = plain.count("\n", 0, start) + 1
        found = _STATEMENT.match(plain, start)
        if found is None:
            raise RuleError(f"expected a fact that ends in '.', got '{rest[:60].splitlines()[0]}'; mend it", source=source, line=line)
        place, statement = found.end(), found.group()[:-1].strip()
        if statement.startswith(":-"):
            warnings.append(f"{source}:{line}: directive '{' '.join(statement.split())[:60]}' was left out")
        else:
            facts.append(_fact(statement, source, line))
    return tuple(facts), tuple(warnings)


def inner_fact(text: str, source: str, line: int) -> Fact:
    """The fact within `pos(...)`. Raises RuleError."""
    return _fact(text, source, line)


def words_of(text: str) -> tuple[str, ...]:
    """The words of a tuple such as `(train,)`, or of a single word."""
    return tuple(re.findall(_WORD, text))


def _fact(statement: str, source: str, line: int) -> Fact:
    found = _FACT.fullmatch(statement)
    if found is None:
        told = " ".join(statement.split())[:60]
        reason = "a rule" if ":-" in statement else f"'{told}'"
        raise RuleError(
            f"expected a ground fact such as parent(ann,bob), got {reason}; problem folders hold facts only", source=source, line=line
        )
    arguments = tuple(match.group().strip() for match in _ARGUMENT.finditer(found[2])) if found[2] else ()
    return Fact(found[1], arguments, line)
