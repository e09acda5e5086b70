"""Sessions, their rounds, figures and events as text for the terminal."""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from rich.table import Table
from rich.text import Text

from siren.eval.audit import Share
from siren.eval.metrics import Comparison, Metrics, Side
from siren.eval.overview import Overview
from siren.memory.overview import Tally
from siren.memory.records import CheckpointRecord


def list_table(found: Iterable[Overview]) -> Table:
    table = _table("session", "state", "begun", "episodes", "before", "after")
    for one in found:
        table.add_row(one.name, one.state, f"{one.created:%d %b %H:%M}", str(one.episodes), _short(one.before), _short(one.after))
    return table


def _short(share: Share) -> str:
    return f"{100 * share.share:.0f} % of {share.trials}" if share.trials else ""


def rounds_table(tallies: Iterable[Tally]) -> Table:
    """One line a round and use; families beside each other."""
    table = _table("round", "use", "success", "by family")
    for (number, use), rows in groupby(tallies, key=lambda one: (one.round, one.use)):
        families = list(rows)
        total = Share(count=sum(one.successes for one in families), trials=sum(one.episodes for one in families))
        table.add_row(str(number), use, str(total), ", ".join(f"{one.family} {one.successes}/{one.episodes}" for one in families))
    return table


def checkpoint_table(checkpoints: Iterable[CheckpointRecord]) -> Table:
    table = _table("weights", "made from", "", "why")
    for one in checkpoints:
        table.add_row(one.name, one.parent or "", "published" if one.published else "kept back", one.reason)
    return table


def metrics_table(*sessions: Metrics) -> Table:
    """Figures as rows, sessions as columns. docs/metrics.md says what each means."""
    table = _table("figure", *(one.session for one in sessions))
    for name, figure in _FIGURES.items():
        table.add_row(name, *(figure(one) for one in sessions))
    return table


def comparison_line(first: str, second: str, paired: Comparison) -> str:
    """What the pairs say."""
    if not paired.tasks:
        return "no held-out task was tried by both sessions at their end, so nothing can be paired"
    return (
        f"of {paired.tasks} held-out tasks that both tried at their end, {second} does {paired.gained} that {first} does not, "
        f"and {first} does {paired.lost} that {second} does not; exact p = {paired.p_value:.2g}"
    )


def event_line(event: dict[str, Any]) -> Text:
    """An event of the journal for people; an event of another version as it is."""
    write = _EVENTS.get(event.get("event", ""), str)
    return Text.assemble((f"{event.get('time', '')[11:19]} ", "dim"), write(event))


def _episode(event: dict[str, Any]) -> str:
    what = "succeeds" if event["success"] else f"fails: {event['cause'] or 'goal missed'} {event['subject'] or ''}".rstrip()
    probe = f" probe {event['attempt']}" if event["attempt"] else ""
    return f"round {event['round']} {event['use']}{probe} {event['seed']} (episode {event['id']}): {event['instruction']!r} {what}"


_EVENTS: dict[str, Callable[[dict[str, Any]], str]] = {
    "phase": lambda event: f"round {event['round']}: {event['name']}, {event['tasks']} tasks",
    "episode": _episode,
    "rule": lambda event: f"rule {event['rule']} {event['change']}: {event['saying']} ({event['support']} for, {event['against']} against)",
    "mining": lambda event: f"round {event['round']}: {event['rows']} steps seen, {event['active']} rules in force",
    "training": lambda event: f"round {event['round']}: weights {'published' if event['published'] else 'kept back'}: {event['reason']}",
    "rollback": lambda event: f"weights rolled back from {event['left']} to {event['now']}",
    "work": lambda event: (
        f"round {event['round']}: {event['phase']}, {event['jobs']} tasks in {event['wall']:.1f} s;"
        f" {100 * event['share']:.0f} % of the time of {event['workers']} workers in simulation and inference;"
        f" the largest holds {event.get('memory', 0):.0f} MB, the driver {event.get('driver_memory', 0):.0f} MB"
    ),
    "end": lambda event: f"end: {event['reason']}",
}


def _side(read: Callable[[Side], object]) -> Callable[[Metrics], str]:
    """Before and after."""

    def write(figures: Metrics) -> str:
        sides = [figures.before, *([figures.after] if figures.after else [])]
        return " -> ".join(_number(read(side)) for side in sides)

    return write


def _number(value: object) -> str:
    if value is None:
        return "none"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


_FIGURES: dict[str, Callable[[Metrics], str]] = {
    "success on held-out tasks": _side(lambda side: side.success),
    "self-improvement (points per 1,000 episodes)": lambda one: _number(one.self_improvement_rate),
    "practice episodes": lambda one: str(one.practice_episodes),
    "episodes to 90 % of 30 tries": lambda one: _number(one.episodes_to_mastery),
    "best 30 tries in a row": lambda one: str(one.best_window),
    "forgetting": lambda one: str(one.forgetting),
    "recovery by probes": lambda one: str(one.recovery),
    "failures foreseen": lambda one: str(one.failure_prediction.warned),
    "warnings that came true": lambda one: str(one.failure_prediction.right),
    "shield dependency": _side(lambda side: side.shield_dependency),
    "reasoning accuracy": _side(lambda side: side.reasoning_accuracy),
    "simulated seconds of a success": _side(lambda side: side.seconds),
    "steps of a success": _side(lambda side: side.steps),
}


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
