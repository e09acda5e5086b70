"""All explanations of a session as a share: how many of them still stand when each is solved again.

Of every decision that rules judged: what each proposal was told to break, as clingo alone sees it now by the rules of that day; each
single refusal, whose rule and whose minimal reasons are put to the test; and what the plan that was run was said to leave broken.
"""

from collections.abc import Callable, Iterator

from pydantic import Field

from siren.core.episode import Episode, Verdict
from siren.core.plan import Plan
from siren.core.values import Value
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.reasons import verify_all
from siren.symbolic.rulebook import Rulebook

NAMED = 20  # answers that fell, told


class Verification(Value):
    """What solving everything again came to."""

    session: str
    decisions: int = Field(description="that were judged by rules which are on record")
    skipped: int = Field(description="decisions whose rules were not kept")
    answers: int
    stood: int
    fallen: tuple[str, ...] = Field(description="the first answers that did not stand")

    @property
    def share(self) -> float:
        """Of the answers, those that stood; 1 when there are none."""
        return self.stood / self.answers if self.answers else 1.0


def verify_session(store: Store, session: str, knowledge: Knowledge, heard: Callable[[int], None] = lambda count: None) -> Verification:
    """Solve every explanation of the session again. `heard` is told after each decision how many there were. Raises StoreError."""
    store.session(session)
    decisions = skipped = answers = stood = 0
    fallen: list[str] = []
    checkers: dict[str, ClingoChecker | None] = {}
    for episode in store.episodes(session):
        digest = episode.decision.rulebook
        if not digest or not episode.decision.candidates:
            continue
        if digest not in checkers:
            kept = store.rulebook(digest)
            checkers[digest] = None if kept is None else ClingoChecker(Rulebook(kept), knowledge, suspicions=True, compiled=False)
        checker = checkers[digest]
        skipped += checker is None
        decisions += checker is not None
        for told, holds in _answers(episode, checker) if checker is not None else ():
            answers, stood = answers + 1, stood + holds
            if not holds:
                fallen.append(f"episode {episode.id}, {told}")
        heard(decisions)
    return Verification(session=session, decisions=decisions, skipped=skipped, answers=answers, stood=stood, fallen=tuple(fallen[:NAMED]))


def _answers(episode: Episode, checker: ClingoChecker) -> Iterator[tuple[str, bool]]:
    """Every answer that the record gives about one decision, in words, and whether it stood."""
    decision = episode.decision
    judged = [(f"proposal {rank}", one.plan, one.verdict) for rank, one in enumerate(decision.candidates, 1)]
    if decision.repair is not None:
        judged.append(("the mended plan", decision.repair.plan, decision.repair.residual))
    if decision.planned is not None:
        judged.append(("the plan from scratch", decision.planned.plan, decision.planned.residual))
    seen: set[Plan] = set()
    for name, plan, verdict in judged:
        if plan is None or verdict is None or plan in seen:
            continue
        seen.add(plan)
        yield f"{name}: its verdict", _judged(episode, checker, plan) == set(verdict.violations)
        if verdict.clean:
            continue
        for tested in verify_all(checker, episode.scene, plan, episode.task.goal):
            yield f"{name}: {tested.violation.rule} at step {tested.violation.step}", tested.stood


def _judged(episode: Episode, checker: ClingoChecker, plan: Plan) -> set[object]:
    verdict: Verdict = checker.check(episode.scene, [plan], episode.task.goal)[0]
    return set(verdict.violations)
