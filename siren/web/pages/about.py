"""/about: the model card of the weights, and where the pages come from. Its Markdown may hold no HTML."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt
from markupsafe import Markup

from siren.config import shipped_checkpoint
from siren.web.views import Home, render

router = APIRouter()


@router.get("/about")
def about(request: Request, home: Home) -> HTMLResponse:
    """What proposes the plans."""
    card = (shipped_checkpoint() / "README.md").read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("table_open", _open_table)
    markdown.add_render_rule("table_close", _close_table)
    record = home.record()
    tuned = [] if record is None else [(one.name, kept) for one in record.store.sessions() for kept in record.store.checkpoints(one.name)]
    return render(request, "about.html", {"card": Markup(markdown.render(card)), "tuned": tuned[::-1], "folder": home.home})


def _open_table(*_: object) -> str:
    """A table that is wider than the window can be scrolled, by keyboard too."""
    return '<div class="scroll" tabindex="0" role="region" aria-label="Figures"><table>\n'


def _close_table(*_: object) -> str:
    return "</table></div>\n"
