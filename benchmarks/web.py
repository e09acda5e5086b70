"""How long does each page of the inspector take over 50,000 episodes and 1,000 rules? Processor milliseconds a request, p50 and p95.

python -m benchmarks.web [EPISODES] [RULES]

The rows are made: the recorded sample's decisions over and over with other seeds and rounds, its learned rules with other numbers.
Episodes are judged by the rulebook of their day. `by all rules` are one that was judged by all made rules in force
(about 500), and probes, which no rules judged when they were run and which are judged by all rules as they are now.
Request, page and answer run in this process, so the figure holds the client's share as well. The replay judges the newest 10,000 decisions
by two wordings of one rule.
"""

import hashlib
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from siren.config import shipped_rules
from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.explain.replay import replay
from siren.memory.database import open_database
from siren.memory.records import Evidence
from siren.memory.rows import episode_row, part_rows
from siren.memory.store import Store
from siren.memory.tables import Base
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook, write_text
from siren.web.app import create_app
from siren.web.sample import lay_out_sample
from siren.web.settings import WebSettings

EPISODES, RULES, REQUESTS = 50_000, 1_000, 60
REPLAYED = 10_000
CHUNK = 2_000  # episodes a transaction
MARK = 7_000_000_000  # a seed that nothing else in an episode looks like


def main() -> None:
    """Make the home, ask for every page, print the table; the last line is JSON."""
    episodes, rules = (int(word) for word in (sys.argv[1:3] or (EPISODES, RULES)))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        lay_out_sample(home)
        for part in ("domain", "knowledge"):  # those of today: with others everything is clingo's (docs/checking.md)
            shutil.copytree(shipped_rules() / part, home / "sessions" / _session(home) / "rules" / part, dirs_exist_ok=True)
        last = _fill(home, episodes)
        judged_by_all = _add_rules(home, rules)
        figures = _measure(home, last, judged_by_all)
        seconds = _replay(home)
    answer = {"episodes": episodes, "rules": rules, "milliseconds": figures, "replay_seconds": seconds}
    sys.stdout.write(json.dumps(answer) + "\n")


def _session(home: Path) -> str:
    """The one session of the sample."""
    (folder,) = (home / "sessions").glob("*/rules")
    return folder.parent.name


def _own_rule(home: Path) -> Rule:
    """The learned rule that most episodes of the sample taught."""
    rules = Rulebook.load(home / "sessions" / _session(home) / "rules").judging()
    return min((rule for rule in rules if not rule.hard), key=lambda rule: (-len(rule.episodes), rule.id))


def _replay(home: Path) -> float:
    """Processor seconds of an edit's replay."""
    rule, session = _own_rule(home), _session(home)
    knowledge = Knowledge.load(home / "sessions" / session / "rules")
    edited = rule.model_copy(update={"text": f"{rule.text.rstrip('. ')}, not speed(T, slow)."})
    begun = time.process_time()
    before, after = replay(Store.open(home), session, (rule, edited), knowledge, runs=REPLAYED)
    spent = round(time.process_time() - begun, 2)
    sys.stdout.write(f"replay of {rule.id} and an edit of it over {before.runs} decisions: {spent} s, ")
    sys.stdout.write(f"{len(before.blocked)} and {len(after.blocked)} steps blocked\n")
    return spent


def _fill(home: Path, count: int) -> int:
    """The sample's episodes again and again. Returns the last id."""
    store = Store.open(home)
    models = [list(_rows(episode)) for episode in store.episodes(_session(home))]
    store.close()
    engine = open_database(home)
    with Session(engine) as db:
        for first in range(len(models) + 1, count + 1, CHUNK):
            rows: dict[type[Base], list[dict[str, object]]] = {}
            for number in range(first, min(count + 1, first + CHUNK)):
                for table, values in models[number % len(models)]:
                    rows.setdefault(table, []).append(_numbered(values, number))
            for table, listed in rows.items():
                db.execute(insert(table), listed)
            db.commit()
    engine.dispose()
    return count


def _rows(episode: Episode) -> Iterator[tuple[type[Base], dict[str, object]]]:
    """An episode as values for each table, its seed a mark that is easy to find in its text."""
    task = episode.task.model_copy(update={"seed": MARK})
    marked = episode.model_copy(update={"id": None, "task": task, "round": 8 + (episode.id or 0)})
    for row in (episode_row(marked, 1), *part_rows(marked, 0)):
        yield type(row), {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _numbered(values: dict[str, object], number: int) -> dict[str, object]:
    """The same row for another episode."""
    if "sha256" not in values:
        return {**values, "episode_id": number}
    text = str(values["value"]).replace(str(MARK), str(MARK + number), 1)
    return {**values, "id": number, "seed": MARK + number, "value": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}


def _add_rules(home: Path, count: int) -> int:
    """Made rules on file and on record, and one decision judged by all of them. Returns its id."""
    folder = home / "sessions" / _session(home) / "rules"
    book = Rulebook.load(folder)
    models = [rule for rule in book.rules.values() if rule.origin != "core"]
    made = [_variant(models[number % len(models)], number) for number in range(max(0, count - len(book.rules)))]
    for rule in made:
        (folder / "learned" / f"{rule.id}.lp").write_text(write_text(rule), encoding="utf-8")
    store = Store.open(home)
    evidence = [
        Evidence(rule=rule.id, episode=1 + (7 * place + k) % 400, step=1, polarity="for")
        for place, rule in enumerate(made)
        for k in range(5)
    ]
    store.record_rules(_session(home), 8, made, evidence)
    everything = Rulebook.load(folder)
    store.record_rulebook(everything.hash, everything.judging())
    model = next(episode for episode in store.episodes(_session(home), use="evaluate") if episode.decision.repair)
    task = model.task.model_copy(update={"seed": 99_999_999})
    decision = model.decision.model_copy(update={"rulebook": everything.hash})
    number = store.record(model.model_copy(update={"id": None, "task": task, "decision": decision}))
    store.close()
    return number


def _variant(model: Rule, number: int) -> Rule:
    """The same rule for wet things, with another name and other numbers; half of them in force, and few of those broken by any one plan."""
    name = f"r{5000 + number}"
    text = re.sub(r"\b\d+\b(?=\s*[,.)]|$)", lambda found: str(int(found[0]) + 1 + number // 30), model.text.partition(":-")[2])
    changes = {
        "id": name,
        "text": f"violated({name}, {_head(model.text)} :-{text.removesuffix('.')}, attribute(O, wet).",
        "status": "active" if number % 2 else "shadow",
    }
    return model.model_copy(update=changes)


def _head(text: str) -> str:
    return text.partition(":-")[0].partition(",")[2].strip()


def _measure(home: Path, last: int, judged_by_all: int) -> dict[str, dict[str, float]]:
    chance = random.Random(0)
    session = _session(home)
    own_rule = _own_rule(home).id
    rule = f"/sessions/{session}/rules/{own_rule}"
    count, decided, probe = _kinds(home)

    def own() -> str:
        """A decision of the agent; the sample's copies come in turn."""
        return f"/episodes/{count * chance.randint(1, last // count - 1) + chance.choice(decided)}"

    pages: dict[str, Callable[[], str]] = {
        "sessions": lambda: "/sessions",
        "session": lambda: f"/sessions/{session}",
        "episodes, newest": lambda: "/episodes",
        "episodes, filtered": lambda: f"/episodes?cause=crushed&before={chance.randint(100, last)}",
        "episodes, none passes": lambda: "/episodes?cause=crushed&object=rock",
        "episodes, by rule": lambda: f"/episodes?rule={own_rule}",
        "episode": lambda: f"/episodes/{chance.randint(1, last)}",
        "rules": lambda: f"/sessions/{session}/rules",
        "rules, by words": lambda: f"/sessions/{session}/rules?words=fragile",
        "rule": lambda: rule,
        "editor": lambda: f"{rule}/edit",
        "compare": lambda: f"/compare?a={session}&b={session}",
        "about": lambda: "/about",
        "decision": lambda: f"{own()}/decision",
        "decision, what if": lambda: f"{own()}/decision?what_if=force(1,gentle)",
        "decision, question": lambda: f"{own()}/decision?ask=why+not+gently",
        "decision, by all rules": lambda: f"/episodes/{judged_by_all}/decision",
        "probe, by all rules": lambda: f"/episodes/{count * chance.randint(1, last // count - 1) + probe}/decision",
    }
    figures: dict[str, dict[str, float]] = {}
    with TestClient(create_app(WebSettings(home=home)), base_url="http://127.0.0.1:8321") as client:
        first = _one(client, "/episodes")
        sys.stdout.write(f"first page after the start, with the reading of all lines: {first:.0f} ms\n")
        for name, path in pages.items():
            _one(client, path())
            times = sorted(_one(client, path()) for _ in range(5 if "all rules" in name else REQUESTS))
            figures[name] = {"p50": round(statistics.median(times), 1), "p95": round(times[min(len(times) - 1, int(0.95 * len(times)))], 1)}
            sys.stdout.write(f"{name:<24} p50 {figures[name]['p50']:7.1f} ms   p95 {figures[name]['p95']:7.1f} ms\n")
            sys.stdout.flush()
    return figures


def _kinds(home: Path) -> tuple[int, list[int], int]:
    """How many episodes the sample has, and which places in their turn are decisions and (the first of them) a probe."""
    store = Store.open(home)
    sample = [episode for episode in store.episodes(_session(home), limit=500) if episode.task.seed < MARK]
    decided = [place for place, episode in enumerate(sample) if episode.decision.candidates]
    return len(sample), decided, next(place for place, episode in enumerate(sample) if not episode.decision.candidates)


def _one(client: TestClient, path: str) -> float:
    """Processor milliseconds of one request."""
    begun = time.process_time()
    answer = client.get(path)
    spent = 1000 * (time.process_time() - begun)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return spent


if __name__ == "__main__":
    main()
