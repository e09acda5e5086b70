"""A template and its values as an answer. Everything is escaped; a name that a template does not know is an error, not an empty string."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from siren.web.archive import Archive
from siren.web.facts import alternatives, denials
from siren.web.settings import WebSettings

HERE = Path(__file__).parent


def environment() -> Environment:
    """The templates of the package."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["spoken"] = lambda name: str(name).replace("_", " ")
    found.filters["segment"] = lambda name: quote(str(name), safe="")
    found.globals["alternatives"] = alternatives
    found.globals["denials"] = denials
    found.globals["address"] = address
    return found


def address(path: str, **values: object) -> str:
    """A path with a query; empty values are left out, so that addresses stay short enough to be shared."""
    given = {name: str(value) for name, value in values.items() if value not in ("", None)}
    return path + (f"?{urlencode(given)}" if given else "")


def render(request: Request, template: str, values: Mapping[str, object], code: int = 200) -> HTMLResponse:
    """The page, with what every page needs besides its own values."""
    settings: WebSettings = request.app.state.settings
    common = {"settings": settings, "form_token": request.scope["state"]["form_token"], "path": request.url.path}
    pages: Environment = request.app.state.templates
    return HTMLResponse(pages.get_template(template).render({**common, **values}), code)


def archive_of(request: Request) -> Archive:
    """The home that the server shows."""
    archive: Archive = request.app.state.archive
    return archive


def settings_of(request: Request) -> WebSettings:
    """How it is served."""
    settings: WebSettings = request.app.state.settings
    return settings


Home = Annotated[Archive, Depends(archive_of)]
Settings = Annotated[WebSettings, Depends(settings_of)]
