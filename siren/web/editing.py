"""What a person typed as a rule on file, or as a refusal; and a rule's standing as a person wants it.

The text is hostile until it has passed the validator (tokens, syntax tree) and a trial grounding in a process of its own. What would not
read back equal from its file is refused too, so no sentence and no comment can smuggle a second rule in. A rule that has changed since the
form was opened is a conflict: nothing is written, and both wordings are shown.
"""

import hashlib
import threading
from pathlib import Path
from typing import Literal

from siren import build
from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.memory.store import Store
from siren.symbolic.rulebook import parse_text, write_rule, write_text
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary

Wish = Literal["pin", "unpin", "disable", "enable", "retire", "restore"]
WISHES: dict[Wish, dict[str, str]] = {
    "pin": {"origin": "person", "status": "active"},  # the miner leaves rules of people as they are
    "unpin": {"origin": "mined"},
    "disable": {"status": "disabled"},
    "enable": {"status": "active"},
    "retire": {"status": "retired"},
    "restore": {"status": "active"},
}
MAX_SENTENCE = 300
_writing = threading.Lock()


class StaleEditError(RuleError):
    """The rule was changed by somebody else since the form was opened."""

    def __init__(self, current: Rule) -> None:
        super().__init__("it was changed since you opened it; nothing was written; look at both wordings and decide", source=current.id)
        self.current = current


def mark(rule: Rule) -> str:
    """What a form carries to find out whether the rule has changed meanwhile."""
    return hashlib.sha256(write_text(rule).encode()).hexdigest()


def wishes_for(rule: Rule) -> tuple[Wish, ...]:
    """What may be done to a rule as it stands. Core rules stand in files of several and are edited there."""
    if rule.hard:
        return ()
    if rule.status == "retired":
        return ("restore",)
    if rule.status == "disabled":
        return ("enable", "retire")
    return ("unpin" if rule.origin == "person" else "pin", "disable", "retire")


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


def save_edit(store: Store, session: str, folder: Path, edited: Rule, seen: str) -> None:
    """Write an edit that was read by `read_edit`. Raises StaleEditError when the rule on file is not the one that was `seen`."""
    build.check_rule(folder, edited)
    with _writing:
        current = _on_file(folder, edited.id, seen)
        _keep(store, session, folder, current, edited)


def change_standing(store: Store, session: str, folder: Path, name: str, wish: Wish, seen: str) -> Rule:
    """Pin, disable, retire a rule, or the opposite. Raises StaleEditError like `save_edit`."""
    with _writing:
        current = _on_file(folder, name, seen)
        if wish not in wishes_for(current):
            allowed = ", ".join(wishes_for(current)) or "nothing"
            raise RuleError(f"a rule that is {current.origin} and {current.status} cannot be asked to {wish}; {allowed} can", source=name)
        wanted = current.model_copy(update=dict(WISHES[wish]))
        _keep(store, session, folder, current, wanted)
        return wanted


def _on_file(folder: Path, name: str, seen: str) -> Rule:
    found = next((rule for rule in build.learned_rules(folder) if rule.id == name), None)
    if found is None:
        raise RuleError("there is no file of this rule any more; open the list of rules again", source=name)
    if mark(found) != seen:
        raise StaleEditError(found)
    return found


def _keep(store: Store, session: str, folder: Path, old: Rule, new: Rule) -> None:
    """File and history. The old wording is recorded first, so that one nobody had recorded yet is not lost."""
    last = store.last_committed_round(session)
    number = last.number if last else 0
    store.record_rules(session, number, [old])
    write_rule(folder, new)
    store.record_rules(session, number, [new])
