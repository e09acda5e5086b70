"""A question in plain words, and the table it is about, as a query: `why did you not take the egg?` -> why_not_take(egg).

A small grammar: the words of the scene are put in first (the longest name wins; a word that only one thing has names that thing), then
the first pattern that fits decides. Nothing is guessed: what no pattern fits is None, and the caller says what can be asked.
It reads words only; it does not know what the answer is.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from siren.core.plan import Plan, Relation
from siren.core.scene import Scene
from siren.core.values import Value
from siren.explain import question_words as known
from siren.explain.question_words import BEGIN, DRIVE, MANNERS, NUMBERS, PUT, SHOVE, TAKE

Kind = Literal[
    "explain", "why_step", "why_not_take", "why_not_put", "why_not_manner", "why_not_proposal", "what_if", "outcome", "trials", "seen",
    "taught", "refusals", "repair", "least_change", "candidates", "before", "trained", "learned", "without_rule", "versus",
]  # fmt: skip


class Question(Value):
    """What is asked. Fields that the kind does not need stay as they are."""

    kind: Kind
    step: int = Field(default=0, description="counts from 1; 0: none")
    thing: str = ""
    target: str = ""
    relation: Relation = "on"
    rule: str = ""
    manner: str = Field(default="", description="slow, normal, fast, gentle or firm")
    facts: tuple[str, ...] = Field(default=(), description="changes as `what_if` reads them")
    proposal: int = Field(default=0, description="counts from 1; 0: none")
    episode: int = Field(default=0, description="another episode that is spoken of; 0: none")


def read_question(text: str, scene: Scene, plan: Plan, goal_object: str, attributes: Iterable[str]) -> Question | None:
    """The query that a question stands for, or None. `attributes` are the words that things can be said to be."""
    words = _normal(text, scene)
    things = [word for word in re.findall(r"\w+", words) if scene.find(word)]
    rule, other = known.RULE.search(words), known.EPISODE.search(words)
    about = {"rule": rule[1] if rule else "", "episode": int(other[1]) if other else 0}
    for kind, patterns in known.FIRST:
        if any(re.search(pattern, words) for pattern in patterns):
            return Question.model_validate({"kind": kind, **about})
    if known.CONDITION.search(words) and not known.NO_CONDITION.search(words):
        facts = tuple(_facts(words, scene, plan, goal_object, things, frozenset(attributes)))
        return Question(kind="what_if", facts=facts) if facts else None
    why_that = re.match(rf"{BEGIN}\b", words) and known.PROPOSAL.search(words)
    if (why_that or known.NEGATED.match(words)) and not known.WORKED.search(words):
        found = _why_not(words, things, plan, goal_object)
        if found is not None or re.match(rf"{BEGIN}\b", words):
            return found
    for kind, patterns in known.PLAIN:
        if any(re.search(pattern, words) for pattern in patterns):
            thing = things[0] if things and kind == "seen" else ""
            return Question.model_validate({"kind": kind, "rule": about["rule"], "thing": thing})
    if rule:
        return Question(kind="taught", rule=rule[1])
    return _why(words, things, plan)


def _normal(text: str, scene: Scene) -> str:
    """The question without what is said before it, and with `why` for all that means why."""
    words = known.REASON.sub("why", known.POLITE.sub("", _with_names(text, scene)))
    afterwards = known.AFTERWARDS.match(words)
    return f"why not {afterwards['said']}" if afterwards else words


def _with_names(text: str, scene: Scene) -> str:
    """Lower case, marks gone, and the scene's things as single words with underscores."""
    words = " ".join(re.sub(r"[?!.;:\"“”]", " ", text.lower().replace("’", "'")).split())
    names = sorted((thing.name for thing in scene.objects), key=len, reverse=True)
    for name in names:
        words = re.sub(rf"\b{name.replace('_', '[ _]')}s?\b", name, words)
    for word in {part for name in names for part in name.split("_") if "_" in name}:
        owners = [name for name in names if word in name.split("_")]
        if len(owners) == 1:
            words = re.sub(rf"(?<![\w])(the |a |that |this ){word}\b(?!_)", rf"\1{owners[0]}", words)
    return words


def _why_not(words: str, things: list[str], plan: Plan, goal_object: str) -> Question | None:
    proposal = known.PROPOSAL.search(words)
    if proposal:
        return Question(kind="why_not_proposal", proposal=_number(proposal))
    manner = _manner(words)
    if manner:
        return Question(kind="why_not_manner", manner=manner, step=_step_of(words, things, plan))
    if re.search(rf"\b({PUT})\b", words) and things:
        put = things if len(things) > 1 else [goal_object, things[0]]
        relation: Relation = "in" if re.search(r"\b(in|into|inside)\b", words) else "on"
        if put[0] != put[1]:
            return Question(kind="why_not_put", thing=put[0], target=put[1], relation=relation)
    if things:
        return Question(kind="why_not_take", thing=things[-1] if re.search(r"\b(instead of|rather than)\b", words) else things[0])
    if re.search(r"\b(else|other|another|differently|different)\b", words):
        return Question(kind="candidates")
    return None


def _why(words: str, things: list[str], plan: Plan) -> Question | None:
    """Questions that begin with why, and short ones that mean it."""
    if not re.match(rf"{BEGIN}\b|explain\b|what made you\b|what is the reason\b|tell me why\b", words):
        return None
    done = re.search(rf"\b({TAKE}|{PUT}|{SHOVE}|{DRIVE}|open\w*|turn\w*)\b", words)
    about_a_step = known.STEP.search(words) or _manner(words) or done or things
    return Question(kind="why_step", step=_step_of(words, things, plan)) if about_a_step else Question(kind="explain")


def _facts(words: str, scene: Scene, plan: Plan, goal_object: str, things: list[str], attributes: frozenset[str]) -> Iterator[str]:
    """The changes that a condition speaks of."""
    written = known.FACT.findall(words)
    if written:
        yield from written
        return
    denied = bool(re.search(r"\b(not|no|nothing|without)\b|n't\b", words))
    thing = things[0] if things else goal_object
    step = _step_of(words, things, plan)
    for word in sorted(attributes & set(re.findall(r"\w+", words))):
        yield f"{'not ' if denied else ''}attribute({thing},{word})"
        return
    manners = list(_manners(words))
    if manners:
        yield from (f"{'force' if manner in ('gentle', 'firm') else 'speed'}({step},{manner})" for manner in manners)
        return
    yield from _placed(words, scene, things, denied)


def _placed(words: str, scene: Scene, things: list[str], denied: bool) -> Iterator[str]:
    """What stands where: `nothing stood on the book`, `the die were not on the book`, `the die were in the box`."""
    if things and re.search(r"\b(nothing|clear|free|empty)\b", words):
        for carried in scene.carried_by(things[-1]):
            yield f"not {'in' if carried.inside else 'on'}({carried.name},{things[-1]})"
        return
    relation = "in" if re.search(r"\b(in|into|inside)\b", words) else "on" if re.search(r"\b(on|onto)\b", words) else ""
    if len(things) > 1 and relation:
        yield f"{'not ' if denied else ''}{relation}({things[0]},{things[1]})"
        return
    found = scene.find(things[0]) if things else None
    if found is not None and denied and found.support != "table":
        yield f"not {'in' if found.inside else 'on'}({found.name},{found.support})"


def _manner(words: str) -> str:
    return next(_manners(words), "")


def _manners(words: str) -> Iterator[str]:
    return (manner for manner, pattern in MANNERS.items() if re.search(rf"\b(?:{pattern})\b", words))


def _step_of(words: str, things: list[str], plan: Plan) -> int:
    """The step that a question is about: by number, by what is done, by the thing; else the first."""
    said = known.STEP.search(words)
    if said:
        return _number(said)
    spoken = ((SHOVE, ("push", "tip")), (DRIVE, ("drive",)), (PUT, ("place", "stack")), (rf"{TAKE}|open\w*", ("pick", "open")))
    skills: tuple[str, ...] = next((skills for verbs, skills in spoken if re.search(rf"\b({verbs})\b", words)), ())
    for number, step in enumerate(plan.steps, 1):
        if (not skills or step.skill in skills) and (not things or {step.object, step.target} & set(things)):
            return number
    return next((number for number, step in enumerate(plan.steps, 1) if step.skill in skills), 1)


def _number(found: re.Match[str]) -> int:
    word = next(filter(None, found.groups()))
    return int(word) if word.isdigit() else NUMBERS[word]
