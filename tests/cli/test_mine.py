"""`siren mine`: a folder of logic programming, or a log of steps, and nothing else."""

import json
from pathlib import Path

from calling import call_siren

FACTS = "step(1,pick,{thing}). force(1,{force}). speed(1,normal). attribute({thing},{word})."


def test_a_problem_folder_gives_rules_as_json(tmp_path: Path) -> None:
    pairs = [(f"a{n}", f"b{n}", f"c{n}") for n in range(8)]
    (tmp_path / "bk.pl").write_text(":- style_check(-singleton).\n" + "".join(f"next({a},{b}).\nnext({b},{c}).\n" for a, b, c in pairs))
    examples = [f"pos(far({a},{c})).\nneg(far({a},{b})).\nneg(far({b},{c}))." for a, b, c in pairs]
    (tmp_path / "exs.pl").write_text("\n".join(examples))
    (tmp_path / "bias.pl").write_text("head_pred(far,2).\nbody_pred(next,2).\n")
    said = call_siren("mine", "--problem", str(tmp_path), "--holdout", "0.3", "--seed", "1", "--json", home=None)
    assert said.code == 0, said.err
    answer = json.loads(said.out.splitlines()[-1])
    assert [rule["asp"] for rule in answer["rules"]] == ["far(A,B) :- next(A,C), next(C,B)."]
    assert (answer["train_accuracy"], answer["test_accuracy"], answer["size"]) == (1.0, 1.0, 3)
    assert "directive ':- style_check(-singleton)' was left out" in " ".join(said.err.split())


def test_a_table_of_steps_gives_rules_without_a_simulator(tmp_path: Path) -> None:
    lines = []
    for number in range(80):
        word, force = ("fragile", "heavy")[number % 2], ("firm", "gentle")[number // 2 % 2]
        crushed = word == "fragile" and force == "firm"
        facts = FACTS.format(thing="egg", force=force, word=word)
        lines.append(json.dumps({"episode": number, "step": 1, "facts": facts, "outcome": "crushed" if crushed else "", "phase": "grasp"}))
    table = tmp_path / "log.jsonl"
    table.write_text("\n".join(lines))
    said = call_siren("mine", "--episodes", str(table), "--json", home=None)
    assert said.code == 0, said.err
    (rule,) = json.loads(said.out.splitlines()[-1])["rules"]
    assert "attribute(O, fragile)" in rule["text"]
    assert "force(T, firm)" in rule["text"] or "not force(T, gentle)" in rule["text"]
    table.write_text('{"episode": 1, "step": 1, "facts": "step(1,pick,egg). colur(egg,red).", "outcome": ""}')
    wrong = call_siren("mine", "--episodes", str(table), home=None)
    assert wrong.code == 2
    assert "log.jsonl:1: unknown fact 'colur(egg,red)'" in " ".join(wrong.err.split())
