"""/sessions/S/rules/R/edit: a rule in a form, checked while it is typed, replayed over what is on record, and only then saved."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.explain.editing import StaleEditError, Wish, change_standing, mark, read_edit, related, save_edit
from siren.explain.replay import replay
from siren.symbolic.admission import check_rule
from siren.web.archive import Archive
from siren.web.pages.sessions import known_session
from siren.web.settings import WebSettings
from siren.web.views import Home, Settings, render

router = APIRouter()
Text = Annotated[str, Form(max_length=5000)]
Mark = Annotated[str, Form(max_length=64)]
REPLAY_SECONDS = 3.0
WHO = "inspector"  # pages know no names of people
BASE = "/sessions/{session}/rules/{name}"


@router.get(BASE + "/edit")
def open_editor(request: Request, home: Home, settings: Settings, session: str, name: str) -> HTMLResponse:
    """The form with the rule as it stands."""
    rule = _editable(home, settings, session, name)
    return _form(request, session, rule, rule.sentence, rule.text)


@router.post(BASE + "/check")
def check(request: Request, home: Home, settings: Settings, session: str, name: str, sentence: Text = "", text: Text = "") -> HTMLResponse:
    """Whether the text has the form of a rule: one line, for while somebody types."""
    rule = _editable(home, settings, session, name)
    try:
        read_edit(home.rules_folder(session), rule, sentence, text)
    except RuleError as error:
        return render(request, "checked.html", {"valid": False, "sentence": str(error)})
    return render(request, "checked.html", {"valid": True, "sentence": ""})


@router.post(BASE + "/replay")
def preview(
    request: Request, home: Home, settings: Settings, session: str, name: str, sentence: Text = "", text: Text = ""
) -> HTMLResponse:
    """What the rule would have blocked, as it stands and as it would be."""
    rule = _editable(home, settings, session, name)
    folder = home.rules_folder(session)
    try:
        edited = read_edit(folder, rule, sentence, text)
        check_rule(folder, edited)
    except RuleError as error:
        return _form(request, session, rule, sentence, text, refused=str(error))
    replays = replay(home.need().store, session, (rule, edited), home.knowledge(session), seconds=REPLAY_SECONDS)
    others = related(edited, home.rulebook(session).judging())
    return _form(request, session, rule, sentence, text, replays=replays, others=others)


@router.post(BASE + "/save")
def save(
    request: Request, home: Home, settings: Settings, session: str, name: str, seen: Mark, sentence: Text = "", text: Text = ""
) -> Response:
    """Write the edit; a running session takes it up at its next round."""
    rule = _editable(home, settings, session, name)
    folder = home.rules_folder(session)
    try:
        save_edit(home.need().store, session, folder, read_edit(folder, rule, sentence, text), seen)
    except StaleEditError as stale:
        return _form(request, session, stale.current, sentence, text, refused=str(stale), theirs=stale.current)
    except RuleError as error:
        return _form(request, session, rule, sentence, text, refused=str(error), seen=seen)
    return RedirectResponse(f"/sessions/{session}/rules/{name}?done=saved", status_code=303)


@router.post(BASE + "/standing")
def stand(home: Home, settings: Settings, session: str, name: str, wish: Annotated[Wish, Form()], seen: Mark) -> Response:
    """Pin, disable or retire a rule, or the opposite."""
    rule = _editable(home, settings, session, name)
    change_standing(home.need().store, session, home.rules_folder(session), rule.id, wish, seen, WHO)
    return RedirectResponse(f"/sessions/{session}/rules/{name}?done={wish}", status_code=303)


def _editable(home: Archive, settings: WebSettings, session: str, name: str) -> Rule:
    """The rule, when it may be edited here. Raises RuleError that says why not."""
    known_session(home, session)
    rule = home.rule(session, name)
    if settings.read_only:
        raise RuleError("this server only shows rules; start siren serve without --read-only to edit them", source=rule.id)
    if not home.editable(session):
        raise RuleError(f"session '{session}' has no rule files of its own; edit those of the session that lent them", source=rule.id)
    if rule.hard:
        raise RuleError("a core rule stands in a file of several and keeps the robot whole; edit rules/core by hand", source=rule.id)
    return rule


def _form(
    request: Request,
    session: str,
    rule: Rule,
    sentence: str,
    text: str,
    *,
    refused: str = "",
    replays: tuple[object, ...] = (),
    others: tuple[object, ...] = (),
    theirs: Rule | None = None,
    seen: str = "",
) -> HTMLResponse:
    code = 409 if theirs else 422 if refused else 200
    values = {
        "session": session,
        "rule": rule,
        "sentence": sentence,
        "text": text,
        "refused": refused,
        "replays": replays,
        "others": others,
        "theirs": theirs,
    }
    return render(request, "edit.html", {**values, "mark": seen or mark(rule)}, code)
