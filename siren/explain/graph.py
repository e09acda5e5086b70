"""An explanation as a directed graph: what led to what. Nodes carry `kind` and `label`, edges carry `relation`. JSON by node and link."""

from __future__ import annotations

import json

import networkx as nx

from siren.explain.answers import CandidateView, Explanation, Refusal
from siren.symbolic.proof import Reason


def build_graph(answer: Explanation) -> nx.DiGraph[str]:
    """Instruction -> candidates -> violations (from facts, by rules, taught by episodes) -> repair -> plan -> outcome."""
    graph: nx.DiGraph[str] = nx.DiGraph(episode=answer.episode)
    _node(graph, "instruction", "instruction", answer.instruction)
    _node(graph, "plan", "plan", answer.plan)
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
    return graph


def to_json(graph: nx.DiGraph[str]) -> str:
    """The graph as one line of JSON: {directed, graph, nodes: [{id, kind, label}], edges: [{source, target, relation}]}."""
    return json.dumps(nx.node_link_data(graph, edges="edges"), ensure_ascii=False)


def _add_candidate(graph: nx.DiGraph[str], view: CandidateView) -> None:
    name = f"candidate {view.rank}"
    _node(graph, name, "candidate", view.text)
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
    name = f"{above}: {reason.kind} {reason.text}"
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


def _node(graph: nx.DiGraph[str], name: str, kind: str, label: str) -> None:
    graph.add_node(name, kind=kind, label=label)


def _edge(graph: nx.DiGraph[str], source: str, target: str, relation: str) -> None:
    graph.add_edge(source, target, relation=relation)
