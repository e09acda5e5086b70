"""The engine as typed calls."""

import subprocess
import sys

from siren.world.bullet import Bullet
from siren.world.robots import PANDA
from siren.world.shape import Matter, Part


def test_the_engine_greets_nobody() -> None:
    """Standard output belongs to results and standard error to people; the engine's own lines are neither."""
    code = "from siren.world.bullet import Bullet\nwith Bullet(): print('mine')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("mine\n", "")


def test_a_robot_that_has_forgotten_its_neighbours_meets_them_again() -> None:
    block = (Part("box", (0.1, 0.1, 0.1), (1.0, 0.0, 0.0)),)
    with Bullet(visuals=False) as bullet:
        robot = bullet.add_robot(PANDA)
        bullet.add_body(block, bullet.link_pose(robot, PANDA.fingertip).position.tolist(), (0, 0, 0, 1), Matter(0.1, 0.5))
        bullet.step()
        before = len(bullet.contacts(robot))
        bullet.forget_neighbours(robot)
        assert (before > 0, bullet.contacts(robot)) == (True, ())
        bullet.step()
        assert bullet.contacts(robot)
