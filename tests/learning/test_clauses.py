"""Problem folders of logic programming: what is in them is learned, what cannot be read is named by file and line."""

from pathlib import Path

import numpy as np
import pytest

from siren.core.errors import RuleError
from siren.learning.clauses import learn
from siren.learning.problem import read_problem
from siren.symbolic import asp

PEOPLE = [("ann", "bob"), ("bob", "cid"), ("bob", "dan"), ("cid", "eva"), ("eva", "fay"), ("dan", "gus"), ("ann", "hal"), ("hal", "ina")]
BIAS = "max_vars(4).\nhead_pred({head}).\n{bodies}\n"


def write(folder: Path, bk: str, exs: str, bias: str) -> Path:
    for name, text in (("bk.pl", bk), ("exs.pl", exs), ("bias.pl", bias)):
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def family(tmp_path: Path) -> Path:
    """Who is whose parent; grandparents are to be learned."""
    grand = {(a, d) for a, b in PEOPLE for c, d in PEOPLE if b == c}
    names = sorted({name for pair in PEOPLE for name in pair})
    others = [(a, b) for a in names for b in names if (a, b) not in grand]
    return write(
        tmp_path,
        ":- dynamic parent/2.\n% who is who\n" + "".join(f"parent({a},{b}).\n" for a, b in PEOPLE),
        "".join(f"pos(grandparent({a},{b})).\n" for a, b in sorted(grand)) + "".join(f"neg(grandparent({a}, {b})).\n" for a, b in others),
        BIAS.format(head="grandparent,2", bodies="body_pred(parent,2)."),
    )


def trains(folder: Path, count: int) -> Path:
    """A train goes east that has a short closed car, or a car with three wheels and a triangle in it."""
    rng = np.random.default_rng(3)
    facts, examples, number = [], [], 0
    for train in range(count):
        east = False
        for _ in range(rng.integers(2, 5)):
            number += 1
            short, closed, three, triangle = rng.random(4) < 0.4
            east = east or bool((short and closed) or (three and triangle))
            words = [("short", "long")[not short], ("closed", "open_top")[not closed], ("three", "two")[not three]]
            facts += [f"has_car(t{train},c{number}).", *(f"{word}(c{number})." for word in words)]
            facts += [f"load(c{number},l{number}).", f"{('triangle', 'circle')[not triangle]}(l{number})."]
        examples.append(f"{'pos' if east else 'neg'}(east(t{train})).")
    unary = "".join(f"body_pred({word},1).\n" for word in ["short", "long", "closed", "open_top", "three", "two", "triangle", "circle"])
    types = "type(has_car,(train,car)).\ndirection(has_car,(in,out)).\n"
    bias = BIAS.format(head="east,1", bodies=f"body_pred(has_car,2).\nbody_pred(load,2).\n{unary}{types}")
    return write(folder, "\n".join(facts), "\n".join(examples), bias)


def test_grandparents_are_learned_as_asp_and_as_prolog(family: Path) -> None:
    problem = read_problem(family)
    assert problem.warnings == (f"{family}/bk.pl:1: directive ':- dynamic parent/2' was left out",)
    learned = learn(problem, np.random.default_rng(0))
    (clause,) = learned.clauses
    assert clause.asp == "grandparent(A,B) :- parent(A,C), parent(C,B)."
    assert clause.prolog == "grandparent(A,B):- parent(A,C),parent(C,B)."
    assert (clause.positives, clause.negatives, learned.size) == (len(problem.positives), 0, 3)
    assert (learned.train_accuracy, learned.test_accuracy) == (1.0, None)


def test_several_rules_with_several_conditions_on_the_same_car(tmp_path: Path) -> None:
    """And what is printed is what was counted: clingo derives exactly the trains that the rules were said to hold for."""
    problem = read_problem(trains(tmp_path, 150))
    learned = learn(problem, np.random.default_rng(1), holdout=0.3)
    assert learned.train_accuracy == 1.0
    assert learned.test_accuracy is not None
    assert learned.test_accuracy > 0.9
    bodies = sorted(clause.asp.partition(":- ")[2] for clause in learned.clauses)
    assert bodies == ["has_car(A,B), closed(B), short(B).", "has_car(A,B), three(B), load(B,C), triangle(C)."]
    program = "\n".join([(tmp_path / "bk.pl").read_text(), *(clause.asp for clause in learned.clauses)])
    derived = {str(atom.args[0]) for atom in asp.solve(program, shown={"east"}) or ()}
    assert {example[0] for example in problem.positives} <= derived | {example[0] for example in problem.negatives}
    assert sum(example[0] in derived for example in problem.negatives) <= 1


def test_the_same_seed_holds_the_same_examples_out(tmp_path: Path) -> None:
    problem = read_problem(trains(tmp_path, 30))
    first, again = (learn(problem, np.random.default_rng(5), holdout=0.3) for _ in range(2))
    assert (first.clauses, first.train_accuracy, first.test_accuracy) == (again.clauses, again.train_accuracy, again.test_accuracy)


def test_chance_gives_no_rule_and_says_so(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    folder = trains(tmp_path, 40)
    lines = [line.partition("(")[2] for line in (folder / "exs.pl").read_text().splitlines()]
    (folder / "exs.pl").write_text("\n".join(f"{'pos' if rng.random() < 0.5 else 'neg'}({line}" for line in lines))
    learned = learn(read_problem(folder), np.random.default_rng(0), holdout=0.5)
    assert learned.test_accuracy is not None
    assert learned.test_accuracy < 0.8


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("bk.pl", "parent(a,b).\nold(X) :- parent(X,_).", "bk.pl:2: expected a ground fact"),
        ("bk.pl", "parent(a,b).\nparent(a,[b,c]).", "bk.pl:2: expected a ground fact such as parent(ann,bob), got 'parent(a,[b,c])'"),
        ("bk.pl", "parent(a,b)", "bk.pl:1: expected a fact that ends in '.'"),
        ("exs.pl", "pos(uncle(a,b)).", "exs.pl:1: expected an example of grandparent/2, got uncle/2"),
        ("exs.pl", "neg(grandparent(a,b)).", "expected at least one pos(...) example"),
        ("bias.pl", "body_pred(parent,2).", "expected one head_pred(name,arity), got 0"),
        ("bias.pl", "head_pred(grandparent,two).", "bias.pl:1: expected head_pred(name,arity)"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(family: Path, name: str, text: str, said: str) -> None:
    (family / name).write_text(text)
    with pytest.raises(RuleError) as told:
        read_problem(family)
    assert said in str(told.value)


def test_a_missing_file_and_a_wide_predicate(family: Path) -> None:
    (family / "bias.pl").write_text("head_pred(grandparent,2).\nbody_pred(between,3).\nbody_pred(parent,2).")
    assert "between/3 was left out" in read_problem(family).warnings[-1]
    (family / "bk.pl").unlink()
    with pytest.raises(RuleError, match="a problem has bk.pl, exs.pl and bias.pl"):
        read_problem(family)
