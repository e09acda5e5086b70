"""rules/knowledge and rules/domain as what a scene's things are and what skills do to them.

The table of kinds is solved once; a scene then costs a few look-ups. It knows no masses, no frictions and no laws of the world.
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from siren.core.errors import RuleError
from siren.core.scene import Scene
from siren.symbolic import asp
from siren.symbolic.asp import Atom, Term
from siren.symbolic.directives import refuse_directives

KINDS = "kinds.lp"
_TABLE = {"kind_category": "category", "kind_attribute": "attribute", "kind_use": "use", "kind_occasion": "occasion"}


class Knowledge:
    """What things are, by kind, and the program that turns facts into fluents.

    `Knowledge.load(Path("rules")).scene_atoms(scene)` are facts; `.program` goes before them: `.domain` (what skills do) and `.looks`
    (what follows from how a thing looks).
    """

    def __init__(self, kinds: Mapping[str, tuple[tuple[str, Term], ...]], domain: str, looks: str = "") -> None:
        self._kinds = dict(kinds)
        self.domain = domain
        self.looks = looks
        self.program = "\n".join(filter(None, (domain, looks)))

    @classmethod
    def load(cls, folder: Path) -> "Knowledge":
        """Read `folder`/knowledge/*.lp and `folder`/domain/*.lp. Raises RuleError."""
        facts = _read(folder / "knowledge" / KINDS)
        looks = [_read(path) for path in sorted((folder / "knowledge").glob("*.lp")) if path.name != KINDS]
        domain = [_read(path) for path in sorted((folder / "domain").glob("*.lp"))]
        return cls(_kind_table(facts), "\n".join(domain), "\n".join(looks))

    @property
    def kinds(self) -> frozenset[str]:
        """Every kind that has an entry."""
        return frozenset(self._kinds)

    def about(self, kind: str) -> tuple[tuple[str, Term], ...]:
        """(predicate, value) pairs of a kind, e.g. ("attribute", "fragile"); empty for a kind that nobody has described."""
        return self._kinds.get(kind, ())

    def scene_atoms(self, scene: Scene) -> tuple[Atom, ...]:
        """category, attribute, use and occasion of every thing, by its kind."""
        return tuple(Atom(name, (thing.name, value)) for thing in scene.objects for name, value in self.about(thing.kind))


def _kind_table(text: str) -> dict[str, tuple[tuple[str, Term], ...]]:
    atoms = asp.solve(text, shown=_TABLE) or frozenset()
    table: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for atom in sorted(atoms, key=str):
        table[str(atom.args[0])].append((_TABLE[atom.name], atom.args[1]))
    return {kind: tuple(rows) for kind, rows in table.items()}


def _read(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        reason = f"expected a file of facts and rules, but it cannot be read ({error.strerror}); restore it from the repository"
        raise RuleError(reason, source=str(path)) from error
    refuse_directives(text, str(path))
    return text
