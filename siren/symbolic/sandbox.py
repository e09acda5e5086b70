"""A program from outside as yes or no: can it be grounded within bounds? Tried in a process of its own.

Grounding cannot be interrupted from within (measured: neither by clingo's interrupt nor by a signal), so the child has limits on
memory, processor and files, and the parent a clock.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from siren.core.errors import RuleError

_CHILD = """
import json, resource, sys
memory, cpu = int(sys.argv[1]), int(sys.argv[2])
for what, limit in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 16), (resource.RLIMIT_CORE, 0)):
    resource.setrlimit(what, (limit, limit))
resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
from siren.symbolic.asp import solve
from siren.core.errors import RuleError
try:
    solve(sys.stdin.read(), shown=())
    answer = ""
except MemoryError:
    answer = "memory"
except RuleError as error:
    answer = "memory" if "bad_alloc" in str(error) else str(error)
print(json.dumps(answer))
"""


@dataclass(frozen=True)
class Limits:
    """What a trial may use. An ordinary rulebook needs 0.1 s and 60 MB."""

    memory_mb: int = 512
    cpu_seconds: int = 2
    wall_seconds: float = 8.0


def try_grounding(program: str, source: str, limits: Limits | None = None) -> None:
    """Ground and solve in a child process. Raises RuleError when the program is wrong or needs more than the limits."""
    bounds = limits or Limits()
    command = [sys.executable, "-c", _CHILD, str(bounds.memory_mb << 20), str(bounds.cpu_seconds)]
    try:
        done = subprocess.run(command, input=program, capture_output=True, text=True, timeout=bounds.wall_seconds, check=False)
    except subprocess.TimeoutExpired:
        raise _too_big(source, f"{bounds.wall_seconds:g} s") from None
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise _too_big(source, f"{bounds.cpu_seconds} s of processor time or {bounds.memory_mb} MB")
    answer = str(json.loads(lines[-1]))
    if answer == "memory":
        raise _too_big(source, f"{bounds.memory_mb} MB")
    if answer:
        raise RuleError(f"expected a program that clingo can ground, but {answer}", source=source)


def _too_big(source: str, bound: str) -> RuleError:
    return RuleError(f"a trial on a small scene needed more than {bound}; tie its variables together with more conditions", source=source)
