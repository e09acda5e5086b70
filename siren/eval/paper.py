"""Parts of a page as one HTML file that needs nothing else: figures are inside it as SVG, light and dark follow the reader's system."""

import html
import io
from collections.abc import Iterable
from pathlib import Path

import matplotlib

matplotlib.use("svg")  # no window, and text stays text
from matplotlib import pyplot as plt  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2129;--soft:#5b6472;--paper:#fff;--card:#f4f5f7;--line:#d9dde3}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#9aa3af;--paper:#14171c;--card:#1d2229;--line:#333a44}}
*{box-sizing:border-box}body{margin:0 auto;max-width:960px;padding:24px 16px 64px;
font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;margin:.2em 0}h2{font-size:1.15rem;margin:2em 0 .5em}p{margin:.4em 0}.soft{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px;margin:16px 0}
.card{background:var(--card);border-radius:8px;padding:12px 14px}.card b{display:block;font-size:1.5rem}
figure{margin:12px 0;background:#fff;border-radius:8px;padding:8px}
figure svg{max-width:100%;height:auto;display:block;margin:auto}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:.85rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
"""


def write_paper(text: str, path: Path) -> Path:
    """Write a page aside and rename it. Returns the path."""
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
    return path


def paper(title: str, parts: Iterable[str]) -> str:
    """The whole page as text. `parts` are HTML."""
    head = "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    return f"{head}<title>{html.escape(title)}</title><style>{_STYLE}</style><body>{''.join(parts)}</body></html>"


def drawn(figure: Figure) -> str:
    """A figure as HTML; it is closed."""
    text = io.StringIO()
    figure.savefig(text, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return f"<figure>{text.getvalue()[text.getvalue().index('<svg') :]}</figure>"


def tidy(axes: Axes, label: str) -> None:
    """Name the x axis, and take away the lines that frame nothing."""
    axes.set_xlabel(label)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
