"""A rule and its record: what it forbids, in the words of ASP and of people, and the episodes that speak for and against it."""

import re
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from siren.core.values import Value

# proposed: found, not yet judged; shadow: evaluated, blocks nothing; active: in force; probation: in force, in doubt; quarantined: out of
# force, it forbids too much; standby: out of force, the policy no longer breaks it; retired: refuted; disabled: switched off by a person.
Status = Literal["proposed", "shadow", "active", "probation", "quarantined", "standby", "retired", "disabled"]
IN_FORCE: tuple[Status, ...] = ("active", "probation")
Origin = Literal["core", "mined", "person"]


class Rule(Value):
    """One derived violation. Rules of origin `core` are hard; learned ones are soft, by their confidence."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    text: str = Field(description="one ASP rule that derives violated(id, args, T)")
    sentence: str = Field(description="for people; {O}, {D}, {Y} stand for the bindings")
    status: Status = "active"
    origin: Origin = "mined"
    kind: str = Field(default="", description="the family of events it predicts, e.g. dropped")
    support: int = Field(default=0, ge=0, description="failures it explains")
    against: int = Field(default=0, ge=0, description="steps where it held and nothing of the kind happened")
    confidence: float = Field(default=0.5, ge=0, le=1, description="Wilson lower bound over all evidence")
    episodes: tuple[int, ...] = Field(default=(), description="ids of episodes that taught it, at most 20")
    created: date | None = None
    pinned: str = Field(default="", pattern=r"^[\w.@-]{0,40}$", description="who keeps it as it is: the machine never changes it")
    banned: str = Field(default="", pattern=r"^[\w.@-]{0,40}$", description="who forbids it: never in force, and never proposed again")
    reason: str = Field(default="", pattern=r"^[^\p{Cc}\u2028\u2029]{0,400}$", description="why it has this status, one sentence")

    @model_validator(mode="after")
    def _one_wish(self) -> "Rule":
        if self.pinned and self.banned:
            raise ValueError("expected a rule that is pinned or banned, got both; take one of them away")
        return self

    @property
    def in_force(self) -> bool:
        """Whether it judges plans. What is banned never does, whatever its status says."""
        return self.status in IN_FORCE and not self.banned

    @property
    def saying(self) -> str:
        """The sentence without bindings: A for the thing, B for another one, C for where it goes, and dots for a number."""
        letters = {"O": "A", "Y": "B", "Z": "B2", "D": "C"}
        numbered = re.sub(r"\{\w+\}(?= mm\b)", "...", self.sentence)
        return re.sub(r"\{(\w+)\}", lambda match: letters.get(match[1], match[1].lower()), numbered)

    @property
    def hard(self) -> bool:
        """Whether a plan that breaks it may never run."""
        return self.origin == "core"
