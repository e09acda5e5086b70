"""The options of a session and the environment variables as a page."""

from siren.config import SessionConfig

INTRODUCTION = """# Configuration

## A session

What `siren learn` takes, as `siren.config.SessionConfig` holds it; written from there while this site is built. The options of the
command are named alike. Unknown keys are errors, and the whole configuration is kept with the session it ran; `siren learn --resume`
takes it from there.

| name | default | may be | meaning |
|---|---|---|---|"""

# What programs and tests of this repository read from the environment, besides what Python, torch and Ray read themselves.
ENVIRONMENT = """
## Environment variables

| variable | meaning |
|---|---|
| `SIREN_HOME` | where database, frames, rules and reports live, when `--home` is not given; else `.siren` |
| `SIREN_DATABASE` | URL of the database, when `--database` is not given; else a file in the home |
| `PGPASSWORD`, `~/.pgpass` | the password of a PostgreSQL database, which then stands in no list of processes |
| `OMP_NUM_THREADS` | threads of one process; the Makefile sets 1: two processes on two cores are faster than two threads each |
| `VISUAL`, `EDITOR` | the editor that `siren rules edit` opens |
| `SIREN_REQUIRE_POSTGRES` | in tests: 1 makes a missing PostgreSQL server a failure, not a skip |
| `SIREN_SCREENS` | in tests: a folder that the pictures of the inspector are written to |
"""


def configuration_page() -> str:
    """Both tables."""
    properties = SessionConfig.model_json_schema()["properties"]
    rows = [f"| `{name}` | {_default(said)} | {_bounds(said)} | {said.get('description', '')} |" for name, said in properties.items()]
    return "\n".join([INTRODUCTION, *rows, ENVIRONMENT])


def _default(said: dict[str, object]) -> str:
    return f"`{said['default']}`" if said["default"] != "" else "empty"


def _bounds(said: dict[str, object]) -> str:
    """The values that are accepted, in words."""
    if "enum" in said:
        return ", ".join(f"`{value}`" for value in said["enum"])  # type: ignore[attr-defined]
    signs = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most"}
    return ", ".join(f"{sign} {said[key]}" for key, sign in signs.items() if key in said)
