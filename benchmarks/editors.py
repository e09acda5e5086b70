"""Two editors, a miner and a reader at one session's rules, each a process of its own: is anything lost?

    python -m benchmarks.editors [SECONDS]

The editors reword rules as `siren rules edit` does; the miner counts on and rewords rules of its own as a session does at the end of a
round; the reader loads all rules as a rollout does. In the end every acknowledged edit must stand in the history, the newest wording of
each rule must be the one on file, every refused edit must be kept aside, and no reader may have met a file that it could not read.
The last line of standard output is one JSON object; exit code 1 when something was lost.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from siren import build
from siren.core.errors import RuleError
from siren.explain.editing import StaleEditError, mark, read_edit, rule_on_file, save_edit
from siren.memory.store import Store
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.turns import writing
from siren.web.sample import lay_out_sample

SECONDS = 60.0
FEW = 3


def main() -> None:
    """Let them work, count what came of it, and say so; or be one of them."""
    if len(sys.argv) > 3:
        _worker(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
        return
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        lay_out_sample(home)
        roles = ("ann", "ben", "miner", "reader")
        command = [sys.executable, "-m", "benchmarks.editors"]
        running = [subprocess.Popen([*command, role, folder, str(seconds)], stdout=subprocess.PIPE, text=True) for role in roles]
        told = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
        counts = _count(home, dict(zip(roles, told, strict=True)))
    sys.stdout.write(json.dumps({"seconds": seconds, **counts}) + "\n")
    sys.exit(1 if counts["lost"] or counts["unreadable"] or counts["not_kept"] or counts["file_is_not_newest"] else 0)


def _worker(role: str, home: Path, seconds: float) -> None:
    """One process: what it does until its time is over, as one line of JSON."""
    (folder,) = (home / "sessions").glob("*/rules")
    store, chance, end = Store.open(home), random.Random(role), time.monotonic() + seconds
    does = {"miner": _mine, "reader": _read}.get(role, _edit)
    told: dict[str, list[str]] = {"done": [], "refused": [], "unreadable": []}
    turn = 0
    while time.monotonic() < end:
        turn += 1
        try:
            does(store, folder, chance, f"{role} {turn}", told)
        except StaleEditError as stale:
            told["refused"].append(str(stale.kept))
        except RuleError as error:
            told["unreadable"].append(str(error))
    sys.stdout.write(json.dumps(told) + "\n")


def _edit(store: Store, folder: Path, chance: random.Random, words: str, told: dict[str, list[str]]) -> None:
    """Open a rule, think, and save it with another sentence."""
    opened = rule_on_file(folder, chance.choice(_mined(folder)))
    time.sleep(chance.uniform(0, 0.05))
    save_edit(store, folder.parent.name, folder, read_edit(folder, opened, f"{words} for {{O}}", opened.text), mark(opened))
    told["done"].append(f"{opened.id} {words} for {{O}}")


def _mine(store: Store, folder: Path, chance: random.Random, words: str, told: dict[str, list[str]]) -> None:
    """What `loop.session` does with what the miner found: counters of all rules go on, and one of its own is worded anew."""
    known = build.learned_rules(folder)
    time.sleep(chance.uniform(0, 0.05))
    own = chance.choice(_mined(folder))
    found = tuple(
        rule.model_copy(
            update={"support": rule.support + 1} | ({"sentence": f"{words} for {{O}}"} if rule.id == own and rule.origin == "mined" else {})
        )
        for rule in known
    )
    with writing(folder):
        store.record_rules(folder.parent.name, 9, build.write_rules(folder, found, known))
    told["done"].append(words)


def _read(store: Store, folder: Path, chance: random.Random, words: str, told: dict[str, list[str]]) -> None:
    told["done"].append(str(len(build.rulebook(folder).rules)))


def _mined(folder: Path) -> list[str]:
    """Few rules, so that they meet."""
    return sorted(path.stem for path in (folder / "learned").glob("*.lp"))[:FEW]


def _count(home: Path, told: dict[str, dict[str, list[str]]]) -> dict[str, object]:
    """What is left of what each was told had been done."""
    (folder,) = (home / "sessions").glob("*/rules")
    store, rules = Store.open(home), Rulebook.load(folder).rules
    history = {name: [one.rule.sentence for one in store.rule_history(name, folder.parent.name)] for name in _mined(folder)}
    edits = [line.split(" ", 1) for who in ("ann", "ben") for line in told[who]["done"]]
    return {
        "edits": len(edits),
        "conflicts": sum(len(told[who]["refused"]) for who in ("ann", "ben")),
        "minings": len(told["miner"]["done"]),
        "readings": len(told["reader"]["done"]),
        "wordings": sum(map(len, history.values())),
        "lost": [f"{name}: {sentence}" for name, sentence in edits if sentence not in history[name]],
        "file_is_not_newest": [name for name, sentences in history.items() if sentences[-1] != rules[name].sentence],
        "not_kept": [path for who in ("ann", "ben") for path in told[who]["refused"] if not Path(path).is_file()],
        "unreadable": [line for one in told.values() for line in one["unreadable"]],
    }


if __name__ == "__main__":
    main()
