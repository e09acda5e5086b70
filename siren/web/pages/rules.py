"""/sessions/S/rules and /sessions/S/rules/R: what the agent holds to, who taught it, and how it came to be worded so."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from siren.core.errors import StoreError
from siren.explain.consequences import without_rule
from siren.explain.editing import mark, wishes_for
from siren.explain.narrate import narrate
from siren.explain.wordings import diff_wordings
from siren.memory.browse import EpisodeFilter, EpisodeLine, course_of
from siren.memory.records import Evidence, RuleTransition, RuleVersion
from siren.web.archive import Record
from siren.web.pages.sessions import known_session
from siren.web.views import Home, render

router = APIRouter()
PAGE = 100
LOOKED_AT = 2_000  # newest runs that are judged again without a rule
SHOWN = 30  # episodes listed for and against; the page of episodes has them all


class Version(NamedTuple):
    """One wording, and its lines against the wording before it."""

    version: RuleVersion
    diff: tuple[str, ...]


@router.get("/rules")
def newest_rules(home: Home) -> RedirectResponse:
    """The rules of the newest session."""
    return RedirectResponse(f"/sessions/{known_session(home, '')}/rules", status_code=307)


@router.get("/sessions/{session}/rules")
def list_rules(
    request: Request,
    home: Home,
    session: str,
    status: Annotated[str, Query(max_length=20)] = "",
    words: Annotated[str, Query(max_length=80)] = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> HTMLResponse:
    """All rules, those in force first."""
    known_session(home, session)
    everything = home.rulebook(session).rules.values()
    counts: dict[str, int] = {}
    for rule in everything:
        counts[rule.status] = counts.get(rule.status, 0) + 1
    asked = words.lower().split()
    found = [
        rule for rule in everything if status in ("", rule.status) and all(word in f"{rule.id} {rule.saying}".lower() for word in asked)
    ]
    found.sort(key=lambda rule: (rule.status not in ("active", "probation"), rule.hard, -rule.support, rule.id))
    shown = found[(page - 1) * PAGE : page * PAGE]
    values = {"session": session, "rules": shown, "total": len(found), "counts": dict(sorted(counts.items())), "status": status}
    more = page + 1 if len(found) > page * PAGE else None
    return render(request, "rules.html", {**values, "words": words, "page": page, "more": more})


@router.get("/sessions/{session}/rules/{name}")
def show_rule(request: Request, home: Home, session: str, name: str, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """One rule."""
    record = home.need()
    known_session(home, session)
    rule = home.rule(session, name)
    evidence = _evidence(record, session, name)
    return render(
        request,
        "rule.html",
        {
            "session": session,
            "rule": rule,
            "course": course_of(record.store, session, name),
            "versions": _versions(record, session, name),
            "transitions": _transitions(record, session, name),
            "supporting": _lines(record, evidence, "for"),
            "opposing": _lines(record, evidence, "against"),
            "counts": {side: sum(piece.polarity == side for piece in evidence) for side in ("for", "against")},
            "refusals": record.lines.page(EpisodeFilter(session=session, rule=name), count=5),
            "wishes": wishes_for(rule) if home.editable(session) else (),
            "mark": mark(rule),
            "done": done,
            "editable": home.editable(session) and not rule.hard,
        },
    )


@router.get("/sessions/{session}/rules/{name}/without")
def show_without(request: Request, home: Home, session: str, name: str) -> HTMLResponse:
    """What would have happened since without this rule."""
    record = home.need()
    known_session(home, session)
    rule = home.sound_rulebook(session).rules.get(home.rule(session, name).id)
    assert rule is not None
    answer = without_rule(record.store, session, rule, home.knowledge(session), LOOKED_AT)
    return render(request, "without.html", {"session": session, "rule": rule, "answer": answer, "lines": narrate(answer).splitlines()})


def _evidence(record: Record, session: str, name: str) -> tuple[Evidence, ...]:
    try:
        return record.store.evidence(name, session)
    except StoreError:  # a rule that the session has on file, but not on record yet
        return ()


def _lines(record: Record, evidence: Sequence[Evidence], side: str) -> list[tuple[EpisodeLine, int]]:
    """Episodes of one side, newest first, each with the step that counts."""
    pieces = [piece for piece in evidence if piece.polarity == side][-SHOWN:]
    found = [(record.lines.line(piece.episode), piece.step) for piece in reversed(pieces)]
    return [(line, step) for line, step in found if line is not None]


def _transitions(record: Record, session: str, name: str) -> tuple[RuleTransition, ...]:
    try:
        return record.store.rule_transitions(name, session)
    except StoreError:  # as for its evidence
        return ()


def _versions(record: Record, session: str, name: str) -> list[Version]:
    try:
        history = record.store.rule_history(name, session)
    except StoreError:
        return []
    pairs = zip((None, *history), history, strict=False)
    found = [Version(version, diff_wordings(before.rule, version.rule) if before else ()) for before, version in pairs]
    return found[::-1]
