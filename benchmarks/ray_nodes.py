"""A Ray of two nodes on loopback, each of which can be killed: for what only happens to clusters.

    nodes = RayNodes(cpus=3)         # each
    nodes.environment                # how others join: RAY_AUTH_TOKEN; the address is nodes.address
    nodes.kill_second(); nodes.start_second(); nodes.stop()

Nodes are started by `ray start --block` with a token of their own and without a dashboard. Nothing but their own processes is ever ended.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

HOST = "127.0.0.1"
PATIENCE = 120  # seconds until a node is up, on a machine that others use too


class RayNodes:
    """A head and a second node, started when made."""

    def __init__(self, cpus: int, *, gpus: int = 0, second: bool = True) -> None:
        """`gpus`: how many the head claims to have; Ray believes it."""
        self.environment = os.environ | {
            "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32), "OMP_NUM_THREADS": "1",
            "RAY_USAGE_STATS_ENABLED": "0",
        }  # fmt: skip
        self._cpus = cpus
        port = free_port()
        self.address = f"{HOST}:{port}"
        self._second: subprocess.Popen[bytes] | None = None
        self._head = self._start("--head", f"--port={port}", f"--num-gpus={gpus}", "--include-dashboard=false")
        try:
            _wait(lambda: _answers(port), self._head)
            if second:
                self.start_second()
        except BaseException:
            self.stop()
            raise

    def start_second(self) -> None:
        """Let the second node join, and wait until its raylet runs."""
        self._second = self._start(f"--address={self.address}", "--num-gpus=0")
        _wait(lambda: self.raylet() is not None, self._second)

    def raylet(self) -> psutil.Process | None:
        """The raylet of the second node."""
        assert self._second is not None
        try:
            family = psutil.Process(self._second.pid).children(recursive=True)
            return next((one for one in family if one.name().startswith("raylet")), None)
        except psutil.NoSuchProcess:
            return None

    def family(self) -> list[psutil.Process]:
        """Every process of both nodes."""
        found: list[psutil.Process] = []
        for node in (self._head, self._second):
            if node is not None and node.poll() is None:
                found += psutil.Process(node.pid).children(recursive=True)
        return found

    def kill_second(self) -> None:
        """kill -9 of the second node's raylet; what hung on it, its workers too, goes with it."""
        raylet = self.raylet()
        assert raylet is not None, "the second node has no raylet to kill"
        raylet.send_signal(signal.SIGKILL)
        _end(self._second, grace=10)
        self._second = None

    def stop(self) -> None:
        """End both nodes and everything that they started."""
        for node in (self._second, self._head):
            _end(node, grace=0)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        ray = str(Path(sys.executable).with_name("ray"))
        common = [
            f"--node-ip-address={HOST}", f"--num-cpus={self._cpus}", "--min-worker-port=0", "--max-worker-port=0",
            f"--dashboard-agent-listen-port={free_port()}", "--disable-usage-stats", "--object-store-memory=100000000", "--block",
        ]  # fmt: skip
        # Sockets of Ray need a short path, shorter than the folders of tests.
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([ray, "start", *words, *common], env=self.environment, start_new_session=True, **quiet)  # type: ignore[call-overload, no-any-return]


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _wait(there: Callable[[], bool], node: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not there():
        if node.poll() is not None:
            raise RuntimeError(f"a node of Ray ended with {node.returncode} before it was up")
        if time.monotonic() > deadline:
            raise RuntimeError(f"a node of Ray is not up within {PATIENCE} s")
        time.sleep(0.2)


def _end(node: subprocess.Popen[bytes] | None, grace: float) -> None:
    """The whole family: first by itself, then by force."""
    if node is None:
        return
    try:
        family = [*psutil.Process(node.pid).children(recursive=True), psutil.Process(node.pid)]
    except psutil.NoSuchProcess:
        family = []
    _, left = psutil.wait_procs(family, timeout=grace)
    for process in left:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(left, timeout=30)
    node.wait(timeout=30)
