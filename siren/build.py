"""The one module that knows every class: folders become the parts of an agent, and rules become files.

Everything above it (loop, eval, the command line) asks here; nothing below it imports it. Heavy parts are imported when asked for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from siren.config import Perception, SessionConfig, shipped_checkpoint
from siren.core.errors import CheckpointError
from siren.core.rule import Rule
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.planning import AspPlanner
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook, write_rule, write_text
from siren.symbolic.turns import writing
from siren.symbolic.validate import Validator
from siren.symbolic.vocabulary import Vocabulary

if TYPE_CHECKING:
    from siren.core.interfaces import Perceiver, Proposer
    from siren.core.task import Task
    from siren.memory.records import RoundRecord
    from siren.policy.perceiver import KindLook
    from siren.world.tabletop import Tabletop


Family = Literal["siren", "rt1", "flamingo", "clip", "stock"]
OWN: dict[str, Family] = {"siren_rt1": "rt1", "siren_flamingo": "flamingo", "siren_clip": "clip"}  # by model_type


@dataclass(frozen=True)
class Parts:
    """What an agent needs besides a world."""

    proposer: Proposer
    checker: ClingoChecker
    repairer: AspRepairer
    planner: AspPlanner
    perceiver: Perceiver | None = None  # None: the world's own scene


def world() -> Tabletop:
    """A table with an arm, in a simulator of its own."""
    from siren.world.tabletop import Tabletop

    return Tabletop()


def task(seed: int) -> Task:
    """The task of a seed, among things that robots have seen."""
    from siren.world.tasks import make_task

    return make_task(seed)


def parts(rules: Path, weights: Path, perception: Perception = "simulator", served: Proposer | None = None) -> Parts:
    """Policy, checker and repairer from a folder of rules and a folder of weights; with perception `policy` its eyes too.

    served: the policy of these weights when somebody else holds it; then they are not loaded here.
    """
    return judged_by(served or proposer(weights), rules, perceiver(weights) if perception == "policy" else None)


def judged_by(policy: Proposer, rules: Path, seen_by: Perceiver | None = None) -> Parts:
    """The same around a policy that is there already, whoever made it."""
    judge = checker(rules)
    return Parts(policy, judge, AspRepairer(judge), AspPlanner(judge), seen_by)


def suspecting(known: Parts) -> Parts:
    """The same parts, steered by rules in the shadow as well: for acting, not for gathering evidence, which suspicions would starve."""
    judge = ClingoChecker(known.checker.rules, known.checker.knowledge, suspicions=True)
    return Parts(known.proposer, judge, AspRepairer(judge), AspPlanner(judge), known.perceiver)


def perceiver(weights: Path) -> Perceiver:
    """The policy's own eyes. CheckpointError for models that have none."""
    sight(weights, "policy")
    from siren.policy.checkpoint import load_checkpoint
    from siren.policy.perceiver import Perceiver
    from siren.policy.sightings import Eye

    looks = kind_looks()
    return Perceiver(Eye(load_checkpoint(weights), sorted({mark for look in looks.values() for mark in look.marks})), looks)


def sight(weights: Path, asked: Perception | None = None) -> Perception:
    """Where scene facts come from: as asked, else the policy's own eyes, else, for models that have none, the simulator.

    CheckpointError when eyes are asked for and there are none: other models were never taught to say what their image tokens show.
    """
    found = family(weights)
    if asked == "policy" and found != "siren":
        raise CheckpointError(
            f"{weights}: expected a vision-language model of SIREN's own for --perception policy, got one of the family '{found}';"
            " use --perception simulator"
        )
    return asked or ("policy" if found == "siren" else "simulator")


def kind_looks() -> dict[str, KindLook]:
    """What the policy may know of each kind before it sees one: its size and looks, nothing that is hidden."""
    from siren.policy.perceiver import KindLook
    from siren.world.catalogue import catalogue
    from siren.world.kinds import WET

    return {
        kind.name: KindLook(
            size=(round(kind.size[0], 4), round(kind.size[1], 4), round(kind.size[2], 4)),
            outline=kind.outline,
            colour=kind.colour,
            role=kind.role,
            handle=kind.handle,
            flat_top=kind.flat_top or kind.carries,
            flat_base=kind.flat_base,
            marks=(WET,) if kind.wettable else (),
        )
        for kind in catalogue().values()
    }


def proposer(weights: Path) -> Proposer:
    """The neural half: one of our own models, a baseline or comparator, or a stock vision-language checkpoint."""
    kind = family(weights)
    if kind == "rt1":
        from siren.policy.rt1_proposer import Rt1Proposer

        return Rt1Proposer.load(weights)
    if kind == "flamingo":
        from siren.policy.flamingo import FlamingoProposer

        return FlamingoProposer.load(weights)
    if kind == "clip":
        from siren.policy.clip import ClipProposer

        return ClipProposer.load(weights)
    if kind == "stock":
        from siren.policy.stock import StockProposer, load_stock

        return StockProposer(load_stock(weights))
    from siren.policy import proposer

    return proposer.Proposer.load(weights)


def embedding(proposes: Proposer) -> Callable[[np.ndarray, str], np.ndarray]:
    """What the policy makes of a picture and an instruction. CheckpointError for models that have no features of their own to give."""
    from siren.policy.proposer import Proposer as OwnProposer

    if not isinstance(proposes, OwnProposer):
        raise CheckpointError(
            f"{proposes.checkpoint}: expected a vision-language model of SIREN's own, whose features find similar episodes,"
            " got another kind of model; use --context l2"
        )
    return proposes.embed


def is_stock(weights: Path) -> bool:
    """Whether the folder holds a model of somebody else's. CheckpointError when its configuration cannot be read."""
    return family(weights) == "stock"


def family(weights: Path) -> Family:
    """What kind of model the folder holds. CheckpointError when its configuration cannot be read."""
    try:
        config = json.loads((weights / "config.json").read_text(encoding="utf-8"))
        own = OWN.get(config.get("model_type"))
        if own is not None:
            return own
        return "siren" if config.get("vision_config", {}).get("model_type") == "siren_vision" else "stock"
    except (OSError, ValueError, AttributeError) as error:
        raise CheckpointError(
            f"{weights / 'config.json'}: expected a model's configuration, got {error}; fetch the folder again"
        ) from error


def checkpoint(folder: str) -> Path:
    """The folder of weights that was asked for; empty: the one that ships."""
    path = Path(folder) if folder else shipped_checkpoint()
    if not (path / "config.json").is_file():
        raise CheckpointError(
            f"expected a checkpoint folder with config.json, found none at {path}; make one with: siren train --out {path}"
        )
    return path


def committed_checkpoint(committed: RoundRecord | None, config: SessionConfig) -> str:
    """The weights in force after the last committed round."""
    state = json.loads(committed.state) if committed else {}
    return str(state.get("checkpoint") or checkpoint(config.checkpoint))


def rulebook(rules: Path) -> Rulebook:
    """All rules of a folder, each validated: nothing that could run, read files or ground without end gets in."""
    return Rulebook.load(rules, accept=Validator(Vocabulary.load(rules)))


def published(rules: Path) -> str:
    """A hash of all that the rule files say, of rules that judge and of those that do not. 16 hex digits."""
    texts = "".join(map(write_text, rulebook(rules).rules.values()))
    return hashlib.sha256(texts.encode()).hexdigest()[:16]


def checker(rules: Path, *, only_learned: bool = False, suspicions: bool = False) -> ClingoChecker:
    """The judge over a folder of rules; for grading, without the hand-written core; with `suspicions` by rules in the shadow too."""
    book = rulebook(rules)
    if only_learned:
        book = Rulebook(rule for rule in book.rules.values() if rule.origin != "core")
    return ClingoChecker(book, Knowledge.load(rules), suspicions=suspicions)


def learned_rules(rules: Path) -> tuple[Rule, ...]:
    """Every rule that is not of the core, retired ones included."""
    return tuple(rule for rule in rulebook(rules).rules.values() if rule.origin != "core")


def write_rules(folder: Path, rules: tuple[Rule, ...], known: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Bring the rule files of a session up to date, and return the rules as they stand. Only files whose text changes are written.

    known: the rules that `rules` was worked out from. A file that has changed since then was edited by a person, whose edit stays.
    """
    with writing(folder):
        before, now = ({rule.id: rule for rule in read} for read in (known, learned_rules(folder)))
        standing = tuple(now[rule.id] if rule.id in now and now[rule.id] != before.get(rule.id) else rule for rule in rules)
        for rule in standing:
            if now.get(rule.id) != rule:
                write_rule(folder, rule)
    return standing
