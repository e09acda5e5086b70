"""What changed: between two episodes, two sets of rules, two checkpoints. Each answer is a value that says only what is on record.

    compare_episodes(store, 12, 13)
    compare_rules(first, second)                     rules of two sessions, or of two days
    compare_checkpoints(store, "night-1", "night-2")

Rules are the same when they say the same, whatever their ids. Unknown episodes, sessions and checkpoints give StoreError.
"""

import re
from collections.abc import Iterable

from pydantic import Field

from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.core.scene import Scene, SceneObject
from siren.core.statistics import mcnemar, wilson
from siren.core.values import Value
from siren.explain.trials import changes_between, tell_outcome
from siren.memory.store import Store
from siren.memory.weights import Made, made, tries_of

MOVED = 0.01  # metres that a thing has to be away to be called moved


class RuleChange(Value):
    """A rule that both sets have, and how it stands in each."""

    first: Rule
    second: Rule


class RuleSetDifference(Value):
    """Two sets of rules in force, told apart by what the rules say."""

    only_first: tuple[Rule, ...]
    only_second: tuple[Rule, ...]
    both: tuple[RuleChange, ...]
    reworded: tuple[RuleChange, ...] = Field(description="the same id with another text; these are in the two lists above as well")


class EpisodeDifference(Value):
    """Two episodes beside each other."""

    first: int
    second: int
    same_task: bool = Field(description="the same seed: the same things in the same places")
    instructions: tuple[str, str]
    only_first: tuple[str, ...] = Field(description="things that stand on the first table only")
    only_second: tuple[str, ...]
    things: tuple[str, ...] = Field(description="things of both that stand or look otherwise, in a few words each")
    checkpoints: tuple[str, str]
    rules: RuleSetDifference | None = Field(description="None when both were judged by the same rules, or those were not kept")
    refused_first: tuple[str, ...] = Field(description="rules that refused a proposal of the first one only")
    refused_second: tuple[str, ...]
    plan: tuple[str, ...] = Field(description="of the same task: what the second plan does otherwise, step by step")
    successes: tuple[bool, bool]
    results: tuple[str, str]


class CheckpointDifference(Value):
    """Two checkpoints: what each learned from, and how they did on the tasks that both tried."""

    first: Made
    second: Made
    ancestor: str | None = Field(description="the newest weights that both come from, themselves included")
    tasks: int = Field(description="tried by both")
    successes: tuple[int, int]
    intervals: tuple[tuple[float, float], tuple[float, float]] = Field(description="Wilson, 95 %")
    gained: int = Field(description="tasks that only the second does")
    lost: int
    p_value: float = Field(description="exact paired test")
    other_proposals: int = Field(description="of those tasks: the first proposal reads otherwise")
    examples: tuple[tuple[int, int], ...] = Field(description="pairs of episodes that ended otherwise, at most five")


def compare_episodes(store: Store, first: int, second: int) -> EpisodeDifference:
    """What is otherwise in the second episode: table, weights, rules, plan, end. Raises StoreError for unknown ones."""
    one, other = store.episode(first), store.episode(second)
    refused = [_refused_by(episode) for episode in (one, other)]
    return EpisodeDifference(
        first=first,
        second=second,
        same_task=one.task == other.task,
        instructions=(one.task.instruction, other.task.instruction),
        only_first=tuple(sorted(one.scene.names() - other.scene.names())),
        only_second=tuple(sorted(other.scene.names() - one.scene.names())),
        things=_things(one.scene, other.scene),
        checkpoints=(one.decision.checkpoint, other.decision.checkpoint),
        rules=_rules_of_the_days(store, one.decision.rulebook, other.decision.rulebook),
        refused_first=tuple(sorted(refused[0] - refused[1])),
        refused_second=tuple(sorted(refused[1] - refused[0])),
        plan=changes_between(one.decision.plan, other.decision.plan) if one.task == other.task else (),
        successes=(one.outcome.success, other.outcome.success),
        results=(tell_outcome(one), tell_outcome(other)),
    )


def compare_rules(first: Iterable[Rule], second: Iterable[Rule]) -> RuleSetDifference:
    """Learned rules in force that only one side has, and those that both have."""
    one, other = ({what_it_says(rule): rule for rule in rules if rule.in_force and not rule.hard} for rules in (first, second))
    only = [{rule.id: rule for said, rule in mine.items() if said not in theirs} for mine, theirs in ((one, other), (other, one))]
    return RuleSetDifference(
        only_first=tuple(only[0].values()),
        only_second=tuple(only[1].values()),
        both=tuple(RuleChange(first=rule, second=other[said]) for said, rule in one.items() if said in other),
        reworded=tuple(RuleChange(first=only[0][name], second=only[1][name]) for name in only[0] if name in only[1]),
    )


def compare_checkpoints(store: Store, first: str, second: str) -> CheckpointDifference:
    """Weights by name: what they learned from, and the tasks that both tried, paired. Raises StoreError for unknown ones."""
    one, other = made(store, first), made(store, second)
    tries = [tries_of(store, name) for name in (one.name, other.name)]
    keys = sorted(tries[0].keys() & tries[1].keys())
    pairs = [(tries[0][key], tries[1][key]) for key in keys]
    gained = [pair for pair in pairs if pair[1].success and not pair[0].success]
    lost = [pair for pair in pairs if pair[0].success and not pair[1].success]
    counts = tuple(sum(pair[side].success for pair in pairs) for side in (0, 1))
    return CheckpointDifference(
        first=one,
        second=other,
        ancestor=next((name for name in (other.name, *other.ancestors) if name in (one.name, *one.ancestors)), None),
        tasks=len(pairs),
        successes=(counts[0], counts[1]),
        intervals=(wilson(counts[0], len(pairs)), wilson(counts[1], len(pairs))),
        gained=len(gained),
        lost=len(lost),
        p_value=mcnemar(len(gained), len(lost)),
        other_proposals=sum(pair[0].proposal != pair[1].proposal for pair in pairs),
        examples=tuple((pair[0].episode, pair[1].episode) for pair in [*gained, *lost][:5]),
    )


def what_it_says(rule: Rule) -> str:
    """The conditions of a rule in a fixed order: its id differs from session to session, what it says does not."""
    body = rule.text.partition(":-")[2].strip(" .\n")
    return ", ".join(sorted(re.sub(r"\s+", "", part) for part in re.split(r",\s*(?![^()]*\))", body)))


def _rules_of_the_days(store: Store, first: str, second: str) -> RuleSetDifference | None:
    one, other = (store.rulebook(digest) if digest else None for digest in (first, second))
    return None if first == second or one is None or other is None else compare_rules(one, other)


def _refused_by(episode: Episode) -> set[str]:
    verdicts = (candidate.verdict for candidate in episode.decision.candidates if candidate.verdict is not None)
    return {found.rule for verdict in verdicts for found in verdict.violations}


def _things(one: Scene, other: Scene) -> tuple[str, ...]:
    pairs = ((thing, other.find(thing.name)) for thing in one.objects)
    return tuple(f"{thing.name.replace('_', ' ')}: {words}" for thing, now in pairs if now is not None and (words := _changed(thing, now)))


def _changed(was: SceneObject, now: SceneObject) -> str:
    words = []
    if (was.support, was.inside) != (now.support, now.inside):
        words.append(f"{_stands(was)} -> {_stands(now)}")
    elif max(abs(a - b) for a, b in zip(was.position[:2], now.position[:2], strict=True)) >= MOVED:
        places = (" ".join(f"{value:.3f}" for value in thing.position[:2]) for thing in (was, now))
        words.append(" -> ".join(places))
    if was.colour != now.colour:
        words.append(f"{was.colour} -> {now.colour}")
    words += [f"not {mark}" for mark in was.marks if mark not in now.marks] + [mark for mark in now.marks if mark not in was.marks]
    return ", ".join(words)


def _stands(thing: SceneObject) -> str:
    return f"{'in' if thing.inside else 'on'} the {thing.support.replace('_', ' ')}"
