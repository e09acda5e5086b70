"""What a person typed as a rule on file, or as a refusal; and a rule's standing as a person wants it.

The text is hostile until it has passed the validator (tokens, syntax tree) and a trial grounding in a process of its own. What would not
read back equal from its file is refused too, so no sentence and no comment can smuggle a second rule in. A rule that has changed since it
was opened is a conflict: nothing is written, both wordings are kept. File and history are written while nobody else reads or writes the
folder, so that of two editors and a miner in three processes each finds what the others wrote.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.memory.store import Store
from siren.symbolic.admission import check_rule
from siren.symbolic.relations import Relation, relations
from siren.symbolic.rulebook import parse_text, read_rules, write_aside, write_rule, write_text
from siren.symbolic.turns import writing
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary

Wish = Literal["pin", "unpin", "ban", "unban", "disable", "enable", "retire", "restore"]
MAX_SENTENCE = 300
NAME = re.compile(r"[\w.@-]{1,40}")  # as Rule.pinned has it
CONFLICTS = "conflicts"  # beside learned and retired; nothing there is ever loaded


class StaleEditError(RuleError):
    """The rule was changed by somebody else since it was opened. `current` is what stands, `kept` the file of what was refused."""

    def __init__(self, current: Rule, kept: Path | None) -> None:
        where = f" (yours is kept in {kept})" if kept else ""
        super().__init__(f"it was changed since you opened it; nothing was written{where}; look at both and decide", source=current.id)
        self.current = current
        self.kept = kept


def mark(rule: Rule) -> str:
    """What an editor carries to find out whether the rule has changed meanwhile: its words and its standing, not its counters."""
    told = (rule.status, rule.pinned, rule.banned, rule.sentence, rule.text)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def wishes_for(rule: Rule) -> tuple[Wish, ...]:
    """What may be done to a rule as it stands. Core rules stand in files of several and are edited there."""
    if rule.hard:
        return ()
    if rule.banned:
        return ("unban",)
    if rule.status == "retired":
        return ("restore", "ban")
    if rule.status == "disabled":
        return ("enable", "retire", "ban")
    return ("unpin" if rule.pinned else "pin", "disable", "retire", "ban")


def read_edit(folder: Path, rule: Rule, sentence: str, text: str) -> Rule:
    """The rule as it would be after the edit, checked for form: quick enough for every pause in typing. Raises RuleError."""
    words = sentence.strip()
    if not words or len(words) > MAX_SENTENCE or not words.isprintable():
        raise RuleError(f"expected a sentence of 1 to {MAX_SENTENCE} characters on one line; mend the sentence", source=rule.id)
    body = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if not body:
        raise RuleError(f"expected a rule, got nothing; write violated({rule.id}, (O,), T) :- conditions.", source=rule.id)
    edited = rule.model_copy(update={"sentence": words, "text": body, "origin": "person"})
    Validator(Vocabulary.load(folder))(edited, rule.id, 1)
    if parse_text(write_text(edited), rule.id) != (edited,):
        raise RuleError("expected one rule without comments, so that its file reads back equal; take them out", source=rule.id)
    return edited


def related(rule: Rule, others: Iterable[Rule]) -> tuple[Relation, ...]:
    """What the rule repeats, adds nothing to, or leaves no manner together with, among other rules."""
    return tuple(found for other in others if other.id != rule.id for found in relations((rule, other)))


def rule_on_file(folder: Path, name: str) -> Rule:
    """A learned rule as its file has it now. Raises RuleError when there is none."""
    for part in ("learned", "retired"):
        path = folder / part / f"{name}.lp"
        if path.is_file():
            return read_rules(path, retired=part == "retired")[0]
    for path in sorted((folder / "core").glob("*.lp")):
        if any(rule.id == name for rule in read_rules(path)):
            raise RuleError(f"a core rule keeps the robot whole and stands among others in {path}; edit it there by hand", source=name)
    raise RuleError("there is no file of this rule (any more); siren rules list shows those there are", source=name)


def save_edit(store: Store, session: str, folder: Path, edited: Rule, seen: str) -> None:
    """Write an edit that was read by `read_edit`. Raises StaleEditError when the rule on file is not the one that was `seen`."""
    check_rule(folder, edited)
    with writing(folder):
        current = rule_on_file(folder, edited.id)
        if mark(current) != seen:
            raise StaleEditError(current, _keep_aside(folder, edited))
        changed = {"sentence": edited.sentence, "text": edited.text, "origin": "person"}
        _keep(store, session, folder, current, current.model_copy(update=changed))


def change_standing(store: Store, session: str, folder: Path, name: str, wish: Wish, seen: str, who: str) -> Rule:
    """Pin, ban, disable, retire a rule, or the opposite, in the name of `who`. Raises StaleEditError like `save_edit`; `seen` may be
    empty where nobody looked at the rule before.
    """
    if not NAME.fullmatch(who):
        raise RuleError(f"expected a name of up to 40 letters, digits and . @ -, got '{who[:60]}'; say who you are so", source=name)
    with writing(folder):
        current = rule_on_file(folder, name)
        if seen and mark(current) != seen:
            raise StaleEditError(current, None)
        if wish not in wishes_for(current):
            allowed = ", ".join(wishes_for(current)) or "nothing"
            standing = f"{current.status}{', banned' if current.banned else ', pinned' if current.pinned else ''}"
            raise RuleError(f"a rule that is {current.origin} and {standing} cannot be asked to {wish}; {allowed} can", source=name)
        wanted = Rule.model_validate(current.model_dump() | _changes(wish, who))
        _keep(store, session, folder, current, wanted)
        return wanted


def _changes(wish: Wish, who: str) -> dict[str, str]:
    """What a wish changes of a rule. A rule whose ban is lifted is disabled: nothing comes into force by accident."""
    told = {"reason": f"{wish} by {who}"}
    return {
        "pin": {"pinned": who},
        "unpin": {"pinned": ""},
        "ban": {"banned": who, "pinned": "", "status": "disabled", **told},
        "unban": {"banned": "", "status": "disabled", **told},
        "disable": {"status": "disabled", **told},
        "enable": {"status": "active", **told},
        "retire": {"status": "retired", **told},
        "restore": {"status": "active", **told},
    }[wish]


def _keep(store: Store, session: str, folder: Path, old: Rule, new: Rule) -> None:
    """File and history. The old wording is recorded first, so that one nobody had recorded yet is not lost."""
    last = store.last_committed_round(session)
    number = last.number if last else 0
    store.record_rules(session, number, [old])
    write_rule(folder, new)
    store.record_rules(session, number, [new])


def _keep_aside(folder: Path, refused: Rule) -> Path:
    """A file of the wording that came too late."""
    path = folder / CONFLICTS / f"{refused.id}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}.lp"
    write_aside(path, write_text(refused))
    return path
