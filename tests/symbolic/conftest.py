"""One table that has everything: something covered, a closed box, a wet egg, a tall neighbour, a mat. And the shipped rules."""

from collections.abc import Callable

import pytest
from learned_rules import RULES, learned, thing

from siren.core.scene import Scene
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.symbolic.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene(
        objects=(
            thing("butter", 0.45, 0.10, (0.09, 0.05, 0.036)),
            thing("die", 0.45, 0.10, (0.032, 0.032, 0.032), bottom=0.036, support="butter"),
            thing("juice_box", 0.45, 0.175, (0.06, 0.04, 0.10)),
            thing("box", 0.58, -0.16, (0.14, 0.14, 0.05)),
            thing("lid", 0.58, -0.16, (0.15, 0.15, 0.029), bottom=0.05, support="box", handle=(0.03, 0.03, 0.025)),
            thing("egg", 0.40, -0.10, (0.057, 0.044, 0.044), outline="round", marks=("wet",)),
            thing("blue_mat", 0.60, 0.20, (0.10, 0.10, 0.002)),
        )
    )


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    return Knowledge.load(RULES)


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary.load(RULES)


@pytest.fixture(scope="session")
def core_rules() -> Rulebook:
    return Rulebook.load(RULES)


@pytest.fixture(scope="session")
def core_checker(core_rules: Rulebook, knowledge: Knowledge) -> ClingoChecker:
    return ClingoChecker(core_rules, knowledge)


@pytest.fixture(scope="session")
def checker_with(core_rules: Rulebook, knowledge: Knowledge) -> Callable[..., ClingoChecker]:
    """checker_with("r0003", ...) judges by the core rules and those of LEARNED."""

    def build(*ids: str) -> ClingoChecker:
        book = core_rules
        for rule_id in ids:
            book = book.with_rule(learned(rule_id))
        return ClingoChecker(book, knowledge)

    return build
