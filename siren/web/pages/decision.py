"""/episodes/N/decision: proposals beside what the rules say of them and why; what if a fact were otherwise; questions in words."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from siren.core.errors import PlanSyntaxError, RuleError
from siren.core.plan import parse_plan
from siren.explain import ask as questions
from siren.explain import query
from siren.explain.consequences import learned_from
from siren.explain.graph import build_graph, to_svg
from siren.explain.narrate import narrate
from siren.symbolic.rulebook import Rulebook
from siren.web.views import Home, render

router = APIRouter()


@router.get("/episodes/{number}/decision")
def show_decision(
    request: Request,
    home: Home,
    number: int,
    what_if: Annotated[str, Query(max_length=400)] = "",
    of: Literal["proposed", "run"] = "proposed",
    ask: Annotated[str, Query(max_length=400)] = "",
) -> HTMLResponse:
    """One decision, judged again by the rules of its day."""
    store = home.need().store
    episode = store.episode(number)
    knowledge, current = home.knowledge(episode.session), _current(home, episode.session, episode.decision.rulebook)
    answer = query.explain_episode(store, number, knowledge, current)
    values: dict[str, object] = {
        "number": number,
        "episode": episode,
        "answer": answer,
        "steps_of": _steps_of,
        "what_if": what_if,
        "of": of,
        "ask": ask,
        "changed": None,
        "refused": "",
        "reply": None,
        "examples": questions.EXAMPLES,
    }
    if what_if:
        try:
            facts = [part for part in what_if.split(";") if part.strip()]
            values["changed"] = query.what_if(store, number, facts, knowledge, current, of)
        except RuleError as error:
            values["refused"] = str(error)
    if ask:
        reply = questions.ask(store, number, ask, knowledge, current, answer)
        values["reply"] = {"title": reply.understood, "lines": reply.told.splitlines(), "can_be_asked": reply.can_be_asked}
    return render(request, "decision.html", values)


@router.get("/episodes/{number}/graph.svg")
def show_graph(home: Home, number: int) -> Response:
    """The decision as a picture: what led to what."""
    store = home.need().store
    episode = store.episode(number)
    current = _current(home, episode.session, episode.decision.rulebook)
    answer = query.explain_episode(store, number, home.knowledge(episode.session), current)
    return Response(to_svg(build_graph(answer, learned_from(store, number))), media_type="image/svg+xml")


@router.get("/episodes/{number}/why-not")
def show_why_not(request: Request, home: Home, number: int, plan: Annotated[str, Query(max_length=4000)] = "") -> HTMLResponse:
    """What speaks against another plan for the same table."""
    store = home.need().store
    episode = store.episode(number)
    values: dict[str, object] = {
        "number": number,
        "episode": episode,
        "plan": plan or str(episode.decision.plan),
        "lines": [],
        "refused": "",
    }
    if plan:
        try:
            current = _current(home, episode.session, episode.decision.rulebook)
            answer = query.why_not(store, number, plan, home.knowledge(episode.session), current)
            values["lines"] = narrate(answer).splitlines()
        except PlanSyntaxError as error:
            values["refused"] = str(error)
    return render(request, "why_not.html", values)


def _current(home: Home, session: str, digest: str) -> Rulebook | None:
    """The rules as they are now, where those of the day were not kept; reading them is left out where it is not needed."""
    kept = bool(digest) and home.need().store.rulebook(digest) is not None
    return None if kept else home.sound_rulebook(session)


def _steps_of(text: str) -> list[tuple[str, str]]:
    """Each step of a plan: what people read, and its manner."""
    return [
        (step.symbolic_text(), f"{step.keyframe.speed}, {step.keyframe.force}, axis {step.keyframe.yaw:g}°")
        for step in parse_plan(text).steps
    ]
