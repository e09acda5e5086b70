"""How long does each page of the inspector take over 50,000 episodes and 1,000 rules? Processor milliseconds a request, p50 and p95.

python -m benchmarks.web [EPISODES] [RULES]

The rows are made: the recorded sample's decisions over and over with other seeds and rounds, its learned rules with other numbers.
Episodes are judged by the rulebook of their day (14 learned rules). `by all rules` are one that was judged by all made rules in force
(about 500), and probes, which no rules judged when they were run and which are judged by all rules as they are now.
Request, page and answer run in this process, so the figure holds the client's share as well.
"""

import hashlib
import json
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

from siren.core.episode import Episode
from siren.core.rule import Rule
from siren.memory.database import open_database
from siren.memory.records import Evidence
from siren.memory.rows import episode_row, part_rows
from siren.memory.store import Store
from siren.memory.tables import Base
from siren.symbolic.rulebook import Rulebook, write_text
from siren.web.app import create_app
from siren.web.sample import lay_out_sample
from siren.web.settings import WebSettings

EPISODES, RULES, REQUESTS, SESSION = 50_000, 1_000, 20, "s6"
CHUNK = 2_000  # episodes a transaction
MARK = 7_000_000_000  # a seed that nothing else in an episode looks like


def main() -> None:
    """Make the home, ask for every page, print the table; the last line is JSON."""
    episodes, rules = (int(word) for word in (sys.argv[1:3] or (EPISODES, RULES)))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        lay_out_sample(home)
        last = _fill(home, episodes)
        judged_by_all = _add_rules(home, rules)
        figures = _measure(home, last, judged_by_all)
    sys.stdout.write(json.dumps({"episodes": episodes, "rules": rules, "milliseconds": figures}) + "\n")


def _fill(home: Path, count: int) -> int:
    """The sample's episodes again and again. Returns the last id."""
    store = Store.open(home)
    models = [list(_rows(episode)) for episode in store.episodes(SESSION)]
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
    folder = home / "sessions" / SESSION / "rules"
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
    store.record_rules(SESSION, 8, made, evidence)
    everything = Rulebook.load(folder)
    store.record_rulebook(everything.hash, everything.judging())
    model = next(episode for episode in store.episodes(SESSION, use="evaluate") if episode.decision.repair)
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
    rule = f"/sessions/{SESSION}/rules/r0002"

    def own() -> str:
        """A decision of the agent; the sample's copies come in turn, and the first, third, ... ninth of them are probes."""
        return f"/episodes/{14 * chance.randint(1, last // 14 - 1) + chance.choice((1, 3, 5, 7, 9, 10, 11, 12, 13))}"

    pages: dict[str, Callable[[], str]] = {
        "sessions": lambda: "/sessions",
        "session": lambda: f"/sessions/{SESSION}",
        "episodes, newest": lambda: "/episodes",
        "episodes, filtered": lambda: f"/episodes?cause=crushed&before={chance.randint(100, last)}",
        "episodes, none passes": lambda: "/episodes?cause=crushed&object=rock",
        "episodes, by rule": lambda: "/episodes?rule=r0026",
        "episode": lambda: f"/episodes/{chance.randint(1, last)}",
        "rules": lambda: f"/sessions/{SESSION}/rules",
        "rules, by words": lambda: f"/sessions/{SESSION}/rules?words=fragile",
        "rule": lambda: rule,
        "editor": lambda: f"{rule}/edit",
        "compare": lambda: f"/compare?a={SESSION}&b={SESSION}",
        "about": lambda: "/about",
        "decision": lambda: f"{own()}/decision",
        "decision, what if": lambda: f"{own()}/decision?what_if=force(1,gentle)",
        "decision, question": lambda: f"{own()}/decision?ask=why+not+gently",
        "decision, by all rules": lambda: f"/episodes/{judged_by_all}/decision",
        "probe, by all rules": lambda: f"/episodes/{14 * chance.randint(1, last // 14 - 1)}/decision",
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


def _one(client: TestClient, path: str) -> float:
    """Processor milliseconds of one request."""
    begun = time.process_time()
    answer = client.get(path)
    spent = 1000 * (time.process_time() - begun)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return spent


if __name__ == "__main__":
    main()
