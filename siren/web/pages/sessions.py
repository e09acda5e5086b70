"""/sessions and /sessions/NAME: what was run, and how it came on round by round."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from siren.core.errors import StoreError
from siren.memory.browse import checkpoint_rounds
from siren.web.drawing import curve
from siren.web.summary import summarise
from siren.web.views import Home, render

router = APIRouter()


@router.get("/")
def start() -> RedirectResponse:
    """The first page is the list of sessions."""
    return RedirectResponse("/sessions", status_code=307)


@router.get("/sessions")
def list_sessions(request: Request, home: Home) -> HTMLResponse:
    """All sessions of the home, newest first."""
    record = home.record()
    found = [] if record is None else [summarise(record.store, one, record.lines.all()) for one in record.store.sessions()]
    return render(request, "sessions.html", {"summaries": found[::-1], "folder": home.home})


@router.get("/sessions/{session}")
def show_session(request: Request, home: Home, session: str) -> HTMLResponse:
    """One session."""
    store, index = home.need()
    summary = summarise(store, store.session(session), index.all())
    return render(
        request,
        "session.html",
        {
            "summary": summary,
            "dots": curve(summary.practice),
            "checkpoints": store.checkpoints(session),
            "made_in": checkpoint_rounds(store, session),
            "rules": _rule_counts(home, session),
        },
    )


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
