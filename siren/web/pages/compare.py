"""/compare: two sessions beside each other: success, causes, and the rules that only one of them holds to."""

import re
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from siren.core.rule import Rule
from siren.core.statistics import wilson
from siren.web.drawing import curve
from siren.web.summary import Share, Summary, summarise
from siren.web.views import Home, render

router = APIRouter()
Name = Annotated[str, Query(max_length=200)]


@router.get("/compare")
def compare(request: Request, home: Home, a: Name = "", b: Name = "") -> HTMLResponse:
    """Two sessions; without names the two newest."""
    record = home.record()
    names = [] if record is None else [one.name for one in record.store.sessions() if not one.name.startswith("by-hand")]
    a, b = a or (names[-2] if len(names) > 1 else ""), b or (names[-1] if names else "")
    values: dict[str, object] = {"names": names, "a": a, "b": b, "pair": None, "folder": home.home}
    if record is not None and a and b:
        store, lines = record.store, record.lines.all()
        first, second = (summarise(store, store.session(name), lines) for name in (a, b))
        rules = [_in_force(home.rulebook(name).rules.values()) for name in (a, b)]
        values |= {
            "pair": (first, second),
            "rows": _rows(first, second),
            "causes": _causes(first, second),
            "curves": (curve(first.practice), curve(second.practice)),
            "only_a": [rule for body, rule in rules[0].items() if body not in rules[1]],
            "only_b": [rule for body, rule in rules[1].items() if body not in rules[0]],
            "both": [(rule, rules[1][body]) for body, rule in rules[0].items() if body in rules[1]],
        }
    return render(request, "compare.html", values)


def _in_force(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Learned rules in force by what they say: their ids differ from session to session."""
    return {_body(rule.text): rule for rule in rules if rule.status in ("active", "probation") and not rule.hard}


def _body(text: str) -> str:
    return ", ".join(sorted(part.strip() for part in re.split(r",\s*(?![^()]*\))", text.partition(":-")[2].strip(" .\n"))))


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
