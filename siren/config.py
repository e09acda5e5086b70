"""Options of a session as frozen values, and the folders that SIREN keeps its things in.

Unknown keys are errors. The whole configuration is saved with the session it ran.
"""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

import siren
from siren.core.errors import SessionError
from siren.core.values import Value

Perception = Literal["simulator", "policy"]
PROJECT = Path(siren.__file__).resolve().parent.parent

# Seeds of held-out tasks, of the audit and of trials of new weights start far from those of practice, so that none is ever practised on.
# Practice of seed s begins at s times PRACTICE_SEEDS: before the others for seed 0, behind them for all others.
PRACTICE_SEEDS = 10_000_000
HELD_OUT_SEEDS = 1_000_000
AUDIT_SEEDS = 2_000_000
TRIAL_SEEDS = 3_000_000
RETENTION_SEED = 7
# Tables of the benchmark: beyond practice of any seed below a hundred million, beyond training (below 2 ** 31), and far below 2 ** 53.
BENCH_SEEDS = 1_000_000_000_000_000


class SessionConfig(Value):
    """What a learning session does, in which amounts. The defaults fit ten minutes on two cores."""

    name: str = Field(default="", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$|^$", description="empty: named by date and time")
    seed: int = Field(default=0, ge=0)
    workers: int = Field(default=0, ge=0, description="rollout processes; 0 runs everything in this one")
    gpus: float = Field(
        default=0.0, ge=0, description="GPUs, or a share of one, for one policy that serves all workers; 0: each has its own"
    )
    address: str = Field(default="local", description="of Ray: local starts one of its own; auto, HOST:PORT or ray://HOST:PORT joins one")
    learner: Literal["siren", "rl"] = Field(default="siren", description="rl: the same policy by rewards alone, to compare with")
    rules: bool = Field(default=True, description="learn rules and let them steer; off: what the policy proposes runs as it is")
    rounds: int = Field(default=8, ge=1)
    episodes: int = Field(default=60, ge=1, description="tasks of practice in each round")
    probes: int = Field(
        default=4, ge=0, description="re-runs of a failed task, each with one thing changed; rl: more samples of every task"
    )
    experiments: int = Field(
        default=2, ge=0, description="re-runs of a task that succeeded, each with one quantity moved, for rules to find its limit"
    )
    burn_in: int = Field(default=2, ge=0, description="rounds before learned rules steer practice; a blocked action teaches nothing")
    explore: float = Field(default=0.17, ge=0, le=1, description="share of later practice that runs unrepaired")
    practice: Literal["even", "weak"] = Field(default="even", description="fresh tasks as they come, or more of what fails or is unknown")
    practice_floor: float = Field(default=0.4, ge=0, le=1, description="share of practice that is even when the rest is weak")
    held_out: int = Field(default=150, ge=0, description="tasks of the paired evaluation before and after")
    evaluate_every: int = Field(
        default=0, ge=0, description="held-out tasks also after every so many rounds of practice; 0: only at the ends"
    )
    audit: int = Field(default=300, ge=0, description="fresh tasks on which the learned rules are graded")
    candidates: int = Field(default=4, ge=1, description="plans the policy proposes")
    train: bool = Field(default=True, description="fine-tune the policy on what was corrected")
    train_every: int = Field(
        default=0,
        ge=0,
        description="fine-tuning after every so many rounds and the last; 0: once, before the last third; rl: after every one",
    )
    overlap: bool = Field(
        default=False, description="practise the next round while this one is mined and trained; its lesson comes into force a round later"
    )
    train_steps: int = Field(default=180, ge=1, description="steps of one fine-tuning; about 40 seconds of a core")
    preferences: bool = Field(default=False, description="fine-tuning goes on with pairs: a refused or failed plan against one that worked")
    rehearsal: int = Field(default=500, ge=0, description="fresh scenes with plans that keep the learned rules")
    retention: int = Field(default=60, ge=0, description="scenes a column of the retention test; 0 publishes untested")
    trial: int = Field(default=50, ge=0, description="tasks that old and new weights try before the new are published; 0: no trial")
    perception: Perception = Field(
        default="policy", description="where scene facts come from: the policy's own eyes, or the simulator (for models without eyes too)"
    )
    checkpoint: str = Field(default="", description="folder of the policy; empty: the one that ships")

    @model_validator(mode="before")
    @classmethod
    def _of_older_sessions(cls, read: object) -> object:
        """Sessions of before counted seconds in place of steps; they go on by steps."""
        return {name: value for name, value in read.items() if name != "train_seconds"} if isinstance(read, dict) else read

    @property
    def steered(self) -> bool:
        """Whether rules are learned, and choose, repair and plan."""
        return self.rules and self.learner == "siren"

    def trains_after(self, turn: int) -> bool:
        """Whether weights are trained at the end of that round of practice."""
        if self.learner == "rl":
            return True
        if self.train_every:
            return self.train and (turn == self.rounds or turn % self.train_every == 0)
        return self.train and turn == self.rounds - self.rounds // 3

    def overlaps(self, turn: int) -> bool:
        """Whether that round is practised before the last one's lesson is in force."""
        return self.overlap and 1 < turn <= self.rounds

    def evaluates_after(self, turn: int) -> bool:
        """Whether that round of practice ends with the held-out tasks; after the last they come anyway."""
        return self.evaluate_every > 0 and turn % self.evaluate_every == 0 and turn < self.rounds


def home(option: Path | None = None) -> Path:
    """Where database, frames, rules and reports live: the option, else SIREN_HOME, else `.siren`."""
    return Path(option or os.environ.get("SIREN_HOME") or ".siren")


def database(option: str, home: Path) -> str:
    """Where the record is kept: the URL of the option, else SIREN_DATABASE, else a file in the home (then the home itself)."""
    url = option or os.environ.get("SIREN_DATABASE") or ""
    if url and "://" not in url:
        raise SessionError(
            f"expected a database URL such as postgresql://user@host/name in --database or SIREN_DATABASE, got '{url}';"
            " a folder is chosen by --home"
        )
    return url or str(home)


def shipped_rules() -> Path:
    """The rule files that come with SIREN."""
    return _shipped("rules", "vocabulary.lp")


def shipped_checkpoint() -> Path:
    """The trained policy that comes with SIREN."""
    return _shipped("checkpoints/siren-tiny", "config.json")


def shipped_controls() -> dict[str, Path]:
    """Weights of the benchmark's control arms that come with SIREN, by arm."""
    folders = {arm: PROJECT / "checkpoints" / f"siren-{arm}" for arm in ("rt1", "robot-only")}
    return {arm: folder for arm, folder in folders.items() if (folder / "config.json").is_file()}


def _shipped(folder: str, member: str) -> Path:
    path = PROJECT / folder
    if not (path / member).is_file():
        raise SessionError(f"expected {member} in {path}, found none; SIREN runs from a clone of its repository (pip install --editable .)")
    return path
