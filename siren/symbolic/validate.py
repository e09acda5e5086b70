"""Rule text from a file or a form as a refusal, or as nothing: what may be loaded into the checker.

Three gates, each before the next: forbidden tokens, because clingo opens included files while it parses; an allow-list over the syntax
tree; and a trial grounding in a child process with limits (`sandbox`). It judges form only, not whether a rule is right.

    book = Rulebook.load(folder, accept=Validator(Vocabulary.load(folder)))
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

import clingo.ast
from clingo.ast import AST, ASTSequence, ASTType

from siren.core.errors import RuleError
from siren.core.rule import Rule
from siren.symbolic.asp import solve
from siren.symbolic.directives import refuse_directives
from siren.symbolic.sandbox import Limits, try_grounding
from siren.symbolic.vocabulary import Vocabulary

MAX_TEXT = 4000  # characters of one rule
MAX_LITERALS = 12
MAX_VARIABLES = 8
MAX_DEPTH = 12
REMEMBERED = 1 << 16  # texts

_HEAD = "violated"
_NODES = frozenset(
    {
        ASTType.Rule,
        ASTType.Literal,
        ASTType.SymbolicAtom,
        ASTType.Function,
        ASTType.SymbolicTerm,
        ASTType.Variable,
        ASTType.Comparison,
        ASTType.Guard,
        ASTType.BooleanConstant,
        ASTType.UnaryOperation,
        ASTType.BinaryOperation,
    }
)


class Validator:
    """Says no to rule text that may not be loaded. Call it with a rule, its file and the line on which its text starts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._accepted: dict[bytes, str] = {}  # sha256 of a text that was found good: the id that it derives

    def __call__(self, rule: Rule, source: str, line: int) -> None:
        """Tokens and syntax tree of one rule. Raises RuleError with file, line and remedy."""
        head = self.check_text(rule.text, source, line)
        if head != rule.id:
            raise RuleError(
                f"expected the rule to derive violated({rule.id}, ...) as its header says, got '{head}'", source=source, line=line
            )
        reason = unspoken(rule)
        if rule.in_force and reason:
            raise RuleError(f"the rule cannot go live: {reason}", source=source, line=line)

    def check_text(self, text: str, source: str, line: int = 1) -> str:
        """The id that one rule's text derives. Raises RuleError. A text that was good before is not read again."""
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        if digest not in self._accepted:
            head = self._read_through(text, source, line)
            if len(self._accepted) >= REMEMBERED:
                self._accepted.clear()
            self._accepted[digest] = head
        return self._accepted[digest]

    def _read_through(self, text: str, source: str, line: int) -> str:
        refuse_directives(text, source, line)
        statement, start = _parse_one(text, source, line), line
        self._check_tree(statement, source, start)
        head = self._head(statement, source, start)
        _check_safe(text, source, start)
        return head

    def trial(self, rules: Iterable[Rule], program: str, source: str, limits: Limits | None = None) -> None:
        """Ground rules together with a domain and the facts of a scene, in a child process. Raises RuleError."""
        try_grounding("\n".join((program, *(rule.text for rule in rules))), source, limits)

    def _check_tree(self, statement: AST, source: str, line: int) -> None:
        names = set()
        for node in _walk(statement, 0, source, line):
            located = node.symbol if node.ast_type is ASTType.SymbolicAtom else node
            where = line + located.location.begin.line - 1 if hasattr(located, "location") else line
            if node.ast_type not in _NODES:
                raise RuleError(f"{_said(node)} is not allowed in a rule; use atoms, 'not' and comparisons only", source=source, line=where)
            if node.ast_type is ASTType.SymbolicAtom:
                self._check_atom(node.symbol, source, where)
            if node.ast_type is ASTType.Variable and node.name != "_":
                names.add(node.name)
        if len(statement.body) > MAX_LITERALS:
            raise RuleError(
                f"expected at most {MAX_LITERALS} conditions, got {len(statement.body)}; split the rule", source=source, line=line
            )
        if len(names) > MAX_VARIABLES:
            raise RuleError(f"expected at most {MAX_VARIABLES} variables, got {len(names)}; split the rule", source=source, line=line)

    def _check_atom(self, symbol: AST, source: str, line: int) -> None:
        if symbol.ast_type is not ASTType.Function:
            raise RuleError(f"expected a predicate of the vocabulary, got '{symbol}'", source=source, line=line)
        known = self._vocabulary.predicates.get(symbol.name)
        if known is None:
            nearest = self._vocabulary.nearest(symbol.name)
            hint = f"the nearest known one is {nearest}" if nearest else "rules/vocabulary.lp lists what there is"
            raise RuleError(f"unknown predicate '{symbol.name}'; {hint}", source=source, line=line)
        if len(symbol.arguments) != len(known.types):
            counted = f"{symbol.name} has {len(known.types)} arguments, got {len(symbol.arguments)}"
            raise RuleError(f"{counted} in '{symbol}'; write it as {known.signature}", source=source, line=line)
        for kind, term in zip(known.types, symbol.arguments, strict=True):
            words = self._vocabulary.words.get(kind)
            if words and term.ast_type in (ASTType.SymbolicTerm, ASTType.Function) and str(term) not in words:
                raise RuleError(f"unknown {kind} '{term}' in '{symbol}'; there are {', '.join(sorted(words))}", source=source, line=line)

    def _head(self, statement: AST, source: str, line: int) -> str:
        """The id in `violated(id, (Variables,), T)`; the body must not speak of `violated`."""
        remedy = "write violated(id, (O,), T) :- conditions."
        head = statement.head
        if head.ast_type is not ASTType.Literal or head.atom.ast_type is not ASTType.SymbolicAtom or head.sign != clingo.ast.Sign.NoSign:
            raise RuleError(f"expected a single atom violated(...) before ':-', got '{head}'; {remedy}", source=source, line=line)
        symbol = head.atom.symbol
        if symbol.ast_type is not ASTType.Function or symbol.name != _HEAD:
            raise RuleError(f"expected the rule to derive violated(...), got '{symbol}'; {remedy}", source=source, line=line)
        name, args, step = symbol.arguments
        plain = name.ast_type is ASTType.SymbolicTerm or (name.ast_type is ASTType.Function and not name.arguments)
        is_tuple = args.ast_type is ASTType.Function and not args.name
        if not plain or not is_tuple or not all(item.ast_type is ASTType.Variable for item in (*args.arguments, step)):
            raise RuleError(f"expected an id, a tuple of variables and a variable in '{symbol}'; {remedy}", source=source, line=line)
        if any(str(literal.atom).startswith(f"{_HEAD}(") for literal in statement.body if literal.ast_type is ASTType.Literal):
            raise RuleError(
                f"a rule may not depend on other violations ('{_HEAD}' in its conditions); name the facts", source=source, line=line
            )
        return str(name)


def unspoken(rule: Rule) -> str:
    """Why people cannot be told the rule: it has no sentence, or one that speaks of what the rule does not bind. Empty when they can."""
    if not rule.sentence.strip():
        return "it has no sentence; say in plain words what it forbids"
    bound = set(re.findall(r"\b[A-Z]\w*", rule.text))
    known = bound | {name.rstrip("0123456789") for name in bound}  # rules mined before the end of 2026 call Y2 {Y}
    strangers = [name for name in re.findall(r"\{(\w+)\}", rule.sentence) if name not in known]
    if strangers:
        return f"its sentence speaks of {{{strangers[0]}}}, which is no variable of the rule; there are {', '.join(sorted(bound))}"
    return ""


def _parse_one(text: str, source: str, line: int) -> AST:
    if len(text) > MAX_TEXT:
        raise RuleError(f"expected a rule of at most {MAX_TEXT} characters, got {len(text)}; split it", source=source, line=line)
    statements: list[AST] = []
    messages: list[str] = []
    try:
        clingo.ast.parse_string(text, statements.append, logger=lambda _, message: messages.append(message.strip()))
    except RuntimeError as error:
        place = re.search(r"<string>:(\d+):(\d+)[^:]*: error: (.*)", messages[0] if messages else "", re.DOTALL)
        reason = f"column {place.group(2)}: {' '.join(place.group(3).split())}" if place else str(error)
        where = line + int(place.group(1)) - 1 if place else line
        raise RuleError(f"expected a rule that ends in '.', but {reason}; mend it there", source=source, line=where) from error
    rules = [statement for statement in statements if statement.ast_type not in (ASTType.Program, ASTType.Comment)]
    if len(rules) != 1 or rules[0].ast_type is not ASTType.Rule:
        found = ", ".join(str(statement.ast_type).removeprefix("ASTType.") for statement in rules[:4]) or "nothing"
        found += f" and {len(rules) - 4} more" if len(rules) > 4 else ""
        raise RuleError(
            f"expected exactly one rule after its header, got {found}; give each rule a header of its own", source=source, line=line
        )
    return rules[0]


def _check_safe(text: str, source: str, line: int) -> None:
    """Ground the rule without any fact: that costs nothing, and clingo names the variables that nothing binds."""
    try:
        solve(text, shown=())
    except RuleError as error:
        unsafe = ", ".join(sorted(set(re.findall(r"'(\w+)' is unsafe", str(error))))) or "a variable"
        reason = f"nothing binds {unsafe}; add a condition without 'not' that has it, such as step(T, pick, O)"
        raise RuleError(reason, source=source, line=line) from error


def _walk(node: AST, depth: int, source: str, line: int) -> Iterator[AST]:
    if depth > MAX_DEPTH:
        raise RuleError("expected a flat rule, got one nested too deep; write it as conditions joined by commas", source=source, line=line)
    yield node
    for key in node.child_keys:
        child = getattr(node, key)
        for inner in child if isinstance(child, ASTSequence) else (child,):
            if isinstance(inner, AST):
                yield from _walk(inner, depth + 1, source, line)


def _said(node: AST) -> str:
    return f"{node.ast_type.name} ('{str(node)[:60]}')"
