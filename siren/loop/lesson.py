"""What the practice of one round teaches: rules mined from it, and weights trained by them.

It is worked out aside, and nothing of it is in force yet. So practice of the next round can go on meanwhile, and a round whose lesson
is worked out a second time comes to the same.
"""

import shutil
from pathlib import Path

from siren import build
from siren.config import SessionConfig
from siren.core.rule import Rule
from siren.core.values import Value
from siren.loop.drain import Wish
from siren.loop.jobs import MiningNews, Publication, TrainingNews
from siren.loop.placement import Placement
from siren.symbolic.turns import reading


class Lesson(Value):
    """Parts are missing where nothing was mined, or not trained."""

    known: tuple[Rule, ...] = ()  # the rules that the mined ones were worked out from
    mined: MiningNews | None = None
    trained: TrainingNews | None = None


def work_out(placement: Placement, config: SessionConfig, turn: int, publication: Publication, desk: Path, wish: Wish) -> Lesson:
    """The lesson of a round. `desk`: a folder for the rules that the weights are trained by. Nothing is trained against a wish."""
    rules = Path(publication.rules)
    known = build.learned_rules(rules)
    mined = placement.mine(config.name, turn, publication) if config.steered else None
    if not config.trains_after(turn) or wish.made:
        return Lesson(known=known, mined=mined)
    if mined is not None:
        publication = _laid_out(publication, known, mined, desk)
    trained = placement.improve(config.name, turn, publication)
    shutil.rmtree(desk, ignore_errors=True)
    return Lesson(known=known, mined=mined, trained=trained)


def _laid_out(publication: Publication, known: tuple[Rule, ...], mined: MiningNews, desk: Path) -> Publication:
    """The rules as they will be, in a folder that nobody acts by."""
    rules = Path(publication.rules)
    shutil.rmtree(desk, ignore_errors=True)
    with reading(rules):
        shutil.copytree(rules, desk)
    build.write_rules(desk, mined.rules, known)
    return publication.model_copy(update={"rules": str(desk.resolve()), "rulebook": build.published(desk)})
