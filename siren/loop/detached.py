"""A session that goes on in a process of its own, which outlives whoever asked for it."""

import subprocess
import sys
import threading
from pathlib import Path

from siren.core.errors import SessionError
from siren.loop.lock import driver_of

LOG = "resumed.log"
_COMMAND = (sys.executable, "-c", "from siren.cli.app import main; main()", "learn")


def resume_detached(home: Path, session: str) -> int:
    """Go on with a session as `siren learn SESSION --resume` does; what it prints goes to resumed.log in its folder. Returns its process.

    Raises SessionError when it is running already, or its folder takes no log.
    """
    folder = home / "sessions" / session
    running = driver_of(folder)
    if running is not None:
        raise SessionError(f"session '{session}' is running already, in process {running}; watch it, or stop it first")
    try:
        with (folder / LOG).open("ab") as log:
            command = (*_COMMAND, session, "--resume", "--home", str(home.resolve()))
            started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    except OSError as error:
        raise SessionError(f"session '{session}' cannot be gone on with: {error.strerror} ({folder / LOG})") from error
    threading.Thread(target=started.wait, daemon=True).start()  # so that its end is noticed, should it come first
    return started.pid
