"""Counts of the laws as a page for people: what each law says, why it holds, how it shows, and how often."""

from collections.abc import Sequence
from pathlib import Path

from siren.world.laws.every import LAWS
from siren.world.laws.trials import COMPLYING_AT_MOST, VIOLATING_AT_LEAST, LawCount

_BEGIN, _END = "<!-- counts: made by siren laws -->", "<!-- end of counts -->"


def write_page(path: Path, counts: Sequence[LawCount]) -> None:
    """Put the table between the marks of the page, or make a page of it alone where there are none."""
    table = "\n".join([_BEGIN, *_lines(counts), _END])
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    before, mark, rest = text.partition(_BEGIN)
    page = before + table + rest.partition(_END)[2] if mark else f"# The laws of the world\n\n{table}\n"
    aside = path.with_name(path.name + ".part")
    aside.write_text(page, encoding="utf-8")
    aside.replace(path)


def _lines(counts: Sequence[LawCount]) -> list[str]:
    holding = sum(count.holds for count in counts)
    trials = max((count.trials for count in counts), default=0)
    head = (
        f"{holding} of {len(counts)} laws hold over {trials} + {trials} seeded trials each"
        f" (at least {100 * VIOLATING_AT_LEAST:.0f} % failures when broken, at most {100 * COMPLYING_AT_MOST:.0f} % when kept).",
        "",
        "| law | what it says | why | fails when broken | when kept | first events | shows in the facts |",
        "|---|---|---|---|---|---|---|",
    )
    return [*head, *(_row(count) for count in counts)]


def _row(count: LawCount) -> str:
    law = LAWS[count.law]
    events = ", ".join(f"{name} {number}" for name, number in count.events.items())
    shares = f"{100 * count.violating_failure:.0f} % | {100 * count.complying_failure:.0f} %"
    return f"| `{law.name}` | {law.sentence} | {law.physics} | {shares} | {events} | `{law.shows}` |"
