"""A logic program as text, and its answer as atoms. With `validate` the only module that imports clingo.

Programs here are trusted: whatever comes from a file has passed `validate` first, because clingo opens included files while parsing.
It knows no predicate and no robot.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import NamedTuple, TypeAlias

import clingo
import clingo.ast

from siren.core.errors import RuleError

Term: TypeAlias = "str | int | tuple[Term, ...]"

_VARIABLE = re.compile(r"(?<![A-Za-z0-9_'])_*[A-Z][A-Za-z0-9_']*")
_ANONYMOUS = re.compile(r"(?<![A-Za-z0-9_'])_(?![A-Za-z0-9_'])")
_CONSTANT = re.compile(r"_*[a-z][A-Za-z0-9_]*")


class Atom(NamedTuple):
    """One ground atom, e.g. Atom("gap", (1, "egg", 12)). Tuples among the arguments are ASP tuples."""

    name: str
    args: tuple[Term, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(term_text, self.args))})" if self.args else self.name


class Optimum(NamedTuple):
    """The best model that was found in time."""

    model: frozenset[Atom]
    cost: tuple[int, ...]  # highest priority first
    proven: bool


class Condition(NamedTuple):
    """One condition of a rule as written, without its `not`."""

    text: str
    negated: bool
    compares: bool


class ReadRule(NamedTuple):
    """One rule taken apart. Anonymous variables of conditions that must hold have got names (Any1, Any2, ...)."""

    text: str
    head: str
    body: tuple[Condition, ...]
    variables: tuple[str, ...]


def term_text(term: Term) -> str:
    """A term as ASP text; words that are no constants are quoted."""
    if isinstance(term, int):
        return str(term)
    if isinstance(term, str):
        return term if _CONSTANT.fullmatch(term) and term != "not" else '"' + term.replace("\\", "\\\\").replace('"', '\\"') + '"'
    inner = ",".join(map(term_text, term))
    return f"({inner},)" if len(term) == 1 else f"({inner})"


def fact_text(atoms: Iterable[Atom]) -> str:
    """Atoms as a program of facts, one line."""
    return " ".join(f"{atom}." for atom in atoms)


def parse_atom(text: str) -> Atom:
    """One ground atom from text such as `gap(1,egg,12)`. Raises RuleError."""
    try:
        symbol = clingo.parse_term(text.strip().removesuffix("."), logger=_silent)
    except RuntimeError as error:
        raise RuleError(f"expected one ground atom such as force(1,gentle), got '{text[:80]}'", source="atom") from error
    if symbol.type is not clingo.SymbolType.Function or not symbol.name:
        raise RuleError(f"expected one ground atom such as force(1,gentle), got '{text[:80]}'", source="atom")
    return _atom(symbol)


@lru_cache(maxsize=4096)
def read_rules(text: str) -> tuple[ReadRule, ...]:
    """The rules of a trusted program, taken apart: those with one atom as head and atoms and comparisons as body.

    Facts, constraints, choices and rules with aggregates are left out. Raises RuleError when the text is no program.
    """
    found: list[ReadRule] = []
    messages: list[str] = []
    try:
        clingo.ast.parse_string(text, lambda node: found.extend(_read_rule(node)), logger=lambda _, line: messages.append(line.strip()))
    except RuntimeError as error:
        raise RuleError(f"clingo cannot read it ({'; '.join(messages) or error}); mend the text there", source="rule program") from error
    return tuple(found)


def put_in(text: str, bindings: Mapping[str, Term]) -> str:
    """Text of a term or comparison with values in the place of its variables."""
    return _VARIABLE.sub(lambda match: term_text(bindings[match.group()]) if match.group() in bindings else match.group(), text)


def name_anonymous(text: str, name: str) -> str:
    """Text of an atom with a constant in the place of its anonymous variables."""
    return _ANONYMOUS.sub(name, text)


def solve(program: str, *, shown: Collection[str] | None = None, assumptions: Sequence[tuple[Atom, bool]] = ()) -> frozenset[Atom] | None:
    """One model of the program, or None when there is none. `shown` keeps only the predicates of those names (faster).

    Raises RuleError when the text is no program.
    """
    control = _ground(program, [])
    watched = _watched(control, shown)
    found: list[frozenset[Atom]] = []

    def keep(model: clingo.Model) -> None:  # a callback that returns False would stop the search
        found.append(_atoms(model, watched))

    control.solve(on_model=keep, assumptions=[(_symbol_of(atom), truth) for atom, truth in assumptions])
    return found[0] if found else None


def optimise(program: str, *, seconds: float, shown: Collection[str] | None = None, conflicts: int | None = None) -> Optimum | None:
    """The best model found within `seconds` of search (grounding comes before and cannot be cut), or None when there is none.

    With a limit of `conflicts` the answer does not depend on how busy the machine is, as long as that limit is met first.
    """
    limit = [] if conflicts is None else [f"--solve-limit={conflicts}"]
    control = _ground(program, ["--opt-mode=opt", "--opt-strategy=usc,stratify", *limit])
    watched = _watched(control, shown)
    best: list[Optimum] = []

    def keep(model: clingo.Model) -> None:
        best[:] = [Optimum(_atoms(model, watched), tuple(model.cost), False)]

    with control.solve(on_model=keep, async_=True) as handle:
        if not handle.wait(seconds):
            handle.cancel()
        proven = bool(handle.get().exhausted)
    return best[0]._replace(proven=proven) if best else None


def minimal_core(program: str, assumed: Sequence[Atom]) -> tuple[Atom, ...] | None:
    """Assumptions under which the program has no model, none of which can be left out; None when it has one under all of them.

    Each of the atoms has to be free in the program (`{ atom }.`). They come back in the order in which they were given.
    """
    control = _ground(program, [])
    literals: dict[int, Atom] = {}
    for atom in assumed:
        found = control.symbolic_atoms[_symbol_of(atom)]
        if found is not None:
            literals.setdefault(found.literal, atom)
    core = _core(control, list(literals))
    if core is None:
        return None
    for literal in tuple(core):
        less = _core(control, [other for other in core if other != literal]) if literal in core else None
        core = core if less is None else less
    return tuple(atom for literal, atom in literals.items() if literal in core)


def _core(control: clingo.Control, assumptions: list[int]) -> list[int] | None:
    """Some of the assumptions that already leave no model; None when there is one."""
    with control.solve(assumptions=assumptions, yield_=True) as handle:
        return None if handle.get().satisfiable else list(handle.core())


def solve_switched(program: str, switches: Sequence[Atom], *, shown: Collection[str]) -> list[frozenset[Atom]]:
    """The program ground once and solved once more for each switch: first with all of them false, then with each true in turn.

    Switches are external atoms of the program. An answer without a model is empty. Raises RuleError when the text is no program.
    """
    control = _ground(program, [])
    watched = _watched(control, shown)
    answers: list[frozenset[Atom]] = []
    for switch in (None, *switches):
        if switch is not None:
            control.assign_external(_symbol_of(switch), True)
        found: list[frozenset[Atom]] = [frozenset()]
        control.solve(on_model=lambda model, found=found: found.append(_atoms(model, watched)))  # type: ignore[misc]
        if switch is not None:
            control.assign_external(_symbol_of(switch), False)
        answers.append(found[-1])
    return answers


def _read_rule(node: clingo.ast.AST) -> Iterator[ReadRule]:
    kinds = clingo.ast.ASTType
    if node.ast_type is not kinds.Rule or node.head.ast_type is not kinds.Literal or not node.body:
        return
    if any(literal.ast_type is not kinds.Literal or literal.sign == clingo.ast.Sign.DoubleNegation for literal in node.body):
        return
    if any(literal.atom.ast_type not in (kinds.SymbolicAtom, kinds.Comparison) for literal in node.body):
        return
    counter = count(1)
    body: list[Condition] = []
    for literal in node.body:
        negated = literal.sign == clingo.ast.Sign.Negation
        written = str(literal.atom)
        named = written if negated else _ANONYMOUS.sub(lambda _: f"Any{next(counter)}", written)
        body.append(Condition(named, negated, literal.atom.ast_type is kinds.Comparison))
    head = str(node.head.atom)
    words = " ".join((head, *(condition.text for condition in body)))
    yield ReadRule(str(node), head, tuple(body), tuple(sorted(set(_VARIABLE.findall(words)))))


def _ground(program: str, options: list[str]) -> clingo.Control:
    messages: list[str] = []
    control = clingo.Control(["--warn=none", *options], logger=lambda _, text: messages.append(text.strip()))
    try:
        control.add("base", [], program)
        control.ground([("base", [])])
    except RuntimeError as error:
        reason = "; ".join(messages) or str(error)
        raise RuleError(f"clingo cannot read it ({reason}); mend the text at that line and column", source="rule program") from error
    return control


def _watched(control: clingo.Control, shown: Collection[str] | None) -> list[clingo.Symbol] | None:
    """The ground atoms of the shown predicates; asking a model for those few is faster than reading all of it."""
    if shown is None:
        return None
    atoms = control.symbolic_atoms
    signatures = [(name, arity) for name, arity, positive in atoms.signatures if positive and name in shown]
    return [atom.symbol for name, arity in signatures for atom in atoms.by_signature(name, arity)]


def _atoms(model: clingo.Model, watched: list[clingo.Symbol] | None) -> frozenset[Atom]:
    symbols = model.symbols(atoms=True) if watched is None else filter(model.contains, watched)
    return frozenset(map(_atom, symbols))


@lru_cache(maxsize=1 << 16)  # clingo keeps one symbol a term for the whole process; reading it anew costs 20 calls into C
def _atom(symbol: clingo.Symbol) -> Atom:
    return Atom(symbol.name, tuple(_term(argument) for argument in symbol.arguments))


def _term(symbol: clingo.Symbol) -> Term:
    if symbol.type is clingo.SymbolType.Number:
        return int(symbol.number)
    if symbol.type is clingo.SymbolType.String:
        return str(symbol.string)
    if symbol.type is clingo.SymbolType.Function and not symbol.name:
        return tuple(_term(argument) for argument in symbol.arguments)
    if symbol.type is clingo.SymbolType.Function and not symbol.arguments:
        return str(symbol.name)
    return str(symbol)


def _symbol_of(atom: Atom) -> clingo.Symbol:
    return clingo.parse_term(str(atom))


def _silent(code: clingo.MessageCode, text: str) -> None:
    """Clingo writes its messages to standard error unless somebody takes them."""
