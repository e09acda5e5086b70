"""An answer as short plain sentences, in English or Korean. All that is said here is in the answer."""

from collections.abc import Iterable, Iterator, Sequence

from siren.core.episode import Edit, Event
from siren.core.plan import parse_plan
from siren.core.recollection import Neighbour, Recalled
from siren.core.rule import Rule
from siren.explain import chronicle
from siren.explain.answers import CandidateView, Explanation, Refusal, WhatIfAnswer, WhyNot, WhyStep
from siren.explain.beliefs import Beliefs
from siren.explain.consequences import EarlierMistakes, LearnedFrom, WithoutRule
from siren.explain.differences import CheckpointDifference, EpisodeDifference, RuleSetDifference
from siren.explain.phrases import Language, Phrases
from siren.symbolic.counterfactual import Change, LeastChange
from siren.symbolic.proof import Reason, fill
from siren.symbolic.sentences import template

Difference = EpisodeDifference | RuleSetDifference | CheckpointDifference
Answer = Explanation | WhyStep | WhyNot | WhatIfAnswer | Difference | LearnedFrom | EarlierMistakes | WithoutRule | Beliefs

EPISODES_TOLD = 8
NEIGHBOURS_TOLD = 3


def narrate(answer: Answer, language: Language = "en") -> str:
    """The answer as lines of text."""
    say = Phrases(language)
    if isinstance(answer, Explanation):
        return "\n".join(_explanation(answer, say))
    if isinstance(answer, WhyStep):
        return "\n".join(_why(answer, say))
    if isinstance(answer, WhyNot):
        return "\n".join(_why_not(answer, say))
    if isinstance(answer, WhatIfAnswer):
        return "\n".join(_what_if(answer, say))
    return "\n".join(chronicle.tell(answer, language))


def tell_edit(edit: Edit, language: Language = "en") -> str:
    """A change of a plan as a clause: `step 1 force firm -> gentle`."""
    return _edit(edit, Phrases(language))


def tell_event(event: Event, language: Language = "en") -> str:
    """An event as a clause: `the egg was crushed at step 1, phase grasp`."""
    return Phrases(language).event(event)


def _explanation(answer: Explanation, say: Phrases) -> Iterator[str]:
    yield say("episode", episode=answer.episode, round=answer.round, use=answer.use, instruction=answer.instruction)
    if answer.perception == "policy":
        yield say("seen", things=", ".join(answer.seen)) if answer.seen else say("seen_nothing")
    if not answer.candidates:
        yield say("not_policy")
    if answer.recalled is not None:
        yield from _recalled(answer.recalled, say)
    for view in answer.candidates:
        yield from _candidate(view, view.rank == answer.chosen, say)
    yield from _repair(answer, say)
    yield say("ran")
    yield from (f"  {line}" for line in _steps(answer.plan))
    yield from _outcome(answer, say)
    yield from _afterwards(answer, say)
    yield _tested(answer.verified, answer.proofs, say)
    if not answer.rules_of_the_day:
        yield say("rules_not_kept" if answer.rulebook else "no_rules_then")
    elif not answer.agrees:
        yield say("disagrees")


def _recalled(recalled: Recalled, say: Phrases) -> Iterator[str]:
    """Why memory was asked, and what each level came to."""
    yield say(f"asked_{recalled.trigger}", doubt=f"{recalled.doubt or 0.0:.2f}")
    if recalled.repeats:
        yield say("repeats", ranks=", ".join(str(number + 1) for number in recalled.repeats))
    if recalled.holds:
        yield say("holds", parts=", ".join(recalled.holds), steps=", ".join(recalled.left_out) or "-")
    elif "l2" in recalled.milliseconds:
        yield say("holds_nothing")
    if recalled.neighbours:
        yield say("neighbours", episodes="; ".join(_neighbour(one, say) for one in recalled.neighbours[:NEIGHBOURS_TOLD]))
    if recalled.added is not None:
        yield say("from_memory", rank=recalled.added + 1, episode=recalled.source)


def _neighbour(one: Neighbour, say: Phrases) -> str:
    result = say("neighbour_worked" if one.success else "neighbour_failed")
    return say("neighbour", episode=one.episode, instruction=one.instruction, result=result)


def _candidate(view: CandidateView, chosen: bool, say: Phrases) -> Iterator[str]:
    name = say("proposal", rank=view.rank + 1, score=f"{view.score:.2f}", taken=say("taken") if chosen else "")
    if not view.is_plan:
        yield say("no_plan", name=name, text=view.text[:80])
        return
    yield f"{name}: {'; '.join(_steps(view.text))}"
    if not view.refusals:
        yield say("no_rule_against")
    for refusal in view.refusals:
        yield from _refusal(refusal, chosen, say)


def _refusal(refusal: Refusal, in_full: bool, say: Phrases) -> Iterator[str]:
    found = refusal.proof.violation
    mark = "" if refusal.verified else say("unverified")
    yield say("refused", step=found.step, sentence=_sentence(refusal, say), rule=found.rule, mark=mark)
    if not in_full:
        return
    yield say("because", reasons=", ".join(_leaves(refusal.proof.body, say)))
    if refusal.origin == "core":
        yield say("core_rule")
    else:
        yield say("by_person" if refusal.origin == "person" else "learned", record=_record(refusal, say))
    for lesson in refusal.lessons:
        yield say("lesson" if lesson.supports else "lesson_against", episode=lesson.episode, story=lesson.story)


def _sentence(refusal: Refusal, say: Phrases) -> str:
    """The rule's sentence with the things' names; in Korean made from its text, where that can be done."""
    proof = refusal.proof
    if say.language == "en":
        return proof.sentence
    rule = Rule(id=proof.violation.rule, text=proof.text, sentence=proof.sentence, kind=refusal.kind)
    return fill(template(rule, say.language), proof.bindings)


def _record(refusal: Refusal, say: Phrases) -> str:
    parts = [say("record", support=refusal.support, against=refusal.against, confidence=f"{refusal.confidence:.2f}")]
    if refusal.taught_by:
        parts.append(say("taught_by", episodes=_episodes(refusal.taught_by, say)))
    if refusal.contradicted_by:
        parts.append(say("contradicted_by", episodes=_episodes(refusal.contradicted_by, say)))
    return "; ".join(parts)


def _repair(answer: Explanation, say: Phrases) -> Iterator[str]:
    if answer.edits:
        yield say("repair", edits=", ".join(_edit(edit, say) for edit in answer.edits))
    elif answer.path == "plan":
        yield say("from_scratch")
    elif answer.path == "probe":
        yield say("dared")
    elif answer.residual:
        yield say("not_repaired")
    for refusal in answer.residual if answer.edits or answer.path == "plan" else ():
        yield say("still_against", sentence=_sentence(refusal, say), rule=refusal.proof.violation.rule)
    if answer.least_change is not None:
        yield _least(answer.least_change, say)


def _outcome(answer: Explanation, say: Phrases) -> Iterator[str]:
    if answer.success:
        yield say("worked")
    elif answer.cause is None:
        yield say("missed")
    else:
        later = [event for event in answer.events if event != answer.cause]
        yield say("failed", event=say.event(answer.cause))
        if later:
            yield say("then", events="; ".join(map(say.event, later)))


def _afterwards(answer: Explanation, say: Phrases) -> Iterator[str]:
    if answer.trials:
        yield say("tried_again")
    for trial in answer.trials:
        yield say("trial", episode=trial.episode, changes=", ".join(trial.changes) or say("same_plan"), result=trial.result)
    if answer.teaches:
        yield say("speaks_for_one" if len(answer.teaches) == 1 else "speaks_for", rules=", ".join(answer.teaches))
    if answer.trained:
        yield say("trained", names=", ".join(answer.trained))


def _why(answer: WhyStep, say: Phrases) -> Iterator[str]:
    yield say("step_of", step=answer.step, episode=answer.episode, text=answer.text)
    if answer.proposed is None:
        yield say("put_in")
    elif not answer.edits:
        yield say("as_proposed")
    if answer.edits:
        yield say("changed_by", edits=", ".join(_edit(edit, say) for edit in answer.edits))
    if answer.refusals:
        yield say("against_proposed" if answer.proposed is not None else "against_without")
        yield from _each(answer.refusals, say)
    elif answer.proposed is not None:
        yield say("nothing_against")
    if answer.residual and answer.residual != answer.refusals:
        yield say("still_as_run")
        yield from _each(answer.residual, say)
    yield from (say("happened", event=say.event(event)) for event in answer.events)
    if not answer.events:
        yield say("step_fine")
    yield _tested(answer.verified, answer.proofs, say)


def _why_not(answer: WhyNot, say: Phrases) -> Iterator[str]:
    yield say("why_not", episode=answer.episode, steps="; ".join(_steps(answer.plan)))
    if answer.rank is not None:
        yield say("proposed_as", rank=answer.rank + 1)
    if not answer.refusals:
        yield say("none_against" if answer.rank is not None else "just_not")
    yield from _each(answer.refusals, say)
    if answer.refusals:
        weights = {"weight": f"{answer.weight:.2f}", "run": f"{answer.run_weight:.2f}"}
        yield say("hard") if answer.hard else say("weights_against", **weights)
    if answer.least_change is not None:
        yield _least(answer.least_change, say)
    yield _tested(answer.verified, answer.proofs, say)


def _what_if(answer: WhatIfAnswer, say: Phrases) -> Iterator[str]:
    plan = say("plan_proposed" if answer.of == "proposed" else "plan_run")
    yield say("if", changes=_changes(answer.answer.changes, say), plan=plan, episode=answer.episode)
    for title, sentences in (("no_longer", answer.vanished), ("newly", answer.appeared), ("still", answer.remaining)):
        yield from (say(title, sentence=sentence) for sentence in sentences)
    if not (answer.vanished or answer.appeared):
        yield say("same_said")
    elif not (answer.appeared or answer.remaining):
        yield say("all_clear")


def _each(refusals: Sequence[Refusal], say: Phrases) -> Iterator[str]:
    for refusal in refusals:
        yield from _refusal(refusal, True, say)


def _leaves(reasons: Iterable[Reason], say: Phrases) -> Iterator[str]:
    """The conditions of the rule itself, as short as they can be said."""
    for reason in reasons:
        yield say("absent", fact=reason.text) if reason.kind == "absent" else reason.text


def _least(least: LeastChange, say: Phrases) -> str:
    if least.changes is None:
        return say("none_satisfies" if least.proven else "none_in_time")
    return say("least" if least.proven else "least_unproven", changes=_changes(least.changes, say))


def _changes(changes: Iterable[Change], say: Phrases) -> str:
    return say("and").join(change.fact if change.holds else say("not", fact=change.fact) for change in changes)


def _edit(edit: Edit, say: Phrases) -> str:
    return say(edit.field if edit.field in ("insert", "aim", "order") else "edit", **edit.model_dump())


def _steps(text: str) -> list[str]:
    """The half of each step that people read, with its manner."""
    return [f"{step.symbolic_text()}, {step.keyframe.speed}, {step.keyframe.force}" for step in parse_plan(text).steps]


def _tested(verified: int, proofs: int, say: Phrases) -> str:
    if not proofs:
        return say("no_rule_involved")
    return say("tested_one" if proofs == 1 else "tested", verified=verified, proofs=proofs)


def _episodes(numbers: Sequence[int], say: Phrases) -> str:
    left = len(numbers) - EPISODES_TOLD
    shown = say("one_episode" if len(numbers) == 1 else "episodes", numbers=", ".join(map(str, numbers[:EPISODES_TOLD])))
    return shown + (say("and_more", count=left) if left > 0 else "")
