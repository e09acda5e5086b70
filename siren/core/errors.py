"""Everything SIREN refuses, as one tree of errors. A message says what was expected, what came, where, and what to do.

SirenError
├── PlanSyntaxError        plan text that does not parse
├── PlanRefusedError       a plan that parses but must not reach the robot (NaN, outside the workspace, unknown skill)
├── InstructionError       an instruction that names nothing on the table, or cannot be read
├── RuleError              rule text that may not be loaded
├── CheckpointError        weights that do not match their manifest or their model
├── DataError              training data of others that cannot be read
├── WorldError             a robot, a camera or a failure that the world does not have
├── StoreError             a database or a record that cannot be used
├── SessionError           a session that cannot start, resume or go on
└── BenchError             a benchmark that cannot start, go on or be compared, or a policy from outside that cannot be asked
"""


class SirenError(Exception):
    """Base of every error that SIREN raises on purpose. The command line prints it as one sentence and exits with 2."""


class PlanSyntaxError(SirenError):
    """Plan text that does not parse. `line` and `column` count from 1."""

    def __init__(self, message: str, *, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column


class PlanRefusedError(SirenError):
    """A plan that is well written but must not reach the robot."""


class InstructionError(SirenError):
    """An instruction that cannot be read, or that names an object which does not exist."""


class RuleError(SirenError):
    """Rule text that may not be loaded. `source` is a file name or a rule id, `line` counts from 1."""

    def __init__(self, message: str, *, source: str, line: int | None = None) -> None:
        super().__init__(f"{source}{f':{line}' if line else ''}: {message}")
        self.source = source
        self.line = line


class CheckpointError(SirenError):
    """Weights that are missing, damaged, or made for another model."""


class DataError(SirenError):
    """Data from elsewhere that is not what it should be. The message names file and entry."""


class WorldError(SirenError):
    """A world that cannot be set up as asked: a robot, a camera or a kind of failure that there is not."""


class StoreError(SirenError):
    """A database that cannot be opened, or a record that is not there."""


class SessionError(SirenError):
    """A session that cannot start, resume or go on."""


class BenchError(SirenError):
    """A benchmark that cannot start, go on or be compared, or a policy from outside that cannot be asked."""
