"""`siren serve` and `siren ask` as a person calls them, also wrongly."""

import html
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from siren.memory.sample import read_sample
from siren.web.sample import sample_folder

COMMAND = [sys.executable, "-c", "from siren.cli.app import main; main()"]


def siren(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.slow
def test_the_sample_is_served_until_ctrl_c(tmp_path: Path) -> None:
    """One command, an address on standard output, a page behind it, and an end without a trace."""
    command = [*COMMAND, "serve", "--sample", "--read-only", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
        first = min((episode for episode, _ in read_sample(sample_folder())), key=lambda episode: episode.id or 0)
        with urllib.request.urlopen(f"{address}episodes/1", timeout=60) as answer:
            assert first.task.instruction in html.unescape(answer.read().decode())
        foreign = urllib.request.Request(address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="421") as refused:
            urllib.request.urlopen(foreign, timeout=60)
        refused.value.close()
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=60)
    finally:
        server.kill()
        server.communicate()
    assert "Traceback" not in err
    assert "read only" in err


def test_what_cannot_be_served_is_said_in_one_sentence(tmp_path: Path) -> None:
    weak = siren("serve", "--home", str(tmp_path), "--host", "0.0.0.0", "--token", "short")
    assert weak.returncode == 2
    assert "at least 16 characters" in weak.stderr
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = siren("serve", "--home", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert busy.returncode == 2
    assert "choose another --port" in busy.stderr
    assert "Traceback" not in weak.stderr + busy.stderr


def test_a_question_is_asked_at_the_terminal(home: Path) -> None:
    answer = siren("ask", "what went wrong?", "--episode", "8", "--home", str(home))
    assert answer.returncode == 0, answer.stderr
    assert "the glass was crushed at step 1" in answer.stdout
    unknown = siren("ask", "sing me a song", "--episode", "8", "--home", str(home))
    assert unknown.returncode == 1
    assert "what went wrong?" in unknown.stdout
    nothing = siren("ask", "why?", "--home", str(home / "elsewhere"))
    assert nothing.returncode == 2
    assert "nothing on record" in nothing.stderr
