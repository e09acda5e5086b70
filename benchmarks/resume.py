"""A session that was broken off in the midst of a round, and how long it takes to its first new episode once Ray is there.

    python -m benchmarks.resume --on-record 40 --workers 2

A session practises until that many episodes are on record, then its driver stops at once, as if it had been killed. It is gone on with in
a process of its own, and the clock runs from the end of `ray.init` (with --workers 0: from where it would be) to the first episode that is
recorded. The last line of standard output is one JSON object.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from siren.testing.deaf import Deaf

NAME = "resumed"


class Brake(Deaf):
    """Stops the session at an episode, and knows when that was."""

    def __init__(self, after: int) -> None:
        self._left = after
        self.moment = 0.0

    def episode(self, episode: Any) -> None:
        self._left -= 1
        if self._left <= 0:
            self.moment = time.perf_counter()
            raise KeyboardInterrupt


def begin(home: Path, episodes: int) -> None:
    """A session with that many episodes on record, broken off."""
    from siren.config import SessionConfig
    from siren.loop.session import Session
    from siren.loop.start import new_session, place
    from siren.memory.store import Store

    store = Store.open(home)
    config = new_session(SessionConfig(name=NAME, rounds=2, episodes=4 * episodes, held_out=0, train=False), home, store)
    try:
        Session(config, home, store, place(config, home), Brake(episodes)).run()
    except KeyboardInterrupt:
        store.close()


def resume(home: Path, workers: int) -> dict[str, float]:
    """Seconds from the start of this process, and from the end of `ray.init`, to the first new episode."""
    import psutil

    from siren.loop.session import Session
    from siren.loop.start import old_session, place
    from siren.memory.store import Store

    born = time.perf_counter() - (time.time() - psutil.Process().create_time())
    store = Store.open(home)
    config = old_session(NAME, home, store).model_copy(update={"workers": workers})
    placement = place(config, home)
    ready, brake = time.perf_counter(), Brake(1)
    spent = _processor_seconds()
    try:
        Session(config, home, store, placement, brake).run()
    except KeyboardInterrupt:
        spent = _processor_seconds() - spent
        placement.close()
    return {
        "from_ray_to_the_first_episode": brake.moment - ready,
        "processor_seconds_in_that_time": spent,
        "from_the_start_to_ray": ready - born,
    }


def _processor_seconds() -> float:
    """Of this process and all that it started: what counts when other work shares the machine."""
    import psutil

    own = psutil.Process()
    return float(sum(sum(one.cpu_times()[:2]) for one in (own, *own.children(recursive=True))))


def main() -> None:
    """Begin a session, break it off, go on with it, and tell the seconds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on-record", type=int, default=40, help="episodes before the break")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)  # the second process
    asked = parser.parse_args()
    if asked.home:
        sys.stdout.write(json.dumps(resume(asked.home, asked.workers)) + "\n")
        return
    with tempfile.TemporaryDirectory(prefix="siren-resume-") as folder:
        begin(Path(folder), asked.on_record)
        command = [sys.executable, "-m", "benchmarks.resume", "--home", folder, "--workers", str(asked.workers)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds = {name: round(value, 2) for name, value in json.loads(done.stdout.splitlines()[-1]).items()}
    answer = {"on_record": asked.on_record, "workers": asked.workers, **seconds, "load": round(os.getloadavg()[0], 1)}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
