"""A folder of rule files as a rulebook, and a rule as a file that a person can edit.

    %! id=r0007 status=active origin=mined kind=dropped support=41 against=1 confidence=0.91 episodes=12,14,31 created=2026-11-22
    %! "{O} is slippery: it slips out when it is lifted fast"
    violated(r0007, (O,), T) :- step(T,pick,O), speed(T,fast), attribute(O,slippery).

`pinned=WHO` and `banned=WHO` may follow in the header, and a line `%! because: ...` after the sentence says why the rule has its status.
core/*.lp hold several rules each, learned/*.lp one rule a file (its name is the rule's id), retired/*.lp what was refuted.
A rulebook is a value: `with_rule` gives a new one. Whether a rule may be loaded at all is decided by `validate`.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.symbolic.turns import reading

FIELDS = ("id", "status", "origin", "kind", "support", "against", "confidence", "episodes", "created", "pinned", "banned")
WISHES = ("pinned", "banned")  # written only where a person has said so
MARK = "%!"
BECAUSE = f"{MARK} because: "


class Rulebook:
    """Rules by id, in the order of their ids."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        by_id: dict[str, Rule] = {}
        for rule in rules:
            if rule.id in by_id:
                raise RuleError(f"expected every id once, but '{rule.id}' comes twice; give one of them another id", source=rule.id)
            by_id[rule.id] = rule
        self.rules: Mapping[str, Rule] = MappingProxyType(dict(sorted(by_id.items())))

    @classmethod
    def load(cls, folder: Path, accept: Callable[[Rule, str, int], None] | None = None) -> "Rulebook":
        """Read core, learned and retired rules. `accept(rule, file, line)` may raise RuleError (see `validate.Validator`)."""
        rules: list[Rule] = []
        with reading(folder):
            for part in ("core", "learned", "retired"):
                for path in sorted((folder / part).glob("*.lp")):
                    if part == "retired" and (folder / "learned" / path.name).exists():
                        continue  # it came back on new evidence, and its old file was not taken away yet
                    rules += read_rules(path, retired=part == "retired", accept=accept)
        return cls(rules)

    @property
    def hash(self) -> str:
        """sha256 over what judges: ids, texts and confidences of the rules in force. 16 hex digits."""
        return digest(self.judging())

    def judging(self) -> tuple[Rule, ...]:
        """Rules in force: active, or active on probation, and not banned."""
        return tuple(rule for rule in self.rules.values() if rule.in_force)

    def having(self, status: str) -> tuple[Rule, ...]:
        """Rules of one status."""
        return tuple(rule for rule in self.rules.values() if rule.status == status)

    def with_rule(self, rule: Rule) -> "Rulebook":
        """This rulebook with the rule added, or in the place of the one with its id."""
        return Rulebook([other for other in self.rules.values() if other.id != rule.id] + [rule])

    def without(self, rule_id: str) -> "Rulebook":
        """This rulebook without the rule of that id."""
        return Rulebook(rule for rule in self.rules.values() if rule.id != rule_id)


def digest(rules: Iterable[Rule]) -> str:
    """sha256 over rules that judge together, in the order of their ids. 16 hex digits."""
    ordered = sorted(rules, key=lambda rule: rule.id)
    lines = "\n".join(f"{rule.id} {rule.status} {rule.origin} {rule.confidence!r} {rule.text}" for rule in ordered)
    return hashlib.sha256(lines.encode()).hexdigest()[:16]


def write_text(rule: Rule) -> str:
    """A rule as the text of its file."""
    values = (
        rule.id,
        rule.status,
        rule.origin,
        rule.kind,
        rule.support,
        rule.against,
        repr(rule.confidence),
        ",".join(map(str, rule.episodes)),
        rule.created.isoformat() if rule.created else "",
        rule.pinned,
        rule.banned,
    )
    header = " ".join(f"{name}={value}" for name, value in zip(FIELDS, values, strict=True) if value or name not in WISHES)
    because = f"{BECAUSE}{rule.reason}\n" if rule.reason else ""
    return f'{MARK} {header}\n{MARK} "{rule.sentence}"\n{because}{rule.text}\n'


def parse_text(text: str, source: str) -> tuple[Rule, ...]:
    """The rules of one file. Raises RuleError that names file and line."""
    return tuple(rule for rule, _ in _parse(text, source))


def read_rules(path: Path, *, retired: bool = False, accept: Callable[[Rule, str, int], None] | None = None) -> list[Rule]:
    """The rules of one file, each shown to `accept(rule, file, line)`. Raises RuleError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"expected a readable text file ({error}); mend or remove it", source=str(path)) from error
    rules = []
    for rule, line in _parse(text, str(path)):
        if accept is not None:
            accept(rule, str(path), line)
        rules.append(rule.model_copy(update={"status": "retired"}) if retired else rule)
    return rules


def write_rule(folder: Path, rule: Rule) -> Path:
    """Write a learned rule to `folder`/learned (or retired, by its status): aside, synced, renamed. Returns the file."""
    retired = rule.status == "retired"
    path = folder / ("retired" if retired else "learned") / f"{rule.id}.lp"
    write_aside(path, write_text(rule))
    other = folder / ("learned" if retired else "retired") / path.name
    other.unlink(missing_ok=True)
    return path


def retire(folder: Path, rule: Rule) -> Rule:
    """Take a learned rule out of force; its file moves to `folder`/retired. Returns the retired rule."""
    gone = rule.model_copy(update={"status": "retired"})
    write_rule(folder, gone)
    return gone


def _parse(text: str, source: str) -> list[tuple[Rule, int]]:
    """Blocks of header, sentence and rule text, each with the line on which the rule text starts."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if re.match(rf"{MARK}\s+id=", line)]
    first = starts[0] if starts else len(lines)
    _only_comments(lines[:first], source)
    if not starts:
        raise RuleError(
            f"expected a header line such as '{MARK} id=r0001 status=active ...' before the rule; add one", source=source, line=1
        )
    return [_block(lines[start:end], source, start + 1) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _only_comments(lines: list[str], source: str) -> None:
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("%"):
            raise RuleError(f"expected a '{MARK} id=...' header before '{line.strip()[:60]}'; add one", source=source, line=number)


def _block(lines: list[str], source: str, number: int) -> tuple[Rule, int]:
    header = _header(lines[0], source, number)
    sentence = re.fullmatch(rf'{MARK} "(.*)"\s*', lines[1]) if len(lines) > 1 else None
    if sentence is None:
        raise RuleError(f'expected the sentence for people, {MARK} "...", after the header; add it', source=source, line=number + 1)
    body = [(place, line) for place, line in enumerate(lines[2:], number + 2) if line.strip() and not line.startswith("%")]
    if not body:
        raise RuleError(
            "expected a rule after its sentence, got nothing; add 'violated(id, (O,), T) :- ... .'", source=source, line=number + 2
        )
    text = "\n".join(line.rstrip() for _, line in body)
    reason = next((line.removeprefix(BECAUSE) for line in lines[2:] if line.startswith(BECAUSE)), "")
    try:
        rule = Rule.model_validate({**header, "text": text, "sentence": sentence.group(1), "reason": reason})
    except ValidationError as error:
        raise RuleError(_trouble(error), source=source, line=number) from error
    return rule, body[0][0]


def _trouble(error: ValidationError) -> str:
    problem = error.errors()[0]
    if not problem["loc"]:
        return problem["msg"].removeprefix("Value error, ")
    return f"header field '{'.'.join(map(str, problem['loc']))}': {problem['msg'].lower()}, got '{problem.get('input')}'; mend it"


def _header(line: str, source: str, number: int) -> dict[str, object]:
    fields: dict[str, object] = {}
    for word in line.removeprefix(MARK).split():
        name, equals, value = word.partition("=")
        if not equals or name not in FIELDS:
            raise RuleError(f"expected name=value with a name of {', '.join(FIELDS)}, got '{word[:60]}'", source=source, line=number)
        fields[name] = value
    fields["episodes"] = tuple(filter(None, str(fields.get("episodes", "")).split(",")))
    if not fields.get("created"):
        fields["created"] = None
    return fields


def write_aside(path: Path, text: str) -> None:
    """A file as a whole or not at all: written beside its place, synced, renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.", delete=False, encoding="utf-8") as aside:
        aside.write(text)
        aside.flush()
        os.fsync(aside.fileno())
    Path(aside.name).replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
