"""What came of a failure, and what came of a rule: who learned from it, when it was made before, and how things would have gone without.

    learned_from(store, 12)                              rules, batches and checkpoints that rest on an episode
    earlier_mistakes(store, 12)                          when the same mistake was made before
    without_rule(store, "evening", rule, knowledge)      decisions on record since the rule is there, judged again without it

Every answer counts what is on record; what would have happened is an interval over steps that were run all the same.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.core.statistics import wilson
from siren.core.values import Value
from siren.explain.replay import RUNS, replay
from siren.explain.trials import tell_outcome
from siren.learning.failures import root_cause
from siren.memory.browse import newest_episodes
from siren.memory.context import failures_of_kind
from siren.memory.store import Store
from siren.memory.weights import Made, made
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook

TOLD = 5
Effect = Literal["alone", "together", "others"]


class RuleLesson(Value):
    """A rule that an episode speaks for or against, and how that rule stands now."""

    rule: str
    step: int
    supports: bool
    saying: str
    status: str


class LearnedFrom(Value):
    """Everything that was learned from an episode."""

    episode: int
    success: bool
    result: str
    rules: tuple[RuleLesson, ...]
    samples: tuple[str, ...] = Field(description="what weights were taught because of it: instruction -> plan")
    batches: tuple[int, ...] = Field(description="numbers of the fine-tuning runs that used it")
    checkpoints: tuple[Made, ...] = Field(description="the weights that came of those")


class Mistake(Value):
    """One earlier failure of the same kind."""

    episode: int
    round: int
    instruction: str
    result: str
    same_thing: bool = Field(description="it befell the same thing")


class EarlierMistakes(Value):
    """When a mistake was made before."""

    episode: int
    kind: str = Field(description="kind of the first thing that went wrong; empty when nothing did")
    skill: str
    total: int = Field(description="earlier failures of that kind at that skill, in this session")
    first: Mistake | None
    mistakes: tuple[Mistake, ...] = Field(description="some of them: those of the same thing first, the newest first")


class Overruled(Value):
    """One decision that the rule had a part in."""

    episode: int
    effect: Effect
    instruction: str
    success: bool
    result: str


class WithoutRule(Value):
    """What would have happened since without a rule, as far as the record says."""

    rule: Rule
    decisions: int = Field(description="judged on record while the rule was in force")
    alone: int = Field(description="only this rule was against the proposal that was taken up: it would have run as it was")
    together: int = Field(description="others were against it too: it would have been mended all the same")
    others: int = Field(description="it was against proposals that were not taken up")
    worked: int = Field(description="of those that it alone changed: how many worked as they were run")
    ran_anyway: int = Field(description="steps that it speaks of and that were run all the same, on record")
    went_wrong: int = Field(description="of those: as it says")
    expected: tuple[float, float] = Field(description="failures it spared, from the interval of that share (95 %) times `alone`")
    examples: tuple[Overruled, ...]


def learned_from(store: Store, number: int) -> LearnedFrom:
    """Rules, batches and checkpoints that rest on an episode. Raises StoreError for an unknown one."""
    episode, batches = store.episode(number), store.batches_of(number)
    samples = (f"{sample.instruction} -> {'; '.join(_short(sample.text))}" for batch in batches for sample in batch.samples)
    return LearnedFrom(
        episode=number,
        success=episode.outcome.success,
        result=tell_outcome(episode),
        rules=tuple(_rule_lessons(store, episode, number)),
        samples=tuple(dict.fromkeys(samples)),
        batches=tuple(batch.id for batch in batches),
        checkpoints=tuple(made(store, name) for name in dict.fromkeys(batch.checkpoint for batch in batches)),
    )


def earlier_mistakes(store: Store, number: int) -> EarlierMistakes:
    """Earlier failures of the session that began in the same way. Raises StoreError for an unknown episode."""
    episode = store.episode(number)
    root = root_cause(episode.outcome)
    steps = episode.decision.plan.steps
    step = steps[min(root.step, len(steps)) - 1] if root and steps else None
    if root is None or step is None:
        return EarlierMistakes(episode=number, kind="", skill="", total=0, first=None, mistakes=())
    first, newest, total = failures_of_kind(store, episode.session, root.kind, step.skill, step.object, number, TOLD)
    return EarlierMistakes(
        episode=number,
        kind=root.kind,
        skill=step.skill,
        total=total,
        first=_mistake(first, step.object) if first else None,
        mistakes=tuple(_mistake(one, step.object) for one in newest),
    )


def without_rule(store: Store, session: str, rule: Rule, knowledge: Knowledge, runs: int = RUNS) -> WithoutRule:
    """Judge the newest decisions that the rule had a say in again without it. `rule` has been validated."""
    judge = ClingoChecker(Rulebook([rule.model_copy(update={"status": "active", "banned": ""})]), knowledge)
    decisions, found = 0, []
    for episode in _judged_with(store, session, rule, runs):
        decisions += 1
        effect = _effect(episode, rule.id, judge)
        if effect is not None:
            found.append(_overruled(episode, effect))
    alone = [one for one in found if one.effect == "alone"]
    (everything,) = replay(store, session, (rule,), knowledge, runs=runs)
    wrong, right = len(everything.of("right")), len(everything.of("wrong"))
    low, high = wilson(wrong, wrong + right)
    return WithoutRule(
        rule=rule,
        decisions=decisions,
        alone=len(alone),
        together=sum(one.effect == "together" for one in found),
        others=sum(one.effect == "others" for one in found),
        worked=sum(one.success for one in alone),
        ran_anyway=wrong + right,
        went_wrong=wrong,
        expected=(low * len(alone), high * len(alone)),
        examples=tuple(sorted(found, key=lambda one: (one.effect != "alone", one.effect != "together"))[:TOLD]),
    )


def _judged_with(store: Store, session: str, rule: Rule, runs: int) -> Iterator[Episode]:
    """Decisions of the policy whose rules of the day had this one among them."""
    had: dict[str, bool] = {}
    for episode in newest_episodes(store, session, runs):
        digest = episode.decision.rulebook
        if digest not in had:
            had[digest] = _has(store.rulebook(digest) if digest else None, rule.id)
        if had[digest] and episode.decision.candidates:
            yield episode


def _has(rules: Iterable[Rule] | None, name: str) -> bool:
    return any(rule.id == name for rule in rules or ())


def _effect(episode: Episode, name: str, judge: ClingoChecker) -> Effect | None:
    """What the rule had to do with a decision: judged again as it is worded now, the other rules as they are on record."""
    decision = episode.decision
    plans = {rank: candidate.plan for rank, candidate in enumerate(decision.candidates) if candidate.plan is not None}
    verdicts = judge.check(episode.scene, list(plans.values()), episode.task.goal)
    refused = {rank for rank, verdict in zip(plans, verdicts, strict=True) if not verdict.clean}
    if decision.chosen not in refused:
        return "others" if refused else None
    verdict = decision.candidates[decision.chosen].verdict
    rest = {found.rule for found in verdict.violations} - {name} if verdict is not None else set()
    return "together" if rest else "alone"


def _overruled(episode: Episode, effect: Effect) -> Overruled:
    return Overruled(
        episode=episode.id or 0,
        effect=effect,
        instruction=episode.task.instruction,
        success=episode.outcome.success,
        result=tell_outcome(episode),
    )


def _rule_lessons(store: Store, episode: Episode, number: int) -> Iterator[RuleLesson]:
    for piece in store.lessons_of(number):
        rule = store.rule_history(piece.rule, episode.session)[-1].rule
        yield RuleLesson(rule=rule.id, step=piece.step, supports=piece.polarity == "for", saying=rule.saying, status=rule.status)


def _mistake(episode: Episode, thing: str) -> Mistake:
    root = root_cause(episode.outcome)
    assert root is not None, "a failure of a kind has a first event"
    steps = episode.decision.plan.steps
    return Mistake(
        episode=episode.id or 0,
        round=episode.round,
        instruction=episode.task.instruction,
        result=tell_outcome(episode),
        same_thing=root.step <= len(steps) and steps[root.step - 1].object == thing,
    )


def _short(text: str) -> list[str]:
    """The half of each step that people read."""
    return [line.partition("|")[0].strip() for line in text.splitlines()]
