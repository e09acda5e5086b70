"""A trial as a world that is laid for it: what every arm sees, and what comes of a plan. The same plan is carried out once."""

import hashlib
from dataclasses import dataclass, field

import numpy as np

from siren.agent import carry_out
from siren.core.episode import Outcome
from siren.core.grounding import on_the_table
from siren.core.plan import Plan
from siren.core.scene import Scene
from siren.core.task import Task
from siren.eval.bench.suites import Body, Trial
from siren.world.expert import expert_plan
from siren.world.fetching import fetch_plan
from siren.world.mobile import Mobile
from siren.world.stress import shaken, stressed_feel, stressed_view
from siren.world.tabletop import Tabletop


@dataclass
class Scenery:
    """A trial that is laid. An episode is the same bit for bit whatever ran before, so outcomes are kept by plan."""

    trial: Trial
    task: Task
    there: Scene  # as it is, whatever anybody sees of it
    image: np.ndarray  # uint8, (96, 96, 3), RGB
    world: Tabletop | Mobile
    _outcomes: dict[str, Outcome] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Hash of the task: two trials of one hash are the same."""
        return hashlib.sha256(self.task.model_dump_json().encode()).hexdigest()[:8]

    def carry_out(self, plan: Plan) -> Outcome:
        """What comes of the plan, from the state that the trial begins with."""
        steady = on_the_table(self.there, plan)
        if (said := str(steady)) not in self._outcomes:
            self._outcomes[said] = carry_out(self.world, self.there, shaken(steady, self.task, self.trial.stress))
        return self._outcomes[said]

    def ideal(self) -> Plan:
        """The plan of one who knows every law."""
        return (fetch_plan if self.trial.split == "fetch" else expert_plan)(self.task, self.there)


class Stage:
    """The worlds of one process, made when they are first needed. Close it."""

    def __init__(self) -> None:
        self._worlds: dict[Body, Tabletop | Mobile] = {}

    def set_up(self, trial: Trial) -> Scenery:
        """Lay the table of a trial."""
        task = trial.task()
        world = self._world(trial.body)
        if isinstance(world, Tabletop):
            world.feel = stressed_feel(trial.stress)
            there = world.reset(task)
            image = world.picture(stressed_view(task, trial.stress), robot=False).image
        else:
            there, image = world.reset(task), world.look()
        return Scenery(trial, task, there, image, world)

    def close(self) -> None:
        """Give all simulators back."""
        for world in self._worlds.values():
            world.close()

    def _world(self, body: Body) -> Tabletop | Mobile:
        if body not in self._worlds:
            self._worlds[body] = Mobile() if body == "husky" else Tabletop(body)
        return self._worlds[body]
