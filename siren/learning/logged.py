"""A logged data set as labelled steps: recorded episodes, or a table of facts, step and outcome that anyone can write.

    {"episode": 3, "step": 1, "facts": "step(1,pick,egg). force(1,firm). attribute(egg,fragile).", "outcome": "crushed", "phase": "grasp"}

One JSON object a line. `outcome` is empty for a step that went well; `facts` are atoms of rules/vocabulary.lp. A line that has a scene is
a recorded episode. No simulator is needed.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from siren.core.episode import PHASES, Episode, Event, Phase
from siren.core.errors import RuleError
from siren.core.plan import PUTS
from siren.core.values import Value
from siren.learning.failures import NEVER, StepRow, family_of, step_rows
from siren.symbolic.asp import Atom, parse_atom
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.vocabulary import Vocabulary

LINES = "episodes.jsonl"


class LoggedStep(Value):
    """One line of the table."""

    episode: int
    step: int = Field(ge=1)
    facts: str
    outcome: str = Field(default="", pattern=r"^([a-z][a-z_]*)?$", description="kind of the first event, empty when all went well")
    phase: Phase = "end"
    seed: int | None = Field(default=None, description="of the scene; by default the number of the episode")


def read_logged(data: Path, rules: Path) -> tuple[StepRow, ...]:
    """Steps of a file of lines, or of a folder with episodes.jsonl. Raises RuleError with file and line."""
    path = data / LINES if data.is_dir() else data
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"expected a readable file of one JSON object a line ({error}); see siren mine --help", source=str(path)) from error
    reader = _Reader(path, rules)
    return tuple(row for number, line in enumerate(lines, 1) if line.strip() for row in reader.rows(number, line))


class _Reader:
    """Reads lines, and follows recorded plans by rules/domain."""

    def __init__(self, path: Path, rules: Path) -> None:
        self._path = path
        self._vocabulary = Vocabulary.load(rules)
        self._observer = ClingoChecker(Rulebook([]), Knowledge.load(rules))

    def rows(self, number: int, line: str) -> Iterator[StepRow]:
        try:
            value: Any = json.loads(line)
            if isinstance(value, dict) and "scene" in value:
                yield from self._recorded(number, Episode.model_validate(value))
            else:
                yield self._logged(number, LoggedStep.model_validate(value))
        except json.JSONDecodeError as error:
            raise RuleError(f"expected a JSON object, but {error}", source=str(self._path), line=number) from error
        except ValidationError as error:
            first = error.errors()[0]
            reason = f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}"
            raise RuleError(f"expected episode, step, facts and outcome, but {reason}", source=str(self._path), line=number) from error

    def _recorded(self, number: int, episode: Episode) -> tuple[StepRow, ...]:
        plan = episode.decision.plan
        model = self._observer.model(episode.scene, plan, episode.task.goal)
        return step_rows(episode.id if episode.id is not None else number, episode.task.seed, plan, episode.outcome, model)

    def _logged(self, number: int, step: LoggedStep) -> StepRow:
        atoms = frozenset(self._atom(text, number) for text in step.facts.split(".") if text.strip())
        skills = [str(atom.args[1]) for atom in atoms if atom.name == "step" and atom.args[0] == step.step]
        if len(skills) != 1:
            raise RuleError(f"expected one fact step({step.step},skill,thing), got {len(skills)}", source=str(self._path), line=number)
        event = Event(kind=step.outcome, step=step.step, phase=step.phase, tick=0) if step.outcome else None
        return StepRow(
            episode=step.episode,
            seed=step.episode if step.seed is None else step.seed,
            step=step.step,
            group="put" if skills[0] in PUTS else skills[0],
            family=family_of(event, skills[0]) if event else None,
            phase=PHASES.index(step.phase) if event else NEVER,
            atoms=atoms,
        )

    def _atom(self, text: str, number: int) -> Atom:
        try:
            atom = parse_atom(text)
        except RuleError as error:
            raise RuleError(str(error).removeprefix("atom: "), source=str(self._path), line=number) from error
        known = self._vocabulary.predicates.get(atom.name)
        if known is None or len(known.types) != len(atom.args):
            nearest = known.signature if known else self._vocabulary.nearest(atom.name) or "rules/vocabulary.lp lists what there is"
            raise RuleError(f"unknown fact '{atom}'; the nearest is {nearest}", source=str(self._path), line=number)
        return atom
