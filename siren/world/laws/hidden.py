"""What cannot be seen of a thing, and how one who knows it handles the thing: turn, speed and force that break no law."""

from siren.core.action import APERTURE, Force, Speed
from siren.core.geometry import TURNS, Turn, grasp_yaw, span
from siren.core.scene import Scene, SceneObject
from siren.world.catalogue import kind_of
from siren.world.kinds import WET
from siren.world.laws.fingers import fingers_blocked

_SAFE_SPAN = APERTURE - 0.002


def fragile(thing: SceneObject) -> bool:
    """Whether it breaks when squeezed or dropped, or under a weight."""
    return kind_of(thing.kind).fragile is not None


def heavy(thing: SceneObject) -> bool:
    """Whether a gentle grip cannot hold its weight."""
    return kind_of(thing.kind).heavy


def slippery(thing: SceneObject) -> bool:
    """Whether it slides between the fingers, by nature or because it is wet."""
    kind = kind_of(thing.kind)
    return kind.slippery or WET in thing.marks


def delicate(thing: SceneObject) -> bool:
    """Whether its manner matters: it breaks, weighs or slips, or it carries others."""
    return fragile(thing) or heavy(thing) or slippery(thing) or kind_of(thing.kind).role == "tray"


def careful_manner(scene: Scene, thing: SceneObject) -> tuple[Turn, Speed, Force]:
    """A manner that breaks no law: gentle if fragile, slow if delicate, at the best turn."""
    speed: Speed = "slow" if delicate(thing) else "normal"
    force: Force = "gentle" if fragile(thing) else "firm"
    return best_turn(scene, thing), speed, force


def best_turn(scene: Scene, thing: SceneObject) -> Turn:
    """The turn at which the thing fits between the fingers and no neighbour is in their way. Degrees; straight and narrow preferred."""

    def cost(turn: Turn) -> tuple[bool, bool, bool, float]:
        yaw = grasp_yaw(thing, turn)
        width = span(thing, yaw)
        return width > _SAFE_SPAN, fingers_blocked(scene, thing, yaw), turn % 90 != 0, round(width, 4)

    return min(TURNS, key=cost)
