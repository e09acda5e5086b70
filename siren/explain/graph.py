"""An explanation as a directed graph: what led to what. Nodes carry `kind` and `label`, edges carry `relation`.

to_json(build_graph(answer))     by node and link
to_svg(build_graph(answer))      a picture: causes on the left, what came of it on the right
"""

from __future__ import annotations

import json
import textwrap
from html import escape

import networkx as nx

from siren.explain.answers import CandidateView, Explanation, Refusal
from siren.explain.consequences import LearnedFrom
from siren.symbolic.proof import Reason

COLUMNS = (
    ("instruction",),
    ("candidate",),
    ("fact", "derived", "absent", "comparison", "rule", "episode"),
    ("violation",),
    ("repair",),
    ("plan",),
    ("event",),
    ("outcome",),
    ("later rule", "batch"),
    ("weights",),
)
WIDTH, GAP, LINE, LETTERS, MOST = 210, 50, 14, 34, 5  # of a box in units of the drawing; letters and lines of its label
_COLOURS = {"violation": "#b3261e", "rule": "#7a4f01", "event": "#b3261e", "outcome": "#146c2e", "repair": "#0b57d0"}


def build_graph(answer: Explanation, learned: LearnedFrom | None = None) -> nx.DiGraph[str]:
    """Instruction -> candidates -> violations (from facts, by rules, taught by episodes) -> repair -> plan -> outcome -> what learned."""
    graph: nx.DiGraph[str] = nx.DiGraph(episode=answer.episode)
    _node(graph, "instruction", "instruction", answer.instruction)
    _node(graph, "plan", "plan", _symbolic(answer.plan))
    for view in answer.candidates:
        _add_candidate(graph, view)
    taken_up = f"candidate {answer.chosen}" if answer.chosen >= 0 else "instruction"
    if answer.edits:
        edits = "; ".join(f"step {edit.step} {edit.field}: {edit.before} -> {edit.after}" for edit in answer.edits)
        _node(graph, "repair", "repair", edits)
        _edge(graph, taken_up, "repair", "mended by")
        _edge(graph, "repair", "plan", "gives")
    else:
        _edge(graph, taken_up, "plan", "run as")
    _add_outcome(graph, answer)
    if learned is not None:
        _add_lessons(graph, learned)
    return graph


def to_json(graph: nx.DiGraph[str]) -> str:
    """The graph as one line of JSON: {directed, graph, nodes: [{id, kind, label}], edges: [{source, target, relation}]}."""
    return json.dumps(nx.node_link_data(graph, edges="edges"), ensure_ascii=False)


def to_svg(graph: nx.DiGraph[str]) -> str:
    """The graph as a picture that needs nothing else: boxes in columns by kind, lines with what they mean as their title."""
    boxes, height = _boxes(graph)
    width = max((x for x, _, _ in boxes.values()), default=0) + WIDTH + 10
    title, size = f"Episode {graph.graph['episode']}", f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="11">',
        f'<title>{title}</title><rect width="100%" height="100%" fill="#fff"/>',
    ]
    for source, target, relation in graph.edges(data="relation"):
        (x1, y1, h1), (x2, y2, h2) = boxes[source], boxes[target]
        start, end = (x1 + WIDTH, y1 + h1 / 2), (x2, y2 + h2 / 2)
        bend = f"C {start[0] + GAP} {start[1]} {end[0] - GAP} {end[1]} {end[0]} {end[1]}"
        lines.append(f'<path d="M {start[0]} {start[1]} {bend}" fill="none" stroke="#9aa0a6"><title>{escape(relation)}</title></path>')
    for name, kind in graph.nodes(data="kind"):
        lines += _box(kind, graph.nodes[name]["label"], *boxes[name])
    return "\n".join([*lines, "</svg>", ""])


def _boxes(graph: nx.DiGraph[str]) -> tuple[dict[str, tuple[int, int, int]], int]:
    """Left, top and height of every box, and the height of the whole drawing."""
    kinds = dict(graph.nodes(data="kind"))
    used = [column for column in COLUMNS if any(kind in column for kind in kinds.values())]
    boxes: dict[str, tuple[int, int, int]] = {}
    bottom = 0
    for place, column in enumerate(used):
        top = 10
        for name in (name for kind in column for name in kinds if kinds[name] == kind):
            height = LINE * (len(_lines(graph.nodes[name]["label"])) + 1) + 8
            boxes[name] = (10 + place * (WIDTH + GAP), top, height)
            top += height + 10
        bottom = max(bottom, top)
    return boxes, bottom + 10


def _box(kind: str, label: str, x: int, y: int, height: int) -> list[str]:
    colour = _COLOURS.get(kind, "#3c4043")
    lines = [f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{height}" rx="4" fill="#fff" stroke="{colour}"/>']
    lines.append(f'<text x="{x + 6}" y="{y + LINE}" fill="{colour}" font-weight="bold">{escape(kind)}</text>')
    lines += [
        f'<text x="{x + 6}" y="{y + LINE * (number + 2)}" fill="#202124">{escape(line)}</text>' for number, line in enumerate(_lines(label))
    ]
    return lines


def _lines(label: str) -> list[str]:
    return [line for part in label.splitlines() for line in textwrap.wrap(part, LETTERS)][:MOST] or [""]


def _symbolic(text: str) -> str:
    """The half of each step that people read."""
    return "\n".join(line.partition("|")[0].strip() for line in text.splitlines())


def _add_candidate(graph: nx.DiGraph[str], view: CandidateView) -> None:
    name = f"candidate {view.rank}"
    _node(graph, name, "candidate", _symbolic(view.text))
    _edge(graph, "instruction", name, "proposed")
    for refusal in view.refusals:
        _add_refusal(graph, name, refusal)


def _add_refusal(graph: nx.DiGraph[str], candidate: str, refusal: Refusal) -> None:
    found = refusal.proof.violation
    name = f"{candidate} breaks {found.rule}({','.join(found.args)}) at {found.step}"
    _node(graph, name, "violation", refusal.proof.sentence)
    _edge(graph, candidate, name, "breaks")
    rule = f"rule {found.rule}"
    _node(graph, rule, "rule", refusal.proof.text)
    _edge(graph, rule, name, "refuses")
    for reason in refusal.proof.body:
        _add_reason(graph, name, reason)
    for numbers, relation in ((refusal.taught_by, "taught"), (refusal.contradicted_by, "contradicted")):
        for number in numbers:
            _node(graph, f"episode {number}", "episode", f"episode {number}")
            _edge(graph, f"episode {number}", rule, relation)


def _add_reason(graph: nx.DiGraph[str], above: str, reason: Reason) -> None:
    """A condition and what it rests on. What is perceived is one node, however many rules speak of it."""
    name = f"{reason.kind} {reason.text}"
    _node(graph, name, reason.kind, reason.text)
    _edge(graph, name, above, "because")
    for below in reason.because:
        _add_reason(graph, name, below)


def _add_outcome(graph: nx.DiGraph[str], answer: Explanation) -> None:
    _node(graph, "outcome", "outcome", "success" if answer.success else "failure")
    before = "plan"
    for position, event in enumerate(sorted(answer.events, key=lambda event: event.tick)):
        name = f"event {position}"
        _node(graph, name, "event", f"{event.kind} {event.subject or ''} at step {event.step}, {event.phase}")
        _edge(graph, before, name, "led to")
        before = name
    _edge(graph, before, "outcome", "led to")


def _add_lessons(graph: nx.DiGraph[str], learned: LearnedFrom) -> None:
    """Rules that came to rest on the episode, and the batch and the weights that were trained on it."""
    for lesson in learned.rules:
        name = f"later rule {lesson.rule}"
        _node(graph, name, "later rule", f"{lesson.rule} ({lesson.status}): {lesson.saying}")
        _edge(graph, "outcome", name, "speaks for" if lesson.supports else "speaks against")
    for number in learned.batches:
        _node(graph, f"batch {number}", "batch", f"batch {number}")
        _edge(graph, "outcome", f"batch {number}", "taught in")
    for made in learned.checkpoints:
        _node(graph, f"weights {made.name}", "weights", f"{made.name} ({'published' if made.published else 'kept back'})")
        for number in learned.batches:
            _edge(graph, f"batch {number}", f"weights {made.name}", "made")


def _node(graph: nx.DiGraph[str], name: str, kind: str, label: str) -> None:
    graph.add_node(name, kind=kind, label=label)


def _edge(graph: nx.DiGraph[str], source: str, target: str, relation: str) -> None:
    graph.add_edge(source, target, relation=relation)
