"""An answer as short plain sentences for the terminal. Everything said here is in the answer; nothing is looked up."""

from collections.abc import Iterable, Iterator, Sequence

from siren.core.episode import Edit, Event
from siren.core.plan import parse_plan
from siren.explain.answers import CandidateView, Explanation, Refusal, Trial, WhatIfAnswer, WhyNot, WhyStep
from siren.symbolic.counterfactual import Change, LeastChange
from siren.symbolic.proof import Reason

Answer = Explanation | WhyStep | WhyNot | WhatIfAnswer

# What happened, as people say it; {} stands for the thing. A kind that is not here is told by its name.
TOLD = {
    "collision": "the arm hit {}",
    "hand_hit": "the hand hit {}",
    "missed_grasp": "the fingers missed {}",
    "dropped": "{} was dropped",
    "crushed": "{} was crushed",
    "broken": "{} broke",
    "bump": "{} was bumped",
    "blocked": "the fingers were blocked by {}",
    "unreachable": "{} could not be reached",
    "toppled": "{} toppled",
    "displaced": "{} did not stay where it was put",
    "fell_off": "{} fell off",
    "goal_missed": "the goal was not reached",
    "refused": "the world refused the plan before anything moved",
}
EPISODES_TOLD = 8


def narrate(answer: Answer) -> str:
    """The answer as lines of text."""
    if isinstance(answer, Explanation):
        return "\n".join(_explanation(answer))
    if isinstance(answer, WhyStep):
        return "\n".join(_why(answer))
    if isinstance(answer, WhyNot):
        return "\n".join(_why_not(answer))
    return "\n".join(_what_if(answer))


def tell_event(event: Event) -> str:
    """An event as a clause: `the egg was crushed at step 1, during the grasp`."""
    thing = f"the {_spoken(event.subject)}" if event.subject else "something"
    clause = TOLD.get(event.kind, "{}: " + event.kind.replace("_", " ")).format(thing)
    return f"{clause} at step {event.step}, phase {event.phase}"


def _explanation(answer: Explanation) -> Iterator[str]:
    yield f'Episode {answer.episode} (round {answer.round}, {answer.use}): "{answer.instruction}"'
    if answer.perception == "policy":
        yield f"Seen by the policy: {', '.join(answer.seen) or 'nothing'}"
    if not answer.candidates:
        yield "The plan did not come from the policy; it was run to find out what happens."
    for view in answer.candidates:
        yield from _candidate(view, view.rank == answer.chosen)
    yield from _repair(answer)
    yield "What was run:"
    yield from (f"  {line}" for line in _steps(answer.plan))
    yield from _outcome(answer)
    yield from _afterwards(answer)
    yield _tested(answer.verified, answer.proofs)
    if not answer.rules_of_the_day and not answer.rulebook:
        yield "No rules judged it when it was run; this is judged by the rules as they are now."
    elif not answer.rules_of_the_day:
        yield "The rules of that day were not kept; this is judged by the rules as they are now."
    elif not answer.agrees:
        yield "Judged again, the candidates do not get the verdicts on record: knowledge or domain files have changed since."


def _candidate(view: CandidateView, chosen: bool) -> Iterator[str]:
    name = f"Proposal {view.rank + 1} (log-probability {view.score:.2f}{', taken up' if chosen else ''})"
    if not view.is_plan:
        yield f'{name} is no plan: "{view.text[:80]}"'
        return
    yield f"{name}: {'; '.join(_steps(view.text))}"
    if not view.refusals:
        yield "  no rule is against it"
    for refusal in view.refusals:
        yield from _refusal(refusal, chosen)


def _refusal(refusal: Refusal, in_full: bool) -> Iterator[str]:
    found = refusal.proof.violation
    yield f"  step {found.step}: {refusal.proof.sentence} [{found.rule}{'' if refusal.verified else ', NOT verified'}]"
    if not in_full:
        return
    yield f"    because {', '.join(_leaves(refusal.proof.body))}"
    if refusal.origin == "core":
        yield "    a core rule, written by hand"
    elif refusal.origin == "person":
        yield f"    written by a person; {_record(refusal)}"
    else:
        yield f"    learned: {_record(refusal)}"
    for lesson in refusal.lessons:
        yield f"      episode {lesson.episode}{'' if lesson.supports else ' (against)'}: {lesson.story}"


def _record(refusal: Refusal) -> str:
    parts = [f"{_count(refusal.support, 'failure')} for it, {refusal.against} against, confidence {refusal.confidence:.2f}"]
    if refusal.taught_by:
        parts.append(f"taught by {_episodes(refusal.taught_by)}")
    if refusal.contradicted_by:
        parts.append(f"contradicted by {_episodes(refusal.contradicted_by)}")
    return "; ".join(parts)


def _repair(answer: Explanation) -> Iterator[str]:
    if answer.edits:
        yield f"Repair: {', '.join(_edit(edit) for edit in answer.edits)}."
        for refusal in answer.residual:
            yield f"  still against it: {refusal.proof.sentence} [{refusal.proof.violation.rule}]"
    elif answer.residual:
        yield "No repair was made; the plan was run in spite of this."
    if answer.least_change is not None:
        yield _least(answer.least_change)


def _outcome(answer: Explanation) -> Iterator[str]:
    if answer.success:
        yield "Outcome: it worked."
    elif answer.cause is None:
        yield "Outcome: it failed; nothing was seen to go wrong, but the goal does not hold."
    else:
        later = [event for event in answer.events if event != answer.cause]
        yield f"Outcome: it failed. First, {tell_event(answer.cause)}."
        if later:
            yield f"  Then {'; '.join(tell_event(event) for event in later)}."


def _afterwards(answer: Explanation) -> Iterator[str]:
    if answer.trials:
        yield "The same table was tried again:"
        yield from (f"  {_trial(trial)}" for trial in answer.trials)
    if answer.teaches:
        yield f"It speaks for {'rule' if len(answer.teaches) == 1 else 'rules'} {', '.join(answer.teaches)}."
    if answer.trained:
        yield f"These weights were trained on it: {', '.join(answer.trained)}."


def _trial(trial: Trial) -> str:
    return f"episode {trial.episode}: {', '.join(trial.changes) or 'the same plan'}: {trial.result}"


def _why(answer: WhyStep) -> Iterator[str]:
    yield f"Step {answer.step} of episode {answer.episode}: {answer.text}"
    if answer.proposed is None:
        yield "The policy did not propose it; the repair put it in."
    elif not answer.edits:
        yield "It was run as the policy proposed it."
    if answer.edits:
        yield f"Changed by the repair: {', '.join(_edit(edit) for edit in answer.edits)}."
    if answer.refusals:
        yield "Rules against it as it was proposed:" if answer.proposed is not None else "Without it there would be rules against the plan:"
        yield from _each(answer.refusals)
    elif answer.proposed is not None:
        yield "No rule was against it."
    if answer.residual and answer.residual != answer.refusals:
        yield "Rules still against it as it was run:"
        yield from _each(answer.residual)
    yield from (f"What happened: {tell_event(event)}." for event in answer.events)
    if not answer.events:
        yield "Nothing went wrong at this step."
    yield _tested(answer.verified, answer.proofs)


def _why_not(answer: WhyNot) -> Iterator[str]:
    yield f"Why episode {answer.episode} did not do this: {'; '.join(_steps(answer.plan))}"
    if answer.rank is not None:
        yield f"The policy proposed it, as number {answer.rank + 1}."
    if not answer.refusals:
        yield "No rule is against it" + ("." if answer.rank is not None else "; the policy just did not propose it.")
    yield from _each(answer.refusals)
    if answer.refusals:
        yield (
            "It may not run at all: a core rule is broken."
            if answer.hard
            else f"Weight against it {answer.weight:.2f}; against what was run {answer.run_weight:.2f}."
        )
    if answer.least_change is not None:
        yield _least(answer.least_change)
    yield _tested(answer.verified, answer.proofs)


def _what_if(answer: WhatIfAnswer) -> Iterator[str]:
    plan = "the plan as it was proposed" if answer.of == "proposed" else "the plan that was run"
    yield f"If {_changes(answer.answer.changes)}, then for {plan} in episode {answer.episode}:"
    for title, sentences in (("no longer", answer.vanished), ("newly", answer.appeared), ("still", answer.remaining)):
        yield from (f"  {title}: {sentence}" for sentence in sentences)
    if not (answer.vanished or answer.appeared):
        yield "  the rules would have said the same."
    elif not (answer.appeared or answer.remaining):
        yield "  nothing would have been against it."


def _each(refusals: Sequence[Refusal]) -> Iterator[str]:
    for refusal in refusals:
        yield from _refusal(refusal, in_full=True)


def _leaves(reasons: Iterable[Reason]) -> Iterator[str]:
    """The conditions of the rule itself, as short as they can be said."""
    for reason in reasons:
        yield f"no {reason.text}" if reason.kind == "absent" else reason.text


def _least(least: LeastChange) -> str:
    if least.changes is None:
        return (
            "No change of manner, and nothing taken away, would satisfy the rules."
            if least.proven
            else "No change was found in time that would satisfy the rules."
        )
    return f"The least that satisfies the rules: {_changes(least.changes)}{'' if least.proven else ' (fewer may do)'}."


def _changes(changes: Iterable[Change]) -> str:
    return " and ".join(change.fact if change.holds else f"not {change.fact}" for change in changes)


def _edit(edit: Edit) -> str:
    return (
        f"before step {edit.step} {edit.after}"
        if edit.field == "insert"
        else f"step {edit.step} {edit.field} {edit.before} -> {edit.after}"
    )


def _steps(text: str) -> list[str]:
    """The half of each step that people read, with its manner."""
    return [f"{step.symbolic_text()}, {step.keyframe.speed}, {step.keyframe.force}" for step in parse_plan(text).steps]


def _tested(verified: int, proofs: int) -> str:
    if not proofs:
        return "No rule was involved."
    return f"Tested: {verified} of {_count(proofs, 'reason')} held when solved again without the named rule."


def _episodes(numbers: Sequence[int]) -> str:
    shown, left = ", ".join(map(str, numbers[:EPISODES_TOLD])), len(numbers) - EPISODES_TOLD
    return f"{'episode' if len(numbers) == 1 else 'episodes'} {shown}{f' and {left} more' if left > 0 else ''}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _spoken(name: str) -> str:
    return name.replace("_", " ")
