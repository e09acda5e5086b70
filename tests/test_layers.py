"""Who may import whom, and where each heavy package lives. docs/architecture.md says why; this test bites."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "siren"

# A package (or a module of the top level) and the packages of SIREN that it may import besides itself and core.
MAY_IMPORT = {
    "core": set(),
    "policy": set(),
    "world": set(),
    "symbolic": set(),
    "memory": set(),
    "agent": set(),
    "testing": set(),
    "learning": {"policy", "world", "symbolic", "memory"},
    "explain": {"symbolic", "memory", "learning"},
    "config": set(),
    "build": {"config", "agent", "policy", "world", "symbolic", "memory", "learning", "explain"},
    "exchange": {"learning", "memory", "symbolic"},
    "loop": {"config", "build", "agent", "policy", "world", "symbolic", "memory", "learning", "explain", "eval"},
    "eval": {"config", "build", "agent", "policy", "world", "symbolic", "memory", "learning", "explain"},
    "cli": {"config", "build", "agent", "policy", "world", "symbolic", "memory", "learning", "explain", "exchange", "loop", "eval", "web"},
    "web": {"config", "build", "agent", "policy", "world", "symbolic", "memory", "learning", "explain", "loop", "eval"},
}

# A heavy package and the only places that may import it.
LIVES_IN = {
    "pybullet": ("world/bullet.py",),
    "pybullet_data": ("world/bullet.py",),
    "pybullet_utils": ("world/bullet.py",),
    "gymnasium": ("world/environment.py",),
    "clingo": ("symbolic/asp.py", "symbolic/validate.py"),
    "sqlalchemy": ("memory/",),
    "alembic": ("memory/",),
    "psycopg": ("memory/",),
    "faiss": ("memory/likeness.py",),
    "torch": ("policy/", "learning/"),
    "transformers": ("policy/", "learning/"),
    "tokenizers": ("policy/",),
    "safetensors": ("policy/", "learning/"),
    "peft": ("learning/",),
    "networkx": ("explain/graph.py",),
    "ray": ("loop/",),
    "pandas": ("exchange/",),
    "pyarrow": ("exchange/",),
    "av": ("exchange/",),
    "rerun": ("exchange/rerun_file.py",),
    "tensorboard": ("loop/scalars.py",),
    "prometheus_client": ("loop/exporter.py",),
    "matplotlib": ("eval/",),
    "fastapi": ("web/",),
    "starlette": ("web/",),
    "jinja2": ("web/",),
    "markdown_it": ("web/",),
    "markupsafe": ("web/",),
    "uvicorn": ("web/server.py",),
    "typer": ("cli/",),
    "rich": ("cli/", "loop/board.py"),
}

KNOW_THE_TRUTH = ("siren.world.laws", "siren.world.changes", "siren.world.injection", "siren.world.failure_file")

FILES = sorted(path for path in ROOT.rglob("*.py") if path.name != "__init__.py" or path.parent != ROOT)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            yield node.module or ""


def layer(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    own = layer(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "siren" and len(parts) > 1 and parts[1] not in {own, "core"}:
            assert parts[1] in MAY_IMPORT[own], f"{own} may not import {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_heavy_packages_stay_at_home(path: Path) -> None:
    place = str(path.relative_to(ROOT))
    for name in imports(path):
        homes = LIVES_IN.get(name.split(".")[0])
        assert homes is None or place.startswith(homes), f"{place} imports {name}, which lives in {homes}"


def test_learning_never_hears_of_the_hidden_laws() -> None:
    for package in ("core", "learning", "symbolic", "policy", "explain", "memory", "loop", "agent.py"):
        for path in [ROOT / package] if package.endswith(".py") else (ROOT / package).rglob("*.py"):
            told = [name for name in imports(path) if name.startswith(KNOW_THE_TRUTH)]
            assert not told, f"{path} knows the laws it is to discover: {told}"


def test_listing_rules_loads_nothing_heavy() -> None:
    program = (
        "import sys; from siren.cli.app import main\n"
        "try: main(['rules', 'list'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'ray', 'pybullet', 'transformers', 'matplotlib'} & set(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert out.strip().splitlines()[-1] == "[]"


def test_only_the_command_that_serves_knows_the_pages() -> None:
    for path in (ROOT / "cli").glob("*.py"):
        assert path.name == "serve.py" or not any(name.startswith("siren.web") for name in imports(path)), path
