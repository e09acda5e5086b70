"""Programs in, atoms out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siren.core.errors import RuleError
from siren.symbolic.asp import Atom, fact_text, optimise, parse_atom, solve

words = st.one_of(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), st.text(alphabet=' aZ"\\%.', max_size=6))
terms = st.recursive(st.one_of(st.integers(-9999, 9999), words), lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=5)


def test_a_model_has_facts_and_what_follows() -> None:
    assert solve("near(1,egg,jaw). hit(T,(O,)) :- near(T,O,jaw).") == {Atom("near", (1, "egg", "jaw")), Atom("hit", (1, ("egg",)))}


def test_only_what_is_asked_for_is_read() -> None:
    assert solve("p(1..3). q(X) :- p(X), X > 2.", shown={"q"}) == {Atom("q", (3,))}
    assert solve(
        "{p(1..3)}. q(X) :- p(X). :- not p(2).", shown={"q"}, assumptions=[(Atom("p", (1,)), False), (Atom("p", (3,)), False)]
    ) == {Atom("q", (2,))}


def test_no_model_is_none() -> None:
    assert solve("p. :- p.") is None


def test_the_search_does_not_stop_at_the_first_model() -> None:
    best = optimise("1 { p(1..9) } 1. :~ p(X). [10-X]", seconds=2, shown={"p"})
    assert best is not None
    assert best.model == {Atom("p", (9,))}
    assert best.cost == (1,)
    assert best.proven


@given(st.lists(terms, min_size=1, max_size=3))
def test_atoms_survive_text_and_solver(args: list[object]) -> None:
    atom = Atom("p", tuple(args))  # type: ignore[arg-type]
    assert parse_atom(str(atom)) == atom
    assert solve(fact_text([atom])) == {atom}


def test_what_is_no_program_says_where() -> None:
    with pytest.raises(RuleError, match=r":1:\d+.*syntax error"):
        solve("p :- q(.")


def test_what_is_no_atom_is_refused() -> None:
    for text in ("force(1,", "3", "p(X)"):
        with pytest.raises(RuleError, match="one ground atom"):
            parse_atom(text)
