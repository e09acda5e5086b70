"""A home and settings as a web application: the pages, their guard, and errors as one sentence."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from siren.core.errors import RuleError, SirenError, StoreError
from siren.web.archive import Archive
from siren.web.guard import Guard
from siren.web.pages import about, compare, decision, editor, episodes, rules, sessions
from siren.web.settings import WebSettings
from siren.web.views import HERE, environment, render


def create_app(settings: WebSettings) -> FastAPI:
    """The inspector of one home, ready for any ASGI server."""
    app = FastAPI(title="SIREN", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.settings = settings
    app.state.archive = Archive(settings.home)
    app.state.templates = environment()
    for page in (sessions, episodes, decision, rules, editor, compare, about):
        app.include_router(page.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    app.add_exception_handler(SirenError, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(HTTPException, _missing)
    app.add_middleware(Guard, settings=settings)
    return app


def _refused(request: Request, error: Exception) -> HTMLResponse:
    code = 404 if isinstance(error, StoreError) or (isinstance(error, RuleError) and "no such rule" in str(error)) else 422
    return render(request, "error.html", {"title": "That cannot be shown", "sentence": str(error)}, code)


def _misread(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    sentence = f"{'.'.join(map(str, first['loc'][1:]))}: {first['msg'].lower()}, got '{str(first.get('input'))[:60]}'"
    return render(request, "error.html", {"title": "The address cannot be read", "sentence": sentence}, 422)


def _missing(request: Request, error: Exception) -> HTMLResponse:
    assert isinstance(error, HTTPException)
    sentence = f"There is no page {request.url.path[:120]}." if error.status_code == 404 else str(error.detail)
    return render(request, "error.html", {"title": "No such page", "sentence": sentence}, error.status_code)
