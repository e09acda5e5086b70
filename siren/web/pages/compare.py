"""/compare: two sessions beside each other (success, causes, rules that only one holds to), two checkpoints, two episodes."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BeforeValidator

from siren.core.statistics import wilson
from siren.explain.differences import compare_checkpoints, compare_episodes, compare_rules
from siren.explain.narrate import narrate
from siren.memory.weights import weights_on_record
from siren.web.drawing import curve
from siren.web.summary import Share, Summary, summarise
from siren.web.views import Home, render

router = APIRouter()
Name = Annotated[str, Query(max_length=200)]
Number = Annotated[int | None, BeforeValidator(lambda value: None if value == "" else value), Query(ge=1)]


@router.get("/compare")
def compare(request: Request, home: Home, a: Name = "", b: Name = "") -> HTMLResponse:
    """Two sessions; without names the two newest."""
    record = home.record()
    names = [] if record is None else [one.name for one in record.store.sessions() if not one.name.startswith("by-hand")]
    a, b = a or (names[-2] if len(names) > 1 else ""), b or (names[-1] if names else "")
    values: dict[str, object] = {"names": names, "a": a, "b": b, "pair": None, "folder": home.home}
    if record is not None and a and b:
        store = record.store
        first, second = (summarise(store, store.session(name), record.lines.tally(name)) for name in (a, b))
        values |= {
            "pair": (first, second),
            "rows": _rows(first, second),
            "causes": _causes(first, second),
            "curves": (curve(first.practice), curve(second.practice)),
            "rules": compare_rules(home.rulebook(a).rules.values(), home.rulebook(b).rules.values()),
        }
    return render(request, "compare.html", values)


@router.get("/compare/checkpoints")
def compare_weights(request: Request, home: Home, a: Name = "", b: Name = "") -> HTMLResponse:
    """Two sets of weights; without names the newest and the one before it."""
    record = home.record()
    names = () if record is None else weights_on_record(record.store)
    a, b = a or (names[1] if len(names) > 1 else ""), b or (names[0] if names else "")
    found = compare_checkpoints(record.store, a, b) if record is not None and a and b else None
    return render(request, "checkpoints.html", {"names": names, "a": a, "b": b, "found": found, "folder": home.home})


@router.get("/compare/episodes")
def compare_two(request: Request, home: Home, a: Number = None, b: Number = None) -> HTMLResponse:
    """Two episodes, told in lines."""
    lines = narrate(compare_episodes(home.need().store, a, b)).splitlines() if a and b else []
    return render(request, "compare_episodes.html", {"a": a, "b": b, "lines": lines})


def _rows(first: Summary, second: Summary) -> list[tuple[str, list[tuple[Share, float, float]]]]:
    """Uses in words, with the share of each session and its interval."""
    rows = []
    for title, pick in (("held-out tasks, before", 0), ("held-out tasks, after", -1)):
        shares = [one.evaluations[pick][1] if len(one.evaluations) == 2 else Share(0, 0) for one in (first, second)]
        rows.append((title, [(share, *wilson(*share)) for share in shares]))
    for title, use in (("practice, all rounds", "collect"), ("audit: random plans", "audit")):
        shares = [_all(one, use) for one in (first, second)]
        rows.append((title, [(share, *wilson(*share)) for share in shares]))
    return rows


def _all(one: Summary, use: str) -> Share:
    found = [share for (_, kind), share in one.shares.items() if kind == use]
    return Share(sum(share.successes for share in found), sum(share.trials for share in found))


def _causes(first: Summary, second: Summary) -> list[tuple[str, int, int]]:
    """What went wrong first in practice."""
    counts = [one.failures("collect") for one in (first, second)]
    kinds = sorted(set(counts[0]) | set(counts[1]), key=lambda kind: (-counts[0][kind] - counts[1][kind], kind))
    return [(kind, counts[0][kind], counts[1][kind]) for kind in kinds]
