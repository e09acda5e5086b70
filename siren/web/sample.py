"""The recorded sample as a home of its own, so that there is something real to look at one second after installation.

Episodes keep their order but get the ids of the new store; the records of rules speak of those episodes by their new ids.
"""

import shutil
from pathlib import Path

from siren.config import PROJECT, SessionConfig
from siren.core.episode import Episode
from siren.core.errors import SessionError
from siren.core.rule import Rule
from siren.loop.rollout import frame_key
from siren.memory.books import read_books
from siren.memory.frames import Frames
from siren.memory.records import Evidence
from siren.memory.rows import root_event
from siren.memory.sample import BOOKS, read_sample
from siren.memory.store import Store
from siren.symbolic.rulebook import Rulebook, write_rule


def sample_folder() -> Path:
    """The recorded sample that comes with SIREN."""
    folder = PROJECT / "episodes" / "sample"
    if not (folder / "rules").is_dir():
        raise SessionError(f"expected recorded episodes in {folder}, found none; SIREN runs from a clone of its repository")
    return folder


def lay_out_sample(home: Path, sample: Path | None = None) -> None:
    """Make the session of a sample, SIREN's own unless another folder is given, in a home: database, frames and rule files."""
    recorded = sample or sample_folder()
    rows = sorted(read_sample(recorded), key=lambda row: row[0].id or 0)
    session = rows[0][0].session
    folder = home / "sessions" / session / "rules"
    shutil.copytree(recorded / "rules", folder)
    store, frames = Store.open(home), Frames(home)
    store.new_session(session, SessionConfig(name=session).model_dump_json())
    numbers: dict[int, int] = {}
    for episode, image in rows:
        store.begin_round(session, episode.round)
        frames.save(session, frame_key(episode.round, episode.task.seed), image)
        numbers[episode.id or 0] = store.record(episode.model_copy(update={"id": None}))
    book = Rulebook(_renumbered(rule, numbers) for rule in Rulebook.load(folder).rules.values())
    for known in (book, Rulebook(rule for rule in book.rules.values() if rule.origin == "core")):
        store.record_rulebook(known.hash, known.judging())
    kept = recorded / BOOKS
    for digest, rules in (read_books(kept) if kept.exists() else {}).items():
        store.record_rulebook(digest, [_renumbered(rule, numbers) for rule in rules])
    last = max(episode.round for episode, _ in rows)
    learned = [rule for rule in book.rules.values() if rule.origin != "core"]
    for rule in learned:
        write_rule(folder, rule)
    by_number = {numbers[episode.id or 0]: episode for episode, _ in rows}
    store.record_rules(session, last, learned, [piece for rule in learned for piece in _evidence(rule, by_number)])
    for number in {episode.round for episode, _ in rows}:
        store.commit_round(session, number, {}, "{}")
    store.close()


def _renumbered(rule: Rule, numbers: dict[int, int]) -> Rule:
    return rule.model_copy(update={"episodes": tuple(numbers[old] for old in rule.episodes if old in numbers)})


def _evidence(rule: Rule, episodes: dict[int, Episode]) -> list[Evidence]:
    """The failures of the sample that taught the rule, at the step where they began."""
    roots = [(number, root_event(episodes[number])) for number in rule.episodes]
    return [Evidence(rule=rule.id, episode=number, step=root.step, polarity="for") for number, root in roots if root is not None]
