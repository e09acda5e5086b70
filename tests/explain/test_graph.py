"""A decision as a graph: every violation hangs on facts, a rule and its teachers; the instruction leads to the outcome."""

import json

import networkx as nx

from siren.explain.graph import build_graph, to_json
from siren.explain.query import explain_episode


def test_the_instruction_leads_to_the_outcome(evening):
    graph = build_graph(explain_episode(evening.store, evening.mended, evening.knowledge))
    assert nx.is_directed_acyclic_graph(graph)
    assert nx.shortest_path(graph, "instruction", "outcome") == ["instruction", "candidate 0", "repair", "plan", "outcome"]
    (violation,) = [name for name, kind in graph.nodes(data="kind") if kind == "violation"]
    assert {"rule r0001", f"episode {evening.failed}", "candidate 0"} <= nx.ancestors(graph, violation)
    facts = [name for name in graph.predecessors(violation) if graph.nodes[name]["kind"] == "fact"]
    assert {graph.nodes[name]["label"] for name in facts} >= {"step(1,pick,egg)", "force(1,firm)"}


def test_events_come_between_the_plan_and_a_failure(evening):
    graph = build_graph(explain_episode(evening.store, evening.failed, evening.knowledge))
    assert nx.shortest_path(graph, "plan", "outcome")[1] == "event 0"
    assert graph.nodes["outcome"]["label"] == "failure"


def test_json_has_every_node_and_edge(evening):
    graph = build_graph(explain_episode(evening.store, evening.mended, evening.knowledge))
    data = json.loads(to_json(graph))
    assert {node["id"] for node in data["nodes"]} == set(graph)
    assert {(edge["source"], edge["target"], edge["relation"]) for edge in data["edges"]} == set(graph.edges(data="relation"))
