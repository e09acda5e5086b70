"""/sessions and /sessions/NAME: what was run, how it came on round by round, and a hand on it: stop, go on."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from siren.core.errors import SessionError, StoreError
from siren.eval.overview import state_of
from siren.loop.detached import resume_detached
from siren.loop.lock import driver_of, stop_driver
from siren.memory.browse import checkpoint_rounds
from siren.web.archive import BY_HAND, Archive
from siren.web.drawing import curve
from siren.web.settings import WebSettings
from siren.web.summary import summarise
from siren.web.views import Home, Settings, render

router = APIRouter()


@router.get("/")
def start() -> RedirectResponse:
    """The first page is the list of sessions."""
    return RedirectResponse("/sessions", status_code=307)


@router.get("/sessions")
def list_sessions(request: Request, home: Home) -> HTMLResponse:
    """All sessions of the home, newest first."""
    record = home.record()
    found = [] if record is None else [summarise(record.store, one, record.lines.tally(one.name)) for one in record.store.sessions()]
    return render(request, "sessions.html", {"summaries": found[::-1], "folder": home.home})


@router.get("/sessions/{session}")
def show_session(request: Request, home: Home, session: str, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """One session."""
    store, index = home.need()
    summary = summarise(store, store.session(session), index.tally(session))
    return render(
        request,
        "session.html",
        {
            "summary": summary,
            "dots": curve(summary.practice),
            "checkpoints": store.checkpoints(session),
            "made_in": checkpoint_rounds(store, session),
            "rules": _rule_counts(home, session),
            "state": _state(home, session),
            "done": done,
        },
    )


@router.post("/sessions/{session}/stop")
def stop_session(home: Home, settings: Settings, session: str) -> RedirectResponse:
    """Ask the process that runs it to finish the tasks in hand and end."""
    stop_driver(_own_folder(home, settings, session), 0)
    return RedirectResponse(f"/sessions/{session}?done=stop", status_code=303)


@router.post("/sessions/{session}/resume")
def resume_session(home: Home, settings: Settings, session: str) -> RedirectResponse:
    """Go on with it in a process of its own, which this server's end does not touch."""
    _own_folder(home, settings, session)
    resume_detached(home.home, session)
    return RedirectResponse(f"/sessions/{session}?done=resume", status_code=303)


def _own_folder(home: Archive, settings: WebSettings, session: str) -> Path:
    """Where the session lives, when it may be driven from here. Raises SessionError that says why not."""
    name = home.need().store.session(session).name
    if settings.read_only or settings.sample:
        raise SessionError("this server only shows sessions; start siren serve on your own home, without --read-only, to drive them")
    folder = home.home / "sessions" / name
    if name.startswith(BY_HAND) or not folder.is_dir():
        raise SessionError(f"session '{name}' has no files in {home.home}; only sessions that siren learn has begun can be driven")
    return folder


def _state(home: Archive, session: str) -> str:
    """Running, finished, or stopped in some round; empty for what nobody can go on with."""
    folder = home.home / "sessions" / session
    if session.startswith(BY_HAND) or not folder.is_dir():
        return ""
    return state_of(home.need().store, session, driver_of(folder))


def _rule_counts(home: Home, session: str) -> dict[str, int]:
    """Learned rules by status."""
    counts: dict[str, int] = {}
    for rule in home.rulebook(session).rules.values():
        if not rule.hard:
            counts[rule.status] = counts.get(rule.status, 0) + 1
    return dict(sorted(counts.items()))


def known_session(home: Home, session: str) -> str:
    """The session that was named, or the newest. Raises StoreError when there is none."""
    store = home.need().store
    if session:
        return store.session(session).name
    names = [record.name for record in store.sessions() if not record.name.startswith("by-hand")]
    if not names:
        raise StoreError("there is no session yet; begin one with siren learn")
    return names[-1]
