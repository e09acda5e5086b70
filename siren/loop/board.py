"""A session as a person watches it: one bar a phase, and a line for each thing that was learned."""

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from siren.core.episode import Episode
from siren.core.statistics import wilson
from siren.loop.jobs import MiningNews, TrainingNews, Work

_TITLES = {
    "before": "before learning",
    "practice": "practice",
    "trial": "new weights",
    "check": "held-out tasks",
    "after": "after learning",
}


class Board:
    """Listens to a session and draws it on standard error. Use as a context manager."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[success]}"),
            TimeElapsedColumn(),
            console=console,
        )
        self._bar = self._progress.add_task("starting", total=None, success="")
        self._successes = 0
        self._tries = 0
        self._probes = 0
        self._told: set[str] = set()

    def __enter__(self) -> "Board":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def phase(self, name: str, turn: int, tasks: int) -> None:
        self._progress.remove_task(self._bar)
        title = _TITLES[name] + (f" {turn}" if name == "practice" else "")
        self._bar = self._progress.add_task(f"{title:<16}", total=tasks, success="")
        self._successes = self._tries = self._probes = 0

    def episode(self, episode: Episode) -> None:
        if episode.attempt:
            self._probes += 1
            self._tell_fix(episode)
            return
        if episode.use != "audit":
            self._tries += 1
            self._successes += episode.outcome.success
            self._tell_failure(episode)
        self._progress.update(self._bar, advance=1, success=self._share())

    def mined(self, turn: int, news: MiningNews) -> None:
        active = sum(rule.in_force for rule in news.rules)
        self._say(f"round {turn}: {self._share()}; {news.rows} steps seen, {active} rules in force", "bold")
        for rule in news.born:
            self._say(f"  + {rule.id}  {rule.saying}  ({rule.support} for, {rule.against} against)", "green")
        for rule in news.retired:
            self._say(f"  - {rule.id}  {rule.saying}  ({rule.reason or 'retired'})", "yellow")
        for reason in (*news.relations[:3], *news.reasons[:3]):
            self._say(f"    {reason}", "dim")
        self._progress.update(self._bar, description="learning        ")

    def worked(self, name: str, turn: int, work: Work) -> None: ...

    def trained(self, turn: int, news: TrainingNews) -> None:
        verdict = f"published: {news.reason}" if news.published else f"kept back: {news.reason}"
        self._say(
            f"round {turn}: weights trained on {news.corrections} corrections and {news.rehearsed} rehearsed plans"
            f" in {news.seconds:.0f} CPU seconds; {verdict}",
            "bold",
        )

    def _tell_failure(self, episode: Episode) -> None:
        """The first failure of each kind, in words: what was asked, and what came of it."""
        if episode.use != "collect" or not episode.outcome.events:
            return
        event = episode.outcome.events[0]
        if event.kind not in self._told:
            self._told.add(event.kind)
            subject = (event.subject or "").replace("_", " ")
            self._say(
                f"  first '{event.kind}': asked to {episode.task.instruction!r}, {subject} at {event.phase} of step {event.step}", "red"
            )

    def _tell_fix(self, episode: Episode) -> None:
        if episode.use == "probe" and episode.outcome.success and "fix" not in self._told:
            self._told.add("fix")
            first = str(episode.decision.plan).splitlines()[0]
            self._say(f"  first failure mended by trying it again with one thing changed: {first}", "green")

    def _share(self) -> str:
        if not self._tries:
            return ""
        low, high = wilson(self._successes, self._tries)
        return f"{self._successes}/{self._tries} succeed ({100 * low:.0f} to {100 * high:.0f} %)"

    def _say(self, line: str, style: str) -> None:
        self._progress.console.print(Text(line, style=style))
