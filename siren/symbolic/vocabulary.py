"""rules/vocabulary.lp as the predicates that rules may speak of, with the types of their arguments."""

import difflib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from siren.core.errors import RuleError
from siren.symbolic import asp
from siren.symbolic.directives import refuse_directives


@dataclass(frozen=True)
class Predicate:
    """One predicate: its name, the types of its arguments, who produces it, and whether learned rules may use it."""

    name: str
    types: tuple[str, ...]
    producer: str
    learnable: bool = False

    @property
    def signature(self) -> str:
        """As people write it: gap(step, thing, mm)."""
        return f"{self.name}({', '.join(self.types)})"


@dataclass(frozen=True)
class Vocabulary:
    """Predicates by name, and the words of each closed type."""

    predicates: Mapping[str, Predicate]
    words: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, folder: Path) -> "Vocabulary":
        """Read `folder`/vocabulary.lp. Raises RuleError."""
        path = folder / "vocabulary.lp"
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            reason = f"expected the list of predicates, but it cannot be read ({error.strerror}); restore it from the repository"
            raise RuleError(reason, source=str(path)) from error
        refuse_directives(text, str(path))
        atoms = asp.solve(text) or frozenset()
        learnable = {atom.args[0] for atom in atoms if atom.name == "learnable"}
        predicates: dict[str, Predicate] = {}
        words: dict[str, set[str]] = defaultdict(set)
        for atom in sorted(atoms, key=str):
            if atom.name == "predicate":
                name, types, producer = atom.args
                listed = types if isinstance(types, tuple) else (types,)
                predicates[str(name)] = Predicate(str(name), tuple(map(str, listed)), str(producer), name in learnable)
            elif atom.name == "value":
                words[str(atom.args[0])].add(str(atom.args[1]))
        return cls(predicates, {name: frozenset(listed) for name, listed in words.items()})

    def nearest(self, name: str) -> str | None:
        """The known predicate whose name is most like this one, as people write it."""
        close = difflib.get_close_matches(name, self.predicates, n=1, cutoff=0.6)
        return self.predicates[close[0]].signature if close else None
