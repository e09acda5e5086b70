"""A PostgreSQL server of the tests' own: on loopback, in a temporary folder, with a password, gone when the tests are."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

# initdb refuses to run as root; Debian's package brings this user.
SERVER_USER = "postgres"


def find_programs() -> Path | None:
    """The folder with initdb and postgres: on the path, or where Debian puts it (newest version first)."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


class PostgresServer:
    """`start()`, then `new_database()` for each story; `kill()` is a kill -9; `stop()` ends it and removes its files.

    `fsync`: whether it writes as in earnest; off, stories that do not kill it cost a tenth.
    """

    def __init__(self, programs: Path, *, fsync: bool = False) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="siren-postgres-"))
        self._data = self._folder / "data"
        self._as_user: list[str] = []
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = 0
        self._fsync = "on" if fsync else "off"
        self.port = _free_port()
        self.password = secrets.token_hex(12)
        self._initialise()

    def start(self) -> None:
        """Start, and wait until it answers."""
        where = ["-D", self._data, "-p", str(self.port), "-h", "127.0.0.1", "-k", self._folder, "-c", f"fsync={self._fsync}"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*self._as_user, self._programs / "postgres", *where], stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, (self._folder / "log").read_text()
            assert time.monotonic() < deadline, "the server does not answer within 60 s"
            time.sleep(0.1)

    def new_database(self) -> str:
        """The URL of an empty database."""
        self._databases += 1
        name = f"siren_{self._databases}"
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def url(self, name: str, password: str | None = None) -> str:
        return f"postgresql://siren:{password or self.password}@127.0.0.1:{self.port}/{name}"

    def kill(self) -> None:
        """kill -9 of the server; the processes that it had started end by themselves, and are waited for: they hold its memory."""
        assert self._process is not None
        started = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        psutil.wait_procs(started, timeout=60)

    def stop(self) -> None:
        """At once: what it holds is thrown away."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=60)
        shutil.rmtree(self._folder)

    def _initialise(self) -> None:
        key = self._folder / "password"
        key.write_text(self.password)
        if os.geteuid() == 0:
            account = pwd.getpwnam(SERVER_USER)
            self._as_user = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
            for path in (self._folder, key):
                os.chown(path, account.pw_uid, account.pw_gid)
        options = ["--username=siren", f"--pwfile={key}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(
            [*self._as_user, self._programs / "initdb", "-D", self._data, *options], check=True, capture_output=True, cwd=self._folder
        )

    def _answers(self) -> bool:
        try:
            self._administer("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _administer(self, statement: str | sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
