"""What things are, and the words for it."""

from pathlib import Path

import pytest

from siren.core.errors import RuleError
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Goal
from siren.symbolic.asp import Atom
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.vocabulary import Vocabulary
from siren.world.catalogue import catalogue, things


def test_every_kind_of_the_world_has_an_entry_and_no_other(knowledge: Knowledge) -> None:
    assert knowledge.kinds == set(catalogue())


def test_categories_uses_and_occasions_are_those_that_the_world_shows(knowledge: Knowledge) -> None:
    for name, kind in catalogue().items():
        about = knowledge.about(name)
        assert [value for predicate, value in about if predicate == "category"] == [kind.category], name
        for predicate, phrases in (("use", kind.uses), ("occasion", kind.occasions)):
            assert {value for found, value in about if found == predicate} == {phrase.replace(" ", "_") for phrase in phrases}, name


def test_what_people_know_of_things_agrees_with_the_things(knowledge: Knowledge) -> None:
    def known(attribute: str) -> set[str]:
        return {kind.name for kind in things() if ("attribute", attribute) in knowledge.about(kind.name)}

    assert known("fragile") == {kind.name for kind in things() if kind.fragile}
    assert known("heavy") == {kind.name for kind in things() if kind.heavy}
    assert known("slippery") == {kind.name for kind in things() if kind.slippery}
    assert known("rolls") == {kind.name for kind in things() if kind.rolls}
    assert known("narrow_top") == {kind.name for kind in things() if kind.narrow_top}
    assert known("flat") - {"die"} == {kind.name for kind in things() if kind.flat_top}


def test_what_follows_from_looks(scene: Scene, core_checker: ClingoChecker) -> None:
    model = core_checker.model(scene, Plan(steps=()), Goal(relation="held", object="egg"))
    assert {
        Atom("attribute", ("egg", "slippery")),
        Atom("attribute", ("juice_box", "tall")),
        Atom("attribute", ("butter", "long")),
    } <= model
    assert (
        not {Atom("attribute", ("die", "slippery")), Atom("attribute", ("egg", "tall")), Atom("attribute", ("juice_box", "long"))} & model
    )


def test_an_unknown_kind_has_no_properties(knowledge: Knowledge) -> None:
    assert knowledge.about("teapot") == ()


def test_every_atom_of_a_model_is_in_the_vocabulary(scene: Scene, core_checker: ClingoChecker, vocabulary: Vocabulary) -> None:
    inner = {"takes", "leaves", "lets_go", "seen_on", "seen_in", "seen_near", "seen_gap", "seen_over"}
    for atom in core_checker.model(scene, Plan(steps=()), Goal(relation="on", object="egg", target="blue_mat")):
        assert atom.name in inner or len(atom.args) == len(vocabulary.predicates[atom.name].types), atom


def test_a_missing_table_of_kinds_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"kinds\.lp.*restore"):
        Knowledge.load(tmp_path)


def test_an_include_in_the_knowledge_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "kinds.lp").write_text('kind_category(egg, food).\n#include "secret.lp".\n')
    with pytest.raises(RuleError, match=r"kinds\.lp:2: '#include' is not allowed"):
        Knowledge.load(tmp_path)
