# ---
# jupyter:
#   jupytext:
#     formats: py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---


# %% [markdown]
# # Bring your own policy and world
#
# SIREN's loop needs a world (`reset`, `look`, `execute`), a policy (`propose`) and nothing else. Here is somebody else's gymnasium
# environment, which knows nothing of SIREN, wrapped in sixty lines; its failures are mined, its decisions are mended and explained.

# %%
import tempfile
from collections import Counter
from pathlib import Path

import gymnasium
import numpy as np

from siren.agent import Agent
from siren.config import shipped_rules
from siren.core.action import FORCES, SPEEDS
from siren.core.episode import Candidate, Event, Outcome
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.core.scene import Scene, SceneObject
from siren.core.task import Goal, Task
from siren.explain.narrate import narrate
from siren.explain.query import explain_episode
from siren.learning.failures import step_rows
from siren.learning.miner import RuleMiner
from siren.memory.store import Store
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.repair import AspRepairer
from siren.symbolic.rulebook import Rulebook

knowledge = Knowledge.load(shipped_rules())


def kinds_that_are(word: str) -> list[str]:
    return sorted(kind for kind in knowledge.kinds if ("attribute", word) in knowledge.about(kind))


# %% [markdown]
# ## Somebody else's environment
# Things on a shelf; an action says which one, how fast and how firmly. What its law is, only its author knows.


# %%
class Shelf(gymnasium.Env):
    """Four things in a row. The action is (which, speed, force); the reward 1 for the thing that was asked for, whole and in the hand."""

    observation_space = gymnasium.spaces.MultiDiscrete([len(knowledge.kinds)] * 4)
    action_space = gymnasium.spaces.MultiDiscrete([4, 3, 2])
    KINDS = sorted(knowledge.kinds)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.things = self.np_random.choice(len(self.KINDS), 4, replace=False)
        self.wanted = int(self.np_random.integers(4))
        return self.things, {"wanted": self.KINDS[self.things[self.wanted]]}

    def step(self, action):
        which, speed, force = (int(value) for value in action)
        kind = self.KINDS[self.things[which]]
        trouble = ""
        if kind in kinds_that_are("slippery") and speed == 2:
            trouble = "dropped"
        elif kind in kinds_that_are("fragile") and force == 1:
            trouble = "crushed"
        return self.things, float(not trouble and which == self.wanted), True, False, {"trouble": trouble}


# %% [markdown]
# ## Sixty lines
# The adapter says what stands where, turns a plan into an action, and an answer into an outcome. The policy takes what it is told to
# take, in any manner.


# %%
class ShelfWorld:
    """`Shelf` as a world of SIREN."""

    def __init__(self) -> None:
        self.shelf = Shelf()
        self.scene = Scene(objects=())

    def reset(self, task: Task) -> Scene:
        things, _ = self.shelf.reset(seed=task.seed)
        names = [Shelf.KINDS[number] for number in things]
        self.scene = Scene(objects=tuple(self._thing(name, place) for place, name in enumerate(names)), perception="shelf")
        return self.scene

    def look(self) -> np.ndarray:
        return np.zeros((96, 96, 3), np.uint8)  # this policy needs no picture

    def execute(self, plan: Plan) -> Outcome:
        names, step = [thing.name for thing in self.scene.objects], plan.steps[0]
        action = (names.index(step.object), SPEEDS.index(step.keyframe.speed), FORCES.index(step.keyframe.force))
        _, reward, _, _, info = self.shelf.step(action)
        kind = info["trouble"]
        events = (Event(kind=kind, step=1, phase="lift" if kind == "dropped" else "grasp", tick=1, subject=step.object),) if kind else ()
        return Outcome(success=reward > 0, goal_reached=reward > 0, events=events, ticks=1, state_hash="")

    @staticmethod
    def _thing(name: str, place: int) -> SceneObject:
        position = (0.4, -0.25 + 0.17 * place, 0.03)
        return SceneObject(name=name, kind=name, position=position, yaw=0.0, size=(0.05, 0.05, 0.06), colour="grey")


class OwnPolicy:
    """Takes what it is told to take, in two manners."""

    checkpoint = "own-policy"

    def __init__(self, world: ShelfWorld) -> None:
        self.world = world

    def propose(self, image: np.ndarray, instruction: str, count: int, rng: np.random.Generator) -> tuple[Candidate, ...]:
        name = instruction.removeprefix("take the ").replace(" ", "_")
        thing = self.world.scene.find(name)
        plans = [Plan(steps=(pick_step(thing, 0, str(rng.choice(SPEEDS)), str(rng.choice(FORCES))),)) for _ in range(count)]
        return tuple(Candidate(text=str(plan), score=-float(rank), plan=plan) for rank, plan in enumerate(plans))


def shelf_task(seed: int) -> Task:
    _, info = Shelf().reset(seed=seed)
    goal = Goal(relation="held", object=info["wanted"])
    return Task(seed=seed, family="pick", split="shelf", instruction=f"take the {goal.object.replace('_', ' ')}", goal=goal, layout=())


# %% [markdown]
# ## It fails, and learns why


# %%
def agent_with(rulebook: Rulebook) -> Agent:
    checker = ClingoChecker(rulebook, knowledge)
    return Agent(world, OwnPolicy(world), checker, AspRepairer(checker), candidates=2)


world = ShelfWorld()
careless, observer, miner = agent_with(Rulebook(())), ClingoChecker(Rulebook(()), knowledge), RuleMiner()
before = Counter()
for seed in range(400):
    episode, _ = careless.run(shelf_task(seed), np.random.default_rng(seed), session="shelf", mode="policy")
    before[episode.outcome.success] += 1
    model = observer.model(episode.scene, episode.decision.plan, episode.task.goal)
    miner.add(step_rows(seed, seed, episode.decision.plan, episode.outcome, model))
report = miner.mine(())
for rule in report.rules:
    print(f"{rule.status:7} {rule.support:3} for {rule.against:2} against  {rule.saying}\n        {rule.text}")
rulebook = Rulebook(rule for rule in report.rules if rule.in_force)
assert rulebook.judging()

# %% [markdown]
# ## The same policy with its own rules
# Nothing in the policy has changed: the rules mend its plans before they run.

# %%
mended, after = agent_with(rulebook), Counter()
store = Store.open(Path(tempfile.mkdtemp()))
store.new_session("shelf", "{}")
store.record_rulebook(rulebook.hash, rulebook.judging())
shown = None
for seed in range(1_000, 1_200):
    episode, _ = mended.run(shelf_task(seed), np.random.default_rng(seed), session="shelf")
    after[episode.outcome.success] += 1
    number = store.record(episode)
    shown = number if episode.decision.repair and episode.outcome.success else shown
print(f"before: {before[True]} of {before.total()} succeed; with the rules {after[True]} of {after.total()}")
assert after[True] / after.total() > before[True] / before.total()

# %% [markdown]
# ## And it can say why

# %%
assert shown is not None
print(narrate(explain_episode(store, shown, knowledge)))
store.close()

# %% [markdown]
# Words and facts are those of `rules/vocabulary.lp`; what things are stands in `rules/knowledge`. A world that speaks of other things
# needs its kinds there, one line each. Logged steps of any system can be mined without a world: `siren mine --episodes FILE`.
