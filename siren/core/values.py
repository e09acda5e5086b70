"""The base of every value that crosses a package border: frozen, closed, and without NaN."""

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen pydantic model. Unknown fields are errors; NaN and infinity never get in."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
