"""The arms and this installation as hashes and versions: what has to be equal for two results to be comparable."""

import hashlib
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from siren.config import PROJECT
from siren.core.values import Value
from siren.eval.bench.arms import Arm
from siren.world.catalogue import catalogue

PACKAGES = ("siren-vla", "numpy", "torch", "transformers", "pybullet", "clingo", "pydantic")
# What decides episodes; the pages, the commands and the learners do not.
_OF_BENCH = tuple(f"eval/bench/{name}.py" for name in ("arms", "outside", "over_http", "player", "stage", "suites"))
DECIDING = ("core", "world", "policy", "symbolic", "agent.py", "build.py", "config.py", *_OF_BENCH)
MANIFEST = "manifest.json"


class Fingerprint(Value):
    """Names of parts and what they are; hashes are 16 hex digits of sha256."""

    versions: dict[str, str]
    machine: str
    code: str
    objects: str
    arms: dict[str, str]


def fingerprint(arms: Sequence[Arm]) -> Fingerprint:
    """Of this installation, and of what the arms are made of."""
    return Fingerprint(
        versions={"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        machine=f"{platform.system()} {platform.machine()}",
        code=_of_files(path for part in DECIDING for path in _sources(PROJECT / "siren" / part)),
        objects=hashlib.sha256(repr(sorted(catalogue().items())).encode()).hexdigest()[:16],
        arms={arm.name: _of_arm(arm) for arm in arms},
    )


def differences(first: Fingerprint, second: Fingerprint) -> tuple[str, ...]:
    """One sentence a part that both have and that is not the same."""
    one, other = _flat(first), _flat(second)
    return tuple(f"{name}: {one[name]} and {other[name]}" for name in one if name in other and one[name] != other[name])


def _flat(fingerprint: Fingerprint) -> Mapping[str, str]:
    arms = {f"arm {name}": what for name, what in fingerprint.arms.items()}
    parts = {"machine": fingerprint.machine, "code": fingerprint.code, "objects": fingerprint.objects}
    return dict(fingerprint.versions) | parts | arms


def _of_arm(arm: Arm) -> str:
    if arm.actor == "expert":
        return "the expert of the code"
    made_of = []
    if arm.outside:
        made_of.append(f"policy {arm.outside} {_of_module(arm.outside)}")
    if arm.weights:
        made_of.append(f"weights {_of_weights(Path(arm.weights))}")
    if arm.rules:
        made_of.append(f"rules {_of_files(Path(arm.rules).rglob('*.lp'))}, facts from the {arm.perception}")
    return ", ".join(made_of)


def _of_weights(folder: Path) -> str:
    """Of the manifest, which holds the hash of every file; of stock checkpoints, which have none, of the files themselves."""
    manifest = folder / MANIFEST
    return _of_files([manifest] if manifest.is_file() else (path for path in folder.iterdir() if path.is_file()))


def _of_module(spec: str) -> str:
    """Of the file of the module; what an address serves is not known here."""
    if spec.startswith(("http://", "https://")):
        return "(as served)"
    found = find_spec(spec.partition(":")[0])
    return _of_files([Path(found.origin)]) if found is not None and found.origin else "(no file)"


def _of_files(paths: Iterable[Path]) -> str:
    """Of names and contents, in the order of names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _sources(part: Path) -> Iterable[Path]:
    return part.rglob("*.py") if part.is_dir() else [part]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
