"""A folder with bk.pl, exs.pl and bias.pl as a learning problem: facts, examples, and what rules may be made of.

The three-file form that inductive logic programming uses: `pos(f(a)).` and `neg(f(b)).`, `head_pred(f,1).`, `body_pred(has,2).`,
`type(has,(train,car)).`, `direction(has,(in,out)).`. Body predicates have one or two arguments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from siren.core.errors import RuleError
from siren.learning.prolog_text import Fact, inner_fact, read_facts, words_of

MAX_FILE = 20_000_000  # characters
LARGEST_HEAD = 3


@dataclass(frozen=True)
class Body:
    """A predicate that rules may be made of. Types are empty words when none is given; an input is never a new variable."""

    name: str
    types: tuple[str, ...]
    inputs: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Problem:
    """Examples are tuples of constants; `warnings` tell what was left out."""

    head: str
    types: tuple[str, ...]
    bodies: tuple[Body, ...]
    positives: tuple[tuple[str, ...], ...]
    negatives: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]


def read_problem(folder: Path) -> Problem:
    """Read the three files. Raises RuleError with file and line."""
    (facts, skipped), (examples, more), (bias, most) = (_read(folder / name) for name in ("bk.pl", "exs.pl", "bias.pl"))
    warnings = [*skipped, *more, *most]
    source = str(folder / "bias.pl")
    heads = [fact for fact in bias if fact.name == "head_pred"]
    if len(heads) != 1:
        raise RuleError(f"expected one head_pred(name,arity), got {len(heads)}; add or remove", source=source)
    head, arity = _signature(heads[0], source)
    if not 1 <= arity <= LARGEST_HEAD:
        raise RuleError(f"expected a head of 1 to {LARGEST_HEAD} arguments, got {arity}", source=source, line=heads[0].line)
    types = {fact.args[0]: words_of(fact.args[1]) for fact in bias if fact.name == "type" and len(fact.args) == 2}
    directions = {fact.args[0]: words_of(fact.args[1]) for fact in bias if fact.name == "direction" and len(fact.args) == 2}
    bodies = []
    for fact in (fact for fact in bias if fact.name == "body_pred"):
        name, count = _signature(fact, source)
        if count not in (1, 2):
            warnings.append(f"{source}:{fact.line}: {name}/{count} was left out: conditions have one or two arguments")
            continue
        rows = tuple(dict.fromkeys(found.args for found in facts if found.name == name and len(found.args) == count))
        inputs = tuple(word == "in" for word in _sized(directions.get(name), count))
        bodies.append(Body(name, _sized(types.get(name), count), inputs, rows))
    positives, negatives = (_examples(examples, sign, head, arity, str(folder / "exs.pl")) for sign in ("pos", "neg"))
    if not positives:
        raise RuleError("expected at least one pos(...) example, got none", source=str(folder / "exs.pl"))
    return Problem(head, _sized(types.get(head), arity), tuple(bodies), positives, negatives, tuple(warnings))


def _read(path: Path) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"expected a readable text file ({error}); a problem has bk.pl, exs.pl and bias.pl", source=str(path)) from error
    if len(text) > MAX_FILE:
        raise RuleError(f"expected at most {MAX_FILE} characters, got {len(text)}", source=str(path))
    return read_facts(text, str(path))


def _signature(fact: Fact, source: str) -> tuple[str, int]:
    if len(fact.args) != 2 or not fact.args[1].isdigit():
        raise RuleError(f"expected {fact.name}(name,arity), got {fact.name}({','.join(fact.args)})", source=source, line=fact.line)
    return fact.args[0], int(fact.args[1])


def _sized(words: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """As many words as there are arguments; empty where none was given."""
    return tuple(words) if words is not None and len(words) == count else ("",) * count


def _examples(facts: Sequence[Fact], sign: str, head: str, arity: int, source: str) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[str, ...], None] = {}
    for fact in facts:
        if fact.name not in ("pos", "neg") or len(fact.args) != 1:
            raise RuleError(f"expected pos({head}(...)) or neg({head}(...)), got {fact.name}(...)", source=source, line=fact.line)
        if fact.name == sign:
            example = inner_fact(fact.args[0], source, fact.line)
            if (example.name, len(example.args)) != (head, arity):
                raise RuleError(
                    f"expected an example of {head}/{arity}, got {example.name}/{len(example.args)}", source=source, line=fact.line
                )
            found[example.args] = None
    return tuple(found)
