"""A session as a page that Prometheus reads: what TensorBoard gets, as it stands now. Needs the extra `metrics`.

    siren learn --metrics-port 9464        then: curl http://127.0.0.1:9464/metrics

Served on loopback only, by the library's own server in a thread of the driver; it ends with the session. docs/metrics.md lists the names.
"""

from collections import defaultdict, deque
from types import TracebackType

from siren.core.episode import Episode
from siren.core.errors import SessionError
from siren.loop.jobs import MiningNews, TrainingNews, Work
from siren.loop.scalars import WINDOW

LOOPBACK = "127.0.0.1"


class Exporter:
    """Listens to a session. Use as a context manager. Port 0 takes a free one; `port` says which."""

    def __init__(self, session: str, port: int) -> None:
        try:
            from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server
        except ImportError as error:
            raise SessionError("--metrics-port needs prometheus-client; install it with: pip install 'siren-vla[metrics]'") from error
        registry = CollectorRegistry()
        self._session = session
        self._episodes = Counter("siren_episodes", "Episodes recorded by this driver", ("session", "use", "outcome"), registry=registry)
        self._success = Gauge("siren_success_ratio", f"Of the last {WINDOW} tries of that use", ("session", "use"), registry=registry)
        self._tasks = Gauge("siren_phase_tasks", "Tasks that the phase began with", ("session", "phase"), registry=registry)
        self._round = Gauge("siren_round", "The round under way", ("session",), registry=registry)
        self._rules = Gauge("siren_rules", "Rules in force, born and retired in the last mining", ("session", "state"), registry=registry)
        self._steps = Gauge("siren_steps_seen", "Steps that rules were mined from", ("session",), registry=registry)
        self._training = Gauge("siren_training", "Figures of the last training", ("session", "figure"), registry=registry)
        self._busy = Gauge("siren_worker_busy_ratio", "Worker time in simulation and inference", ("session", "phase"), registry=registry)
        self._recent: dict[str, deque[bool]] = defaultdict(lambda: deque(maxlen=WINDOW))
        try:
            self._server, self._thread = start_http_server(port, addr=LOOPBACK, registry=registry)
        except (OSError, OverflowError) as error:
            raise SessionError(f"no metrics can be served on {LOOPBACK}:{port}: {error}; choose another --metrics-port") from error
        self.port = self._server.server_port

    def __enter__(self) -> "Exporter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def phase(self, name: str, turn: int, tasks: int) -> None:
        self._tasks.labels(self._session, name).set(tasks)
        self._round.labels(self._session).set(turn)

    def episode(self, episode: Episode) -> None:
        recent = self._recent[episode.use]
        recent.append(episode.outcome.success)
        self._episodes.labels(self._session, episode.use, "success" if episode.outcome.success else "failure").inc()
        self._success.labels(self._session, episode.use).set(sum(recent) / len(recent))

    def mined(self, turn: int, news: MiningNews) -> None:
        counts = {"active": sum(rule.in_force for rule in news.rules), "born": len(news.born), "retired": len(news.retired)}
        for state, count in counts.items():
            self._rules.labels(self._session, state).set(count)
        self._steps.labels(self._session).set(news.rows)

    def trained(self, turn: int, news: TrainingNews) -> None:
        columns = {f"{name}_{when}": value for when in ("before", "after") for name, value in getattr(news, when).items()}
        figures = {"corrections": news.corrections, "steps": news.steps, "published": float(news.published), **columns}
        for name, value in figures.items():
            self._training.labels(self._session, name).set(value)

    def worked(self, name: str, turn: int, work: Work) -> None:
        self._busy.labels(self._session, name).set(work.share)
