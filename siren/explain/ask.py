"""A question in plain words about one episode as an answer in plain words, over the same queries as everything else.

reply = ask(store, 12, "why did you not take the egg?", knowledge)
reply.told          # the answer; empty when the question was not understood
reply.can_be_asked  # then: what can be asked about this table
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from siren.core import geometry
from siren.core.episode import Episode
from siren.core.plan import Plan
from siren.core.scene import Scene, SceneObject
from siren.core.values import Value
from siren.explain import query
from siren.explain.answers import Explanation
from siren.explain.beliefs import beliefs
from siren.explain.chronicle import tell_belief
from siren.explain.consequences import earlier_mistakes, learned_from, without_rule
from siren.explain.differences import compare_episodes
from siren.explain.narrate import narrate, tell_event
from siren.explain.phrases import Language
from siren.explain.questions import Question, read_question
from siren.explain.trials import tell_outcome
from siren.memory.context import similar_failures
from siren.memory.store import Store
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook

EXAMPLES = (
    "why did you do that?",
    "why step 1?",
    "why not gently?",
    "why did you not take the {thing}?",
    "what if the {thing} were not fragile?",
    "what if you took it slowly?",
    "what went wrong?",
    "what would have worked?",
    "what did you change?",
    "what else did you consider?",
    "which rules were broken?",
    "which failures taught that?",
    "what is the least change?",
    "did this happen before?",
    "which weights were trained on this?",
    "what do you see?",
    "what would have happened without the rule?",
    "what changed since episode 1?",
)
MOST = 3  # rules that are gone through when none was named


class Reply(Value):
    """What was understood, and the answer. Without a question: what can be asked."""

    question: Question | None
    understood: str
    told: str
    can_be_asked: tuple[str, ...] = ()


class _Asked(NamedTuple):
    """Everything that an answer may need."""

    store: Store
    number: int
    episode: Episode
    question: Question
    knowledge: Knowledge
    current: Rulebook | None
    known: Explanation | None
    language: Language

    def explained(self) -> Explanation:
        return self.known or query.explain_episode(self.store, self.number, self.knowledge, self.current)

    def why_not(self, plan: Plan) -> str:
        return narrate(query.why_not(self.store, self.number, str(plan), self.knowledge, self.current), self.language)


def ask(
    store: Store,
    number: int,
    text: str,
    knowledge: Knowledge,
    current: Rulebook | None = None,
    known: Explanation | None = None,
    language: Language = "en",
) -> Reply:
    """Answer a question about an episode; `known` is its explanation, where somebody has it already.

    Raises StoreError for an unknown episode, RuleError for facts that cannot be changed.
    """
    episode = store.episode(number)
    scene, plan = episode.scene, episode.decision.plan
    attributes = {str(value) for kind in knowledge.kinds for name, value in knowledge.about(kind) if name == "attribute"}
    question = read_question(text, scene, plan, episode.task.goal.object, attributes)
    if question is None:
        return Reply(question=None, understood="That was not understood.", told="", can_be_asked=can_be_asked(scene))
    understood, tell = _ANSWERS[question.kind]
    told = tell(_Asked(store, number, episode, question, knowledge, current, known, language))
    return Reply(question=question, understood=_fill(understood, question), told=told)


def can_be_asked(scene: Scene) -> tuple[str, ...]:
    """Examples in the words of a table."""
    thing = scene.objects[-1].name.replace("_", " ") if scene.objects else "egg"
    return tuple(example.format(thing=thing) for example in EXAMPLES)


def _fill(text: str, question: Question) -> str:
    values = question.model_dump() | {"facts": " and ".join(question.facts)}
    return text.format(**{name: str(value).replace("_", " ") if name in ("thing", "target") else value for name, value in values.items()})


def _explain(asked: _Asked) -> str:
    return narrate(asked.explained(), asked.language)


def _why_step(asked: _Asked) -> str:
    return narrate(query.why(asked.store, asked.number, asked.question.step, asked.knowledge, asked.current), asked.language)


def _what_if(asked: _Asked) -> str:
    return narrate(query.what_if(asked.store, asked.number, asked.question.facts, asked.knowledge, asked.current), asked.language)


def _why_not_take(asked: _Asked) -> str:
    """The proposal that goes for the thing, if there is one; else a careful grip that nobody proposed."""
    name, decision = asked.question.thing, asked.episode.decision
    if any(step.object == name and step.skill in ("pick", "open") for step in decision.plan.steps):
        return f"It did go for the {_spoken(name)}: {'; '.join(step.symbolic_text() for step in decision.plan.steps)}."
    for candidate in decision.candidates:
        if candidate.plan is not None and any(step.object == name for step in candidate.plan.steps):
            return asked.why_not(candidate.plan)
    thing = _thing(asked.episode.scene, name)
    wanted = "" if asked.episode.task.goal.object == name else f"The instruction was: {asked.episode.task.instruction}.\n"
    return wanted + asked.why_not(Plan(steps=(geometry.pick_step(thing, 0, "slow", "gentle"),)))


def _why_not_put(asked: _Asked) -> str:
    question, scene = asked.question, asked.episode.scene
    thing, target = _thing(scene, question.thing), _thing(scene, question.target)
    pick = geometry.pick_step(thing, 0, "slow", "gentle")
    yaw = pick.keyframe.yaw
    place = target.position[:2]
    put = geometry.put_step("place", thing, scene, question.relation, target.name, place, yaw, "low", "slow", "gentle")
    return asked.why_not(Plan(steps=(pick, put)))


def _why_not_manner(asked: _Asked) -> str:
    question, steps = asked.question, list(asked.episode.decision.plan.steps)
    place = min(question.step, len(steps)) - 1
    field = "force" if question.manner in ("gentle", "firm") else "speed"
    frame = steps[place].keyframe
    if getattr(frame, field) == question.manner:
        return f"Step {place + 1} was done so: {steps[place].symbolic_text()}, {frame.speed}, {frame.force}."
    steps[place] = steps[place].model_copy(update={"keyframe": frame.model_copy(update={field: question.manner})})
    return asked.why_not(Plan(steps=tuple(steps)))


def _why_not_proposal(asked: _Asked) -> str:
    decision, rank = asked.episode.decision, asked.question.proposal - 1
    if rank >= len(decision.candidates):
        return f"There were {len(decision.candidates)} proposals."
    plan = decision.candidates[rank].plan
    if rank == decision.chosen:
        return f"Proposal {rank + 1} is the one that was taken up."
    return asked.why_not(plan) if plan is not None else f"Proposal {rank + 1} is no plan."


def _outcome(asked: _Asked) -> str:
    events = sorted(asked.episode.outcome.events, key=lambda event: event.tick)
    if asked.episode.outcome.success:
        return "It worked; nothing went wrong."
    if not events:
        return "It failed: nothing was seen to go wrong, but the goal does not hold."
    later = "".join(f"\nThen {tell_event(event)}." for event in events[1:])
    return f"It failed. First, {tell_event(events[0])}.{later}"


def _trials(asked: _Asked) -> str:
    trials = asked.explained().trials
    if not trials:
        return "The same table was not tried again."
    good = [trial for trial in trials if trial.success]
    lines = [f"episode {trial.episode}: {', '.join(trial.changes) or 'the same plan'}: {trial.result}" for trial in trials]
    return "\n".join([f"{len(good)} of {len(trials)} other runs of this table worked:", *lines])


def _seen(asked: _Asked) -> str:
    found = beliefs(asked.store, asked.number, asked.knowledge)
    one = next((thing for thing in found.things if thing.name == asked.question.thing), None)
    return tell_belief(one, asked.language).strip() if one else narrate(found, asked.language)


def _taught(asked: _Asked) -> str:
    answer = asked.explained()
    refusals = {found.proof.violation.rule: found for view in answer.candidates for found in view.refusals}
    wanted = [refusals[asked.question.rule]] if asked.question.rule in refusals else list(refusals.values())
    if asked.question.rule and asked.question.rule not in refusals:
        return f"Rule {asked.question.rule} had nothing to say here; these had: {', '.join(sorted(refusals)) or 'none'}."
    lines = []
    for found in wanted:
        taught = ", ".join(map(str, found.taught_by[:8])) or "nobody: it is written by hand"
        lines.append(f"{found.proof.violation.rule}: {found.proof.sentence}; taught by {taught}")
        lines += [f"  episode {lesson.episode}{'' if lesson.supports else ' (against)'}: {lesson.story}" for lesson in found.lessons]
    return "\n".join(lines) or "No rule was involved."


def _refusals(asked: _Asked) -> str:
    lines = list(_broken(asked.explained()))
    return "\n".join(lines) or "No rule was against any proposal."


def _broken(answer: Explanation) -> Iterator[str]:
    for view in answer.candidates:
        for found in view.refusals:
            yield f"proposal {view.rank + 1}, step {found.proof.violation.step}: {found.proof.sentence} [{found.proof.violation.rule}]"


def _repair(asked: _Asked) -> str:
    repair = asked.episode.decision.repair
    if repair is None or not repair.edits:
        return "Nothing was changed: the plan was run as it was proposed."
    chosen = f"proposal {asked.episode.decision.chosen + 1},"
    told = {line for line in _broken(asked.explained()) if line.startswith(chosen)}
    edits = [f"step {edit.step} {edit.field}: {edit.before} -> {edit.after}" for edit in repair.edits]
    return "\n".join([*edits, *(f"because of {line}" for line in sorted(told))])


def _least_change(asked: _Asked) -> str:
    least = asked.explained().least_change
    if least is None:
        return "Nothing: no rule was against the proposal."
    if least.changes is None:
        return "No change of manner, and nothing taken away, would satisfy the rules."
    return " and ".join(change.fact if change.holds else f"not {change.fact}" for change in least.changes)


def _candidates(asked: _Asked) -> str:
    decision, lines = asked.episode.decision, []
    for rank, candidate in enumerate(decision.candidates):
        steps = "; ".join(step.symbolic_text() for step in candidate.plan.steps) if candidate.plan else "no plan"
        broken = f"breaks {len(candidate.verdict.violations)}" if candidate.verdict and candidate.verdict.violations else "breaks none"
        chosen = ", taken up" if rank == decision.chosen else ""
        lines.append(f"proposal {rank + 1} (log-probability {candidate.score:.2f}{chosen}): {steps}; {broken}")
    return "\n".join(lines) or "The plan did not come from the policy; nothing was proposed."


def _before(asked: _Asked) -> str:
    """Failures that began in the same way; where nothing went wrong, earlier failures of the thing or the skill."""
    found = earlier_mistakes(asked.store, asked.number)
    if found.kind:
        return narrate(found, asked.language)
    step = asked.episode.decision.plan.steps[0]
    similar = similar_failures(asked.store, asked.episode.session, step.object, step.skill, 20)
    lines = [f"episode {one.id}: {one.task.instruction}: {tell_outcome(one)}" for one in similar if (one.id or 0) < asked.number][:5]
    return "\n".join(lines) or "No earlier failure on record is like it."


def _trained(asked: _Asked) -> str:
    own = f"The plan was proposed by {asked.episode.decision.checkpoint}."
    return f"{own}\n{_learned(asked)}"


def _learned(asked: _Asked) -> str:
    return narrate(learned_from(asked.store, asked.number), asked.language)


def _without_rule(asked: _Asked) -> str:
    """The rule that was named, or each that was against the proposal."""
    session = asked.episode.session
    broken = {found.rule for view in asked.explained().candidates for found in (one.proof.violation for one in view.refusals)}
    names = [asked.question.rule] if asked.question.rule else sorted(broken)
    rules = {rule.id: rule for rule in asked.store.rulebook(asked.episode.decision.rulebook) or ()}
    known = [rules[name] for name in names if name in rules][:MOST]
    if not known:
        return f"No such rule judged this decision; these did: {', '.join(sorted(rules)) or 'none on record'}."
    return "\n".join(narrate(without_rule(asked.store, session, rule, asked.knowledge), asked.language) for rule in known)


def _versus(asked: _Asked) -> str:
    return narrate(compare_episodes(asked.store, asked.question.episode, asked.number), asked.language)


def _thing(scene: Scene, name: str) -> SceneObject:
    found = scene.find(name)
    assert found is not None, f"a question named {name}, which is not on the table"
    return found


def _spoken(name: str) -> str:
    return name.replace("_", " ")


_ANSWERS: dict[str, tuple[str, Callable[[_Asked], str]]] = {
    "explain": ("Why it was done", _explain),
    "why_step": ("Why step {step} is as it is", _why_step),
    "why_not_take": ("What speaks against going for the {thing}", _why_not_take),
    "why_not_put": ("What speaks against putting the {thing} {relation} the {target}", _why_not_put),
    "why_not_manner": ("What speaks against doing step {step} {manner}", _why_not_manner),
    "why_not_proposal": ("What speaks against proposal {proposal}", _why_not_proposal),
    "what_if": ("What if {facts}", _what_if),
    "outcome": ("What came of it", _outcome),
    "trials": ("What else was tried on this table", _trials),
    "seen": ("What it believes to see", _seen),
    "taught": ("Who taught the rules that spoke here {rule}", _taught),
    "refusals": ("What the rules said", _refusals),
    "repair": ("What was changed", _repair),
    "least_change": ("The least change that satisfies the rules", _least_change),
    "candidates": ("What was proposed", _candidates),
    "before": ("When something like it went wrong before", _before),
    "trained": ("Which weights", _trained),
    "learned": ("What was learned from it", _learned),
    "without_rule": ("What would have happened without the rule {rule}", _without_rule),
    "versus": ("What changed since episode {episode}", _versus),
}
