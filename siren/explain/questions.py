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

Kind = Literal[
    "explain", "why_step", "why_not_take", "why_not_put", "why_not_manner", "why_not_proposal", "what_if", "outcome", "trials", "seen",
    "taught", "refusals", "repair", "least_change", "candidates", "before", "trained", "learned",
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


MANNERS = {
    "gentle": r"gent\w*|soft\w*|careful\w*|light(?:er|ly)|less force",
    "firm": r"firm\w*|hard(?:er)?|tight\w*|strong\w*|more force",
    "slow": r"slow\w*",
    "normal": r"normal\w*|medium|moderate\w*",
    "fast": r"fast\w*|quick\w*|swift\w*|hurr\w*|speed up",
}
NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "one": 1, "two": 2, "three": 3, "four": 4}
TAKE = (
    r"tak\w*|took|pick\w*|grab\w*|grasp\w*|grip\w*|lift\w*|get|got|fetch\w*|choose|chose|go for|went for|use|used|bring|brought|hold|held"
)
PUT = r"put\w*|plac\w*|stack\w*|pack\w*|set|drop|lay|laid|releas\w*|let (?:it )?go|lower\w*"
BEGIN = r"(?:why|how come)"
_AGAINST = r"reject\w*|refus\w*|skip\w*|ignor\w*|leave|left|avoid\w*"
NEGATED = rf"{BEGIN}\b.*?(?:\bnot\b|n't\b|\b(?:never|rather than|instead of|{_AGAINST})\b)|what (?:speaks|is) against\b"
STEP = re.compile(r"\bstep (?:number )?(\d+)\b|\b(first|second|third|fourth|fifth|sixth) step\b|\bstep (one|two|three|four)\b")
_PROPOSALS = "proposal|candidate|plan|option"
PROPOSAL = re.compile(rf"\b(?:{_PROPOSALS})s? (?:number )?(\d+|one|two|three|four)\b|\b(first|second|third|fourth) (?:{_PROPOSALS})\b")
RULE = re.compile(r"\b(r\d{4,}|c_[a-z_]+)\b")
FACT = re.compile(r"(?:\bnot\s+)?\b[a-z_]+\([^()]*\)")

_CHANGE = "chang|repair|mend|alter|correct|modif"
_WRONG = r"happen\w*|mistakes?|fail\w*|wrong|made|make|go"
_EARLIER = "before|earlier|ever|again and again|last time|previously"

# Kinds that need nothing but their words, asked in this order after `what if` and `why not`.
PLAIN: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("repair", (rf"{BEGIN}.*\b({_CHANGE})", rf"what (did you|was|has been|did the rules) ({_CHANGE})", r"\brepair\b")),
    ("least_change", (r"\b(least|smallest|minimal|minimum|fewest)\b", r"would (have )?satisf", r"how could .* (satisfy|allow)")),
    ("before", (rf"\b({_EARLIER})\b.*\b({_WRONG})\b", rf"\b({_WRONG})\b.*\b({_EARLIER})\b", "similar (failures|mistakes)")),
    (
        "trials",
        (
            "would (it )?have (worked|succeeded)",
            "(was|were|been) (it )?tried",
            "(try|tried) again",
            "did you try",
            r"probes?\b|what worked",
        ),
    ),
    ("trained", (r"\b(weights|checkpoints?|batch\w*|fine-?tun\w*|trained|training)\b",)),
    ("taught", (r"\b(taught|teach\w*|comes? from|origin\w*|evidence)\b", "which (failures|episodes)", "how do you know|who told you")),
    ("learned", (r"\b(learn\w*|lessons?)\b",)),
    ("refusals", (r"(which|what)( do| did)?( the)? rules?\b",)),
    (
        "outcome",
        (
            r"\b(problem|fail\w*|go wrong|went wrong|succeed\w*|success\w*|outcome|drop it|dropped|broke\w*|break|crush\w*|fell|fall)\b",
            "how did it (end|go)|did (it|that|this) work|not work|what happened|did you (do|make) it",
        ),
    ),
    ("refusals", ("rules? (said|say|refus|against|broken)", "refus|reject|forb[ia]d|block|violat|against")),
    (
        "candidates",
        (
            r"\b(consider\w*|candidates?|proposals?|proposed|alternatives?|options|other plans?|else)\b",
            "how (sure|certain|confident)|what did you (want|plan|intend|propose)",
        ),
    ),
    (
        "seen",
        (
            r"(what|which things|where)\b.*\b(see|seen|saw|table|there|is|are|know|believe|look\w*|things?|scene)\b",
            r"how (big|large|wide|tall|high|heavy)|\bdescribe\b|tell me about",
        ),
    ),
)


def read_question(text: str, scene: Scene, plan: Plan, goal_object: str, attributes: Iterable[str]) -> Question | None:
    """The query that a question stands for, or None. `attributes` are the words that things can be said to be."""
    words = _with_names(text, scene)
    things = [word for word in re.findall(r"\w+", words) if scene.find(word)]
    if re.search(r"\b(what if|suppose|imagine|(?:would|will|happens) .*\bif|happens if|had)\b|^if\b", words) and "what went" not in words:
        facts = tuple(_facts(words, scene, plan, goal_object, things, frozenset(attributes)))
        return Question(kind="what_if", facts=facts) if facts else None
    if re.match(NEGATED, words) and not re.search(r"\b(work|succeed|success\w*)\b", words):
        return _why_not(words, things, plan, goal_object)
    rule = RULE.search(words)
    for kind, patterns in PLAIN:
        if any(re.search(pattern, words) for pattern in patterns):
            return Question(kind=kind, rule=rule[1] if rule else "", thing=things[0] if things and kind == "seen" else "")
    if rule:
        return Question(kind="taught", rule=rule[1])
    return _why(words, things, plan)


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
    proposal = PROPOSAL.search(words)
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
    about_a_step = STEP.search(words) or _manner(words) or re.search(rf"\b({TAKE}|{PUT}|open\w*|turn\w*)\b", words) or things
    return Question(kind="why_step", step=_step_of(words, things, plan)) if about_a_step else Question(kind="explain")


def _facts(words: str, scene: Scene, plan: Plan, goal_object: str, things: list[str], attributes: frozenset[str]) -> Iterator[str]:
    """The changes that a condition speaks of."""
    written = FACT.findall(words)
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
    said = STEP.search(words)
    if said:
        return _number(said)
    put, take = (re.search(rf"\b({verbs})\b", words) for verbs in (PUT, rf"{TAKE}|open\w*"))
    skills = ("place", "stack") if put else ("pick", "open") if take else ()
    for number, step in enumerate(plan.steps, 1):
        if (not skills or step.skill in skills) and (not things or {step.object, step.target} & set(things)):
            return number
    return next((number for number, step in enumerate(plan.steps, 1) if step.skill in skills), 1)


def _number(found: re.Match[str]) -> int:
    word = next(filter(None, found.groups()))
    return int(word) if word.isdigit() else NUMBERS[word]
