"""Robot descriptions (URDF text) as others: the hand of one on the arm of another, an arm on wheels, or few polygons to draw.

XML in, XML out; what the simulator makes of it is not known here. Mesh paths become absolute, so the result may lie anywhere.
"""

import copy
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from siren.world.robots import Robot

_PREFIX = "package://"
_HAND = "panda_hand"
_HAND_LINKS = (_HAND, "panda_leftfinger", "panda_rightfinger", "panda_grasptarget")
_FOOT_RADIUS = 0.12  # metres; a disc below the base, as far down as the table


def description_of(robot: Robot, shipped: Path) -> Element:
    """The whole of a robot, from the descriptions in the folder that ships with the simulator."""
    whole = read_description(shipped / robot.arm_file)
    if robot.hand_file:
        whole = mounted(whole, read_description(shipped / robot.hand_file), robot.flange, robot.hand_twist, robot.base[2])
    if robot.carrier:
        carrier = robot.carrier
        whole = carried(read_description(shipped / carrier.file), whole, carrier.root, carrier.mount, carrier.riser)
    return whole


def read_description(path: Path) -> Element:
    """A description with every mesh named by its absolute path."""
    root = ElementTree.parse(path).getroot()
    for mesh in root.iter("mesh"):
        mesh.set("filename", str(path.parent / mesh.attrib["filename"].removeprefix(_PREFIX)))
    return root


def mounted(arm: Element, hand: Element, flange: float, twist: float, foot: float) -> Element:
    """The hand of one robot on the last link of another, `flange` metres along its z axis and turned by `twist` radians about it.

    The hand is `panda_hand` and what hangs on it. The base of the arm gets a foot of that height, in metres.
    """
    whole = copy.deepcopy(arm)
    whole.extend(copy.deepcopy(element) for element in hand if _belongs_to_hand(element))
    screw = ElementTree.SubElement(whole, "joint", name="hand_mount", type="fixed")
    ElementTree.SubElement(screw, "origin", xyz=f"0 0 {flange}", rpy=f"0 0 {twist}")
    ElementTree.SubElement(screw, "parent", link=arm.findall("joint/child")[-1].attrib["link"])
    ElementTree.SubElement(screw, "child", link=_HAND)
    _explain_materials(whole, hand)
    _add_foot(whole, foot)
    return whole


def carried(carrier: Element, arm: Element, root: str, place: tuple[float, float, float], riser: float) -> Element:
    """An arm on a carrier with wheels: of the carrier the link `root` and what rolls on it, and on top of it a box of that height (m).

    `place` is where the arm's base stands in the frame of `root`, metres; it does not collide with the box below it.
    """
    whole = Element("robot", name=f"{arm.attrib['name']}_on_wheels")
    kept = [joint for joint in carrier.findall("joint") if joint.attrib.get("type") == "continuous"]
    rolling = {_child(joint) for joint in kept}
    whole.extend(copy.deepcopy(element) for element in (*carrier.findall("material"), *kept))
    whole.extend(copy.deepcopy(link) for link in carrier.findall("link") if link.attrib["name"] in {root, *rolling})
    _set_on(whole, root, "riser", (place[0], place[1], place[2] - riser / 2))
    whole.append(_box("riser", (2 * _FOOT_RADIUS, 2 * _FOOT_RADIUS, riser)))
    whole.extend(copy.deepcopy(element) for element in arm)
    _set_on(whole, root, arm.findall("link")[0].attrib["name"], place)
    return whole


def plain(robot: Element) -> Element:
    """The same robot drawn as what collides: some thousand triangles instead of a hundred thousand. Colours stay."""
    simple = copy.deepcopy(robot)
    for link in simple.findall("link"):
        solid, seen = link.find("collision/geometry"), link.find("visual")
        if solid is not None and seen is not None:
            for geometry in seen.findall("geometry"):
                seen.remove(geometry)
            seen.append(copy.deepcopy(solid))
    return simple


def description_text(robot: Element) -> str:
    """The description as text."""
    return ElementTree.tostring(robot, encoding="unicode")


def _child(joint: Element) -> str:
    return next(child.attrib["link"] for child in joint.findall("child"))


def _set_on(robot: Element, parent: str, child: str, place: tuple[float, float, float]) -> None:
    """A joint that does not move."""
    joint = ElementTree.SubElement(robot, "joint", name=f"{child}_mount", type="fixed")
    ElementTree.SubElement(joint, "origin", xyz=" ".join(map(str, place)), rpy="0 0 0")
    ElementTree.SubElement(joint, "parent", link=parent)
    ElementTree.SubElement(joint, "child", link=child)


def _box(name: str, size: tuple[float, float, float]) -> Element:
    """A link that is a grey box of 2 kg."""
    link = Element("link", name=name)
    inertial = ElementTree.SubElement(link, "inertial")
    ElementTree.SubElement(inertial, "mass", value="2")
    ElementTree.SubElement(inertial, "inertia", ixx="0.02", ixy="0", ixz="0", iyy="0.02", iyz="0", izz="0.02")
    for use in ("visual", "collision"):
        part = ElementTree.SubElement(link, use)
        ElementTree.SubElement(ElementTree.SubElement(part, "geometry"), "box", size=" ".join(map(str, size)))
        if use == "visual":
            ElementTree.SubElement(part, "material", name="Grey")
    return link


def _belongs_to_hand(element: Element) -> bool:
    if element.tag == "link":
        return element.attrib["name"] in _HAND_LINKS
    parent = element.find("parent")
    return element.tag == "joint" and parent is not None and parent.attrib["link"] == _HAND


def _explain_materials(whole: Element, hand: Element) -> None:
    """The hand names colours that stand at some link of its own arm; they go to the top of the new description."""
    known = {material.attrib["name"] for material in whole.findall("material")}
    for material in hand.iter("material"):
        if material.find("color") is not None and material.attrib["name"] not in known:
            known.add(material.attrib["name"])
            whole.insert(0, copy.deepcopy(material))


def _add_foot(robot: Element, height: float) -> None:
    base = robot.findall("link")[0]
    for use in ("visual", "collision"):
        part = ElementTree.SubElement(base, use)
        ElementTree.SubElement(part, "origin", xyz=f"0 0 {-height / 2}", rpy="0 0 0")
        ElementTree.SubElement(ElementTree.SubElement(part, "geometry"), "cylinder", radius=str(_FOOT_RADIUS), length=str(height))
        if use == "visual":
            ElementTree.SubElement(part, "material", name="Grey")
