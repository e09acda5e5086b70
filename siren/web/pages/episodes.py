"""/episodes and /episodes/N: every run on record, by outcome, cause, rule and thing; one run on its picture."""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BeforeValidator

from siren.core.errors import StoreError
from siren.explain.narrate import tell_event
from siren.explain.trials import trials_of
from siren.loop.rollout import frame_key
from siren.memory.browse import EpisodeFilter, EpisodeLine, repaired_among
from siren.memory.rows import root_event
from siren.web.drawing import marks
from siren.web.views import Home, render

router = APIRouter()

# A form sends empty fields too; an empty number means: none.
Number = Annotated[int | None, BeforeValidator(lambda value: None if value == "" else value)]
Word = Annotated[str, Query(max_length=80)]


@router.get("/episodes")
def list_episodes(
    request: Request,
    home: Home,
    session: Word = "",
    outcome: Literal["", "success", "failure"] = "",
    use: Word = "",
    round: Annotated[Number, Query()] = None,
    cause: Word = "",
    rule: Word = "",
    thing: Annotated[str, Query(alias="object", max_length=80)] = "",
    before: Annotated[Number, Query(ge=1)] = None,
) -> HTMLResponse:
    """The newest runs that pass the filter, fifty a page."""
    record = home.record()
    wanted = EpisodeFilter(
        session=session, outcome=outcome, use=use, round=round, cause=cause, rule=rule, object=thing.strip().replace(" ", "_")
    )
    values: dict[str, object] = {"wanted": wanted, "before": before, "page": None, "folder": home.home}
    if record is not None:
        page = record.lines.page(wanted, before)
        values |= {
            "page": page,
            "repaired": repaired_among(record.store, [line.id for line in page.lines]),
            "choices": _choices(record.lines.all()),
        }
    return render(request, "episodes.html", values)


@router.get("/episodes/{number}")
def show_episode(request: Request, home: Home, number: int, step: int | None = None) -> HTMLResponse:
    """One run: its picture with the keyframes, what was done, and what came of it."""
    store, index = home.need()
    episode = store.episode(number)
    root = root_event(episode)
    return render(
        request,
        "episode.html",
        {
            "number": number,
            "episode": episode,
            "root": root,
            "marks": marks(episode, root),
            "step": step,
            "has_frame": home.frames.path(episode.session, frame_key(episode.round, episode.task.seed)).exists(),
            "told": [tell_event(event) for event in episode.outcome.events],
            "trials": trials_of(store, episode),
            "lessons": store.lessons_of(number),
            "batches": store.batches_of(number),
        },
    )


@router.get("/episodes/{number}/frame.png")
def show_frame(home: Home, number: int) -> FileResponse:
    """What the camera saw before the arm moved."""
    episode = home.need().store.episode(number)
    path = home.frames.path(episode.session, frame_key(episode.round, episode.task.seed))
    if not path.exists():
        raise StoreError(f"no picture of episode {number} was kept")
    return FileResponse(path, media_type="image/png", headers={"cache-control": "private, max-age=3600"})


def _choices(lines: Iterable[EpisodeLine]) -> dict[str, list[str]]:
    """What can be filtered by."""
    sessions: set[str] = set()
    uses: set[str] = set()
    causes: set[str] = set()
    things: set[str] = set()
    for line in lines:
        sessions.add(line.session)
        uses.add(line.use)
        causes.add(line.cause or "")
        things.add(line.goal_object)
    return {"session": sorted(sessions), "use": sorted(uses), "cause": sorted(causes - {""}), "object": sorted(things)}
