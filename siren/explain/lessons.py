"""A rule as those who taught it: the episodes for and against, some of them told in a line."""

from collections.abc import Iterable
from functools import lru_cache

from siren.core.episode import Violation
from siren.core.errors import StoreError
from siren.core.rule import Rule
from siren.explain.answers import Lesson, Refusal
from siren.explain.trials import tell_outcome
from siren.memory.records import Evidence
from siren.memory.store import Store
from siren.symbolic.asp import read_rules
from siren.symbolic.proof import Proof, fill

TOLD = 3  # lessons told in words for each rule; the ids of all are given


class Teachers:
    """What the store knows of where rules come from."""

    def __init__(self, store: Store, session: str, rules: Iterable[Rule]) -> None:
        self._store = store
        self._session = session
        self._rules = {rule.id: rule for rule in rules}
        self._origins: dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[Lesson, ...]]] = {}

    def refusal(self, proof: Proof, verified: bool) -> Refusal:
        """A proof with the record of its rule."""
        rule = self._rules[proof.violation.rule]
        if rule.id not in self._origins:
            self._origins[rule.id] = self._origin(rule)
        taught, contradicted, lessons = self._origins[rule.id]
        return Refusal(
            proof=proof,
            verified=verified,
            origin=rule.origin,
            kind=rule.kind,
            confidence=rule.confidence,
            support=rule.support,
            against=rule.against,
            taught_by=taught,
            contradicted_by=contradicted,
            lessons=lessons,
        )

    def sentence(self, violation: Violation) -> str:
        """A rule's sentence for a violation that has no proof here: only what the head binds is filled in."""
        rule = self._rules[violation.rule]
        names = _head_variables(rule.text)
        bindings = dict(zip(names, violation.args, strict=False))
        return fill(fill(rule.sentence, bindings), {name: "something" for name in ("O", "D", "Y")})

    def _origin(self, rule: Rule) -> tuple[tuple[int, ...], tuple[int, ...], tuple[Lesson, ...]]:
        rows = self._evidence(rule)
        taught = tuple(dict.fromkeys(row.episode for row in rows if row.polarity == "for")) or rule.episodes
        contradicted = tuple(dict.fromkeys(row.episode for row in rows if row.polarity == "against"))
        ordered = sorted(rows, key=lambda row: (row.polarity != "for", -row.episode))
        return taught, contradicted, tuple(self._told(row) for row in ordered[:TOLD])

    def _evidence(self, rule: Rule) -> tuple[Evidence, ...]:
        if rule.origin == "core":
            return ()
        for session in (self._session, None):  # a decision made by hand has the rules of another session
            try:
                return self._store.evidence(rule.id, session, rule.text)
            except StoreError:
                continue
        return ()

    def _told(self, row: Evidence) -> Lesson:
        episode = self._store.episode(row.episode)
        story = f"{episode.task.instruction}: {tell_outcome(episode)}"
        return Lesson(episode=row.episode, step=row.step, supports=row.polarity == "for", story=story)


@lru_cache(maxsize=256)
def _head_variables(text: str) -> tuple[str, ...]:
    """Names in the tuple of `violated(id, (O,Y), T)`, in order."""
    rules = read_rules(text)
    inner = rules[0].head.partition("(")[2].partition("(")[2].partition(")")[0] if rules else ""
    return tuple(name.strip() for name in inner.split(",") if name.strip())
