"""What the store hands out besides core's own values: sessions, rounds, rule versions, evidence, samples, checkpoints."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field

from siren.core.episode import Use
from siren.core.rule import Rule, Status
from siren.core.values import Value

WORK = "work/"  # metrics of a round that say where the seconds of workers went begin so
SUMMED = ("jobs", "wall", "job", "simulation", "inference", "recording")  # those of them that add up over phases and rounds
PRACTICE: tuple[Use, ...] = ("collect", "probe", "experiment")  # the agent's own tries, and what else was run of the same scenes
Polarity = Literal["for", "against"]
Source = Literal["correction", "rehearsal", "robot", "web", "reward", "preference"]


class SessionRecord(Value):
    """One session. Its name is unique in the store."""

    name: str
    created: datetime
    config: str = Field(description="the full configuration that it ran with, JSON text")


class RoundRecord(Value):
    """One round of a session. `committed` is None while it is under way."""

    number: int
    begun: datetime
    committed: datetime | None
    state: str = Field(description="whatever the driver needs to go on after this round, JSON text")


class RuleVersion(Value):
    """One wording of a rule, and what was last thought of it."""

    number: int = Field(ge=1, description="counts from 1")
    text: str
    sha256: str
    parent: int | None = Field(description="number of the version that this one replaced")
    author: str = Field(description="miner, person or core")
    round: int = Field(description="when it was first written")
    created: datetime
    rule: Rule = Field(description="as it stood when it was last recorded")


class RuleTransition(Value):
    """One change in the life of a rule: of its status, or of what a person wishes about it."""

    rule: str
    version: int = Field(ge=1, description="number of the wording")
    round: int
    before: Status | None = Field(description="None: the rule is new")
    after: Status
    author: str = Field(description="miner, core, person, or the name of the person")
    reason: str
    created: datetime


class Evidence(Value):
    """One executed step that speaks for or against a rule."""

    rule: str
    episode: int
    step: int = Field(ge=1)
    polarity: Polarity


class Sample(Value):
    """One example that weights were trained on. `episode` is None for rehearsal and web data."""

    source: Source
    instruction: str
    text: str = Field(description="the plan or answer that was taught")
    episode: int | None = None


class Batch(Value):
    """The samples of one fine-tuning run, and the checkpoint that came of it."""

    id: int
    session: str
    round: int
    checkpoint: str
    samples: tuple[Sample, ...]


class CheckpointRecord(Value):
    """Weights on disk. Those with `published` are what the agent uses; the newest counts."""

    name: str
    path: Path
    sha256: str
    parent: str | None = Field(default=None, description="name of the weights it was made from")
    published: bool
    reason: str = Field(default="", description="why it was published, or why not")
