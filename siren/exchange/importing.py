"""A set that `siren export --format lerobot` has written as a session on record again: episodes, pictures, and the rules that judged.

    check_set(folder, rules)
    count = import_set(folder, session, rules, store, frames, key)

The whole set is read and checked once before anything is written: every episode against the plan, the sentence and the outcome that the
set tells of it, every rule by the validator. Episodes keep their order and get the ids of the new record; pictures come out of a video
and are the same within a few levels of 255.
"""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path

import numpy as np

from siren.core.episode import Episode
from siren.core.errors import DataError, RuleError
from siren.core.rule import Rule
from siren.exchange.lerobot_reader import read_info, read_lerobot
from siren.exchange.whole import read_episodes, read_rulebooks
from siren.memory.frames import Frames
from siren.memory.store import Store
from siren.symbolic.rulebook import write_rule
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary

Key = Callable[[int, int], str]  # round and seed as the name of a picture


def check_set(folder: Path, rules: Path) -> None:
    """Read all of a set, and write nothing. Raises DataError that says what is wrong. `rules`: whose vocabulary its rules may speak."""
    _check_rules(read_rulebooks(folder), rules)
    for _ in _whole_set(folder):
        pass


def import_set(folder: Path, session: str, rules: Path, store: Store, frames: Frames, key: Key) -> int:
    """Fill a session that was begun from a set that was checked; `rules` is its folder of rule files. Returns how many episodes it has."""
    books = read_rulebooks(folder)
    numbers: dict[int, int] = {}
    for episode, image in _whole_set(folder):
        store.begin_round(session, episode.round)
        frames.save(session, key(episode.round, episode.task.seed), image)
        number = store.record(episode.model_copy(update={"id": None, "session": session}))
        numbers[episode.id or 0] = number
    _keep_rules(books, numbers, session, rules, store)
    for number in {episode.round for episode in store.episodes(session)}:
        store.commit_round(session, number, {}, "{}")
    return len(numbers)


def _whole_set(folder: Path) -> Iterator[tuple[Episode, np.ndarray]]:
    """Each episode with its picture, as both halves of the set tell it."""
    total = read_info(folder).total_episodes
    count = 0
    for episode, sample in zip_longest(read_episodes(folder), read_lerobot(folder, failed=True)):
        if episode is None or sample is None:
            raise DataError(f"{folder}: expected {total} episodes in both halves of the set, got {count} in one; the set is not whole")
        told = (episode.task.instruction, str(episode.decision.plan))
        if told != (sample.instruction, str(sample.plan)):
            raise DataError(f"{folder}: episode {count} is told in two ways: '{told[0]}' and '{sample.instruction}', or with another plan")
        count += 1
        yield episode, sample.image
    if count != total:
        raise DataError(f"{folder}: expected {total} episodes, got {count}; the set is not whole")


def _check_rules(books: dict[str, tuple[Rule, ...]], rules: Path) -> None:
    """Every rule that decisions were judged by, as hostile text."""
    validator = Validator(Vocabulary.load(rules))
    for rule in {rule for book in books.values() for rule in book}:
        try:
            validator(rule, rule.id, 1)
        except RuleError as error:
            raise DataError(f"a rule of the set may not be loaded: {error}") from error


def _keep_rules(books: dict[str, tuple[Rule, ...]], numbers: dict[int, int], session: str, rules: Path, store: Store) -> None:
    """Rulebooks by their hash; the learned rules of the newest one as files of the session."""
    renumbered = {name: tuple(_renumbered(rule, numbers) for rule in book) for name, book in books.items()}
    for name, book in renumbered.items():
        store.record_rulebook(name, book)
    last = max(store.episodes(session), key=lambda episode: episode.id or 0, default=None)
    newest = [rule for rule in renumbered.get(last.decision.rulebook, ()) if rule.origin != "core"] if last else []
    for rule in newest:
        write_rule(rules, rule)
    store.record_rules(session, last.round if last else 0, newest)


def _renumbered(rule: Rule, numbers: dict[int, int]) -> Rule:
    return rule.model_copy(update={"episodes": tuple(numbers[old] for old in rule.episodes if old in numbers)})
