"""How the inspector is served, as one frozen value; what it may not be is refused here."""

import ipaddress
import secrets
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from siren.core.values import Value

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class WebSettings(Value):
    """Where the pages come from, who may see them, and whether rules may be edited."""

    home: Path
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8321, ge=0, le=65535, description="0: any free one")
    read_only: bool = Field(default=False, description="nothing can be edited")
    sample: bool = Field(default=False, description="the home was laid out from the recorded sample and goes away afterwards")
    token: str = Field(default="", description="asked of everybody when the address is not loopback")
    names: tuple[str, ...] = Field(default=(), description="further host names under which the pages may be asked for")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def hosts(self) -> frozenset[str]:
        """Names that the Host header may carry. Others are refused: a page elsewhere could rebind its name to this address."""
        own = () if self.host in ("0.0.0.0", "::") else (self.host,)
        return frozenset(name.lower() for name in (*LOOPBACK_NAMES, *own, *self.names))

    @model_validator(mode="after")
    def _strangers_need_a_token(self) -> Self:
        if not self.loopback and len(self.token) < 16:
            raise ValueError("an address that others can reach needs a token of at least 16 characters")
        return self


def new_token() -> str:
    """A token that nobody can guess."""
    return secrets.token_urlsafe(24)
