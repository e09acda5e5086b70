"""A fact of a why-tree as the changes that a person may ask about: `force(1,firm)` gives `force(1,gentle)`, `attribute(egg,fragile)` gives
`not attribute(egg,fragile)`. Facts that follow from others (and numbers, which have no other value of their own) give nothing."""

from siren.core.action import FORCES, SPEEDS
from siren.core.errors import RuleError
from siren.symbolic.asp import parse_atom

WORDS: dict[str, tuple[str, ...]] = {"speed": SPEEDS, "force": FORCES}
SEEN = {"seen_on": "on", "seen_in": "in", "seen_near": "near"}
DENIED = {"attribute", "category", "mark", "on", "in", "near"}


def denials(absent: str) -> tuple[str, ...]:
    """What may be asked of a condition that does not hold: the fact itself, where it is one that can be changed."""
    try:
        atom = parse_atom(absent)
    except RuleError:
        return ()
    return (absent,) if atom.name in ("attribute", "category", "mark") else ()


def alternatives(fact: str) -> tuple[str, ...]:
    """Changes of that fact, as `what_if` reads them; the likeliest question first."""
    try:
        atom = parse_atom(fact)
    except RuleError:
        return ()
    name = SEEN.get(atom.name, atom.name)
    if name in WORDS and len(atom.args) == 2:
        return tuple(f"{name}({atom.args[0]},{word})" for word in WORDS[name] if word != atom.args[1])
    if name in DENIED and name == atom.name:
        return (f"not {fact}",)
    if name in DENIED:
        return (f"not {fact.replace(atom.name, name, 1)}",)
    return ()
