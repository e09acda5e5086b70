"""What the driver asks of a worker, as values that travel between processes."""

from typing import Literal, NamedTuple

from pydantic import Field

from siren.agent import Mode
from siren.config import Perception
from siren.core.episode import Episode, Use
from siren.core.rule import Rule
from siren.core.values import Value
from siren.memory.records import SUMMED, Evidence


class Publication(Value):
    """What is in force: the rules and the weights that a worker has to hold before it starts."""

    rules: str = Field(description="folder of rule files")
    rulebook: str = Field(description="hash of all that they say")
    checkpoint: str = Field(description="folder of the policy")
    perception: Perception = "simulator"


class Job(Value):
    """One task to be carried out. The same job gives the same episodes, whoever does it."""

    session: str
    round: int
    use: Use
    seed: int
    # agent: as it decides in `mode`; careless: a random plan; careless_put: picks well, puts down at random.
    actor: Literal["agent", "careless", "careless_put"] = "agent"
    mode: Mode = "repair"
    probes: int = 0
    experiments: int = 0
    group: int = Field(
        default=0, description="sampled proposals that are all carried out, each from the same start; 0: one proposal, by mode"
    )


class MiningNews(Value):
    """What a round of mining changed."""

    rules: tuple[Rule, ...] = Field(description="every learned rule as it is now")
    born: tuple[Rule, ...]
    retired: tuple[Rule, ...]
    evidence: tuple[Evidence, ...]
    reasons: tuple[str, ...] = Field(description="why nothing was found where nothing was found")
    rows: int
    searched: bool = Field(default=True, description="whether new rules were sought; else only the known ones were judged again")
    relations: tuple[str, ...] = Field(default=(), description="rules in force that contradict each other, or of which one says it all")


class TrainingNews(Value):
    """What a round of fine-tuning came to."""

    checkpoint: str = Field(description="folder of the new weights")
    parent: str
    published: bool
    reason: str
    corrections: int
    rehearsed: int
    steps: int
    seconds: float
    before: dict[str, float]
    after: dict[str, float]


Result = tuple[Episode, ...]


class Delivery(NamedTuple):
    """What a worker hands over for a job: its episodes, and the wall seconds that it took there."""

    episodes: Result
    job: float  # all of it
    simulation: float  # physics and pictures
    inference: float  # the policy
    memory: float  # megabytes that the worker's process holds then


class Work(Value):
    """Where the seconds of one phase went. Sums over jobs; a phase that was broken off counts from where it was gone on with."""

    jobs: int
    workers: int
    wall: float = Field(description="seconds from the first job handed out to the last one recorded")
    job: float = Field(description="seconds of workers with a job in hand")
    simulation: float = Field(description="of these, physics and pictures")
    inference: float = Field(description="of these, the policy")
    recording: float = Field(description="seconds in which the driver recorded and told of episodes")
    memory: float = Field(default=0.0, description="megabytes that the process of the largest worker held at most, after a task")
    driver_memory: float = Field(default=0.0, description="megabytes that the driver held at the end")

    @property
    def share(self) -> float:
        """Worker time spent in simulation and inference, of all worker time."""
        return (self.simulation + self.inference) / (self.wall * self.workers) if self.wall else 0.0

    def __add__(self, other: "Work") -> "Work":
        """Both phases together. The workers must be the same."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in SUMMED}
        most = {name: max(getattr(self, name), getattr(other, name)) for name in ("memory", "driver_memory")}
        return Work(workers=self.workers, **sums, **most)
