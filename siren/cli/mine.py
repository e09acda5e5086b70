"""`siren mine`: rules from a problem folder of logic programming, or from logged episodes; no simulator, no session."""

from pathlib import Path
from typing import Annotated

import typer

from siren.cli.options import Json
from siren.cli.output import emit, notice, say
from siren.core.errors import RuleError


def mine(
    problem: Annotated[Path | None, typer.Option(help="Folder with bk.pl, exs.pl and bias.pl", show_default=False)] = None,
    episodes: Annotated[
        Path | None, typer.Option(help="Logged steps: a file of JSON lines, or a folder with episodes.jsonl", show_default=False)
    ] = None,
    holdout: Annotated[float, typer.Option(min=0.0, max=0.9, help="Share of the examples that only tests")] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Which examples are held out")] = 0,
    json: Json = False,
) -> None:
    """Learn rules from examples, with the learner that a session uses.

    [bold]Examples[/bold]: siren mine --problem trains --holdout 0.3 · siren mine --episodes episodes/sample

    A line of a log: {"episode": 1, "step": 1, "facts": "step(1,pick,egg). force(1,firm).", "outcome": "crushed"}
    """
    if (problem is None) == (episodes is None):
        raise RuleError("expected either --problem DIR or --episodes DATA; give one of them", source="siren mine")
    if problem is not None:
        _problem(problem, holdout, seed, json)
    elif episodes is not None:
        _episodes(episodes, json)


def _problem(folder: Path, holdout: float, seed: int, as_json: bool) -> None:
    import numpy as np

    from siren.learning.clauses import learn
    from siren.learning.problem import read_problem

    read = read_problem(folder)
    for warning in read.warnings:
        notice.print(f"warning: {warning}", style="dim", markup=False)
    learned = learn(read, np.random.default_rng(seed), holdout)
    for clause in learned.clauses:
        say(f"{clause.asp}  % {clause.positives} positive, {clause.negatives} negative", as_json)
        say(f"  {clause.prolog}", as_json)
    if not learned.clauses:
        say(f"no rule: {learned.reason or 'nothing separates the examples'}", as_json)
    tested = "" if learned.test_accuracy is None else f", held out {learned.test_accuracy:.3f}"
    say(f"accuracy {learned.train_accuracy:.3f}{tested}; {learned.size} atoms, {learned.seconds:.2f} processor seconds", as_json)
    rules = [
        {"asp": clause.asp, "prolog": clause.prolog, "positives": clause.positives, "negatives": clause.negatives}
        for clause in learned.clauses
    ]
    figures = {"train_accuracy": learned.train_accuracy, "test_accuracy": learned.test_accuracy, "seconds": round(learned.seconds, 3)}
    emit({"rules": rules, **figures, "size": learned.size}, as_json)


def _episodes(data: Path, as_json: bool) -> None:
    from siren.config import shipped_rules
    from siren.learning.logged import read_logged
    from siren.learning.miner import RuleMiner

    rows = read_logged(data, shipped_rules())
    miner = RuleMiner()
    miner.add(rows)
    report = miner.mine(())
    for rule in report.rules:
        if rule.status in ("active", "shadow"):
            say(f"{rule.status:6} {rule.support:4} for {rule.against:3} against  {rule.saying}\n       {rule.text}", as_json)
    for gap in report.gaps:
        if gap.why is not None:
            say(f"unexplained: {gap.unexplained} of {gap.failures} '{gap.family}' at {gap.group}: {gap.why}", as_json)
    failures = sum(row.family is not None for row in rows)
    say(f"{len(report.born)} rules from {len(rows)} steps, {failures} of them failures", as_json)
    gaps = [gap.why.model_dump(mode="json") | {"group": gap.group, "family": gap.family} for gap in report.gaps if gap.why is not None]
    emit({"rules": [rule.model_dump(mode="json") for rule in report.rules], "gaps": gaps, "steps": len(rows)}, as_json)
