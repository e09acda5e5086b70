"""A stored episode and a question as an answer whose every why was put to the test.

    explain_episode(store, number, knowledge)                    the whole chain
    why(store, number, step, knowledge)                          one step
    why_not(store, number, plan_text, knowledge)                 another plan
    what_if(store, number, "force(1,gentle)", knowledge)         another fact

Decisions are judged again by the rules of their day, which the store keeps by their hash; when it has none, by `current`
(without it a probe, which no rules judged, is judged by the newest kept), and the answer says so.
Unknown episodes give StoreError, unreadable plans PlanSyntaxError, other nonsense RuleError.
"""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from siren.core.episode import Candidate, Edit, Episode, Violation
from siren.core.errors import RuleError, StoreError
from siren.core.plan import Plan, parse_plan
from siren.core.scene import Scene
from siren.explain.answers import CandidateView, Explanation, Refusal, WhatIfAnswer, WhyNot, WhyStep
from siren.explain.lessons import Teachers
from siren.explain.trials import trials_of
from siren.memory.rows import root_event
from siren.memory.store import Store
from siren.symbolic import counterfactual, proof
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.verification import verify_all


class _Case(NamedTuple):
    """An episode with the judge of its day."""

    episode: Episode
    number: int
    checker: ClingoChecker
    of_the_day: bool
    teachers: Teachers

    def refusals(self, plan: Plan | None) -> tuple[Refusal, ...]:
        """Every rule against a plan, proved, tested, and with those who taught it."""
        return self.all_refusals([plan])[0]

    def all_refusals(self, plans: Sequence[Plan | None]) -> tuple[tuple[Refusal, ...], ...]:
        """The same of several plans (None: no plan), judged and tested together."""
        scene, goal = self.episode.scene, self.episode.task.goal
        known = [plan for plan in dict.fromkeys(plans) if plan is not None]
        broken = [verdict.violations for verdict in self.checker.check(scene, known, goal)]
        tested = verify_all(self.checker, scene, known, goal, broken)
        found: dict[Plan | None, tuple[Refusal, ...]] = {None: ()}
        for plan, violations, stood in zip(known, broken, tested, strict=True):
            proofs = proof.prove_these(self.checker, scene, plan, goal, violations)
            found[plan] = tuple(self.teachers.refusal(one, good) for one, good in zip(proofs, stood, strict=True))
        return tuple(found[plan] for plan in plans)

    def least_change(self, plan: Plan, refusals: Sequence[Refusal]) -> counterfactual.LeastChange | None:
        """The least that would have satisfied the rules; None when they are satisfied."""
        return counterfactual.least_change(self.checker, self.episode.scene, plan, self.episode.task.goal) if refusals else None


def explain_episode(store: Store, number: int, knowledge: Knowledge, current: Rulebook | None = None) -> Explanation:
    """The chain from the instruction to the outcome. Raises StoreError for an unknown episode."""
    case = _open(store, number, knowledge, current)
    episode, decision = case.episode, case.episode.decision
    *all_refusals, of_run = case.all_refusals([*(candidate.plan for candidate in decision.candidates), decision.plan])
    views = tuple(_view(rank, candidate, all_refusals[rank]) for rank, candidate in enumerate(decision.candidates))
    proposed = _proposed(episode)
    refused = views[decision.chosen].refusals if decision.chosen >= 0 else ()
    residual = refused if proposed == decision.plan else of_run
    told = [*(refusal for view in views for refusal in view.refusals), *(() if residual is refused else residual)]
    return Explanation(
        episode=number,
        session=episode.session,
        round=episode.round,
        use=episode.use,
        instruction=episode.task.instruction,
        perception=episode.scene.perception,
        seen=_seen(episode.scene),
        checkpoint=decision.checkpoint,
        rulebook=decision.rulebook,
        rules_of_the_day=case.of_the_day,
        agrees=_agrees(decision.candidates, views),
        candidates=views,
        recalled=decision.recalled,
        path=decision.path,
        chosen=decision.chosen,
        edits=decision.repair.edits if decision.repair else (),
        plan=str(decision.plan),
        residual=residual,
        least_change=case.least_change(proposed, refused),
        success=episode.outcome.success,
        cause=root_event(episode),
        events=episode.outcome.events,
        trials=trials_of(store, episode),
        teaches=tuple(dict.fromkeys(lesson.rule for lesson in store.lessons_of(number) if lesson.polarity == "for")),
        trained=tuple(dict.fromkeys(batch.checkpoint for batch in store.batches_of(number))),
        proofs=len(told),
        verified=sum(refusal.verified for refusal in told),
    )


def _seen(scene: Scene) -> tuple[str, ...]:
    """Each thing that the policy saw, with its marks and how sure it was: `egg (0.99)`, `candle (wet, uncertain, 0.61)`."""
    if scene.perception != "policy":
        return ()
    return tuple(f"{thing.name} ({', '.join((*thing.marks, f'{thing.confidence:.2f}'))})" for thing in scene.objects)


def why(store: Store, number: int, step: int, knowledge: Knowledge, current: Rulebook | None = None) -> WhyStep:
    """Why a step of the plan that was run is as it is. `step` counts from 1; RuleError when there is no such step."""
    case = _open(store, number, knowledge, current)
    episode, decision = case.episode, case.episode.decision
    steps = decision.plan.steps
    if not 1 <= step <= len(steps):
        raise RuleError(f"episode {number} ran steps 1 to {len(steps)}, got step {step}; choose one of those", source="why")
    proposed = _proposed(episode)
    origin = _origins(proposed, decision.plan)[step - 1]
    edits = _edits_of(episode, origin, step)
    if origin is None:
        refusals = _refusals_without(case, edits)
    else:
        refusals = tuple(found for found in case.refusals(proposed) if found.proof.violation.step == origin)
    residual = tuple(found for found in case.refusals(decision.plan) if found.proof.violation.step == step) if decision.repair else refusals
    told = [*refusals, *(() if residual is refusals else residual)]
    return WhyStep(
        episode=number,
        step=step,
        text=str(Plan(steps=(steps[step - 1],))),
        proposed=origin,
        edits=edits,
        refusals=refusals,
        residual=residual,
        events=tuple(event for event in episode.outcome.events if event.step == step),
        proofs=len(told),
        verified=sum(refusal.verified for refusal in told),
    )


def why_not(store: Store, number: int, plan_text: str, knowledge: Knowledge, current: Rulebook | None = None) -> WhyNot:
    """Every rule against another plan in the same scene. Raises PlanSyntaxError when the text is no plan."""
    plan = parse_plan(plan_text)
    case = _open(store, number, knowledge, current)
    episode = case.episode
    refusals = case.refusals(plan)
    other, run = case.checker.check(episode.scene, [plan, episode.decision.plan], episode.task.goal)
    ranks = [rank for rank, candidate in enumerate(episode.decision.candidates) if candidate.plan == plan]
    return WhyNot(
        episode=number,
        plan=str(plan),
        rank=ranks[0] if ranks else None,
        refusals=refusals,
        hard=other.hard,
        weight=other.weight,
        run_weight=run.weight,
        least_change=case.least_change(plan, refusals),
        proofs=len(refusals),
        verified=sum(refusal.verified for refusal in refusals),
    )


def what_if(
    store: Store,
    number: int,
    facts: str | Sequence[str],
    knowledge: Knowledge,
    current: Rulebook | None = None,
    of: Literal["proposed", "run"] = "proposed",
) -> WhatIfAnswer:
    """The rules' answer had facts been otherwise: for the plan as it was proposed, or as it was run. RuleError for unreadable facts."""
    case = _open(store, number, knowledge, current)
    episode = case.episode
    plan = _proposed(episode) if of == "proposed" else episode.decision.plan
    answer = counterfactual.what_if(case.checker, episode.scene, plan, episode.task.goal, facts)
    known = {found.violation: found.sentence for found in proof.prove(case.checker, episode.scene, plan, episode.task.goal)}

    def sentences(violations: Iterable[Violation]) -> tuple[str, ...]:
        return tuple(known.get(found) or case.teachers.sentence(found) for found in violations)

    return WhatIfAnswer(
        episode=number,
        of=of,
        answer=answer,
        vanished=sentences(answer.vanished),
        appeared=sentences(answer.appeared),
        remaining=sentences(answer.remaining),
    )


def _open(store: Store, number: int, knowledge: Knowledge, current: Rulebook | None) -> _Case:
    episode = store.episode(number)
    digest = episode.decision.rulebook
    kept = store.rulebook(digest) if digest else None
    if kept is None and current is None and digest:
        raise StoreError(
            f"the rules that judged episode {number} (hash {digest}) were not kept; explain it with the home that holds its rules"
        )
    book = Rulebook(kept) if kept is not None else current or Rulebook(store.newest_rulebook())
    of_the_day = kept is not None or book.hash == digest
    named = {found.rule for candidate in episode.decision.candidates if candidate.verdict for found in candidate.verdict.violations}
    suspicions = any(rule.id in named for rule in book.having("shadow"))
    checker = ClingoChecker(book, knowledge, suspicions=suspicions)
    return _Case(episode, number, checker, of_the_day, Teachers(store, episode.session, checker.judging))


def _view(rank: int, candidate: Candidate, refusals: tuple[Refusal, ...]) -> CandidateView:
    return CandidateView(rank=rank, text=candidate.text, score=candidate.score, is_plan=candidate.plan is not None, refusals=refusals)


def _agrees(candidates: Sequence[Candidate], views: Sequence[CandidateView]) -> bool:
    pairs = [(candidate.verdict, view) for candidate, view in zip(candidates, views, strict=True) if candidate.verdict is not None]
    return all({refusal.proof.violation for refusal in view.refusals} == set(verdict.violations) for verdict, view in pairs)


def _proposed(episode: Episode) -> Plan:
    """The plan as it came from the policy, before any repair; what was run when it did not come from there."""
    decision = episode.decision
    plan = decision.candidates[decision.chosen].plan if decision.chosen >= 0 else None
    return plan or decision.plan


def _origins(proposed: Plan, run: Plan) -> list[int | None]:
    """For each step that was run the number of the proposed step that it was, or None when the repair put it in."""
    before, after = ([step.symbolic_text() for step in plan.steps] for plan in (proposed, run))
    origins: list[int | None] = [None] * len(after)
    for first, second, length in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for offset in range(length):
            origins[second + offset] = first + offset + 1
    return origins


def _edits_of(episode: Episode, origin: int | None, step: int) -> tuple[Edit, ...]:
    """The edits of the repair that made the step what it is."""
    edits = episode.decision.repair.edits if episode.decision.repair else ()
    if origin is not None:
        return tuple(edit for edit in edits if edit.step == origin and edit.field != "insert")
    text = episode.decision.plan.steps[step - 1].symbolic_text()
    return tuple(edit for edit in edits if edit.field == "insert" and text in edit.after)


def _refusals_without(case: _Case, edits: Sequence[Edit]) -> tuple[Refusal, ...]:
    """What the rules would say of the plan that was run if the repair had not put these steps in."""
    run = case.episode.decision.plan
    added = {text for edit in edits for text in edit.after.split("; ")}
    origins = _origins(_proposed(case.episode), run)
    kept = tuple(step for step, origin in zip(run.steps, origins, strict=True) if origin is not None or step.symbolic_text() not in added)
    if not kept:
        return ()
    still = {(found.proof.violation.rule, found.proof.violation.args) for found in case.refusals(run)}
    found = case.refusals(Plan(steps=kept))
    return tuple(one for one in found if (one.proof.violation.rule, one.proof.violation.args) not in still)
