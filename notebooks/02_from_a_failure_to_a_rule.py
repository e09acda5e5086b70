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
# # From a failure to a rule
#
# Things are taken from the table without care until something goes wrong. The same table is laid again with one thing changed, to see
# what would have worked. Then the miner looks at all steps together, says what the failures have in common, and tests it on tables
# that it did not look at. No weights are involved, and nobody tells it the laws of this world.

# %%
from collections import Counter
from functools import partial

import numpy as np

from siren.config import shipped_rules
from siren.core.action import FORCES, SPEEDS
from siren.core.geometry import pick_step
from siren.core.plan import Plan
from siren.learning.failures import root_cause, step_rows
from siren.learning.miner import RuleMiner
from siren.learning.probes import chain_probes
from siren.symbolic.checker import ClingoChecker
from siren.symbolic.edits import variants
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.world.tabletop import Tabletop
from siren.world.tasks import make_task

TABLES = 110  # a rule needs failures and successes on several tables before it may be believed


def careless(scene, name, rng):
    """Take the thing from above, in any manner."""
    thing = scene.find(name)
    turn = float(rng.choice([0, 45, 90, 135]))
    return Plan(steps=(pick_step(thing, turn, str(rng.choice(SPEEDS)), str(rng.choice(FORCES))),))


# %% [markdown]
# ## The first failure
# The world is exact: the same table and the same plan always end in the same way, so a failure can be asked again.

# %%
world = Tabletop()
runs = []
for seed in range(TABLES):
    task = make_task(5_000 + seed, family="pick")
    rng = np.random.default_rng(seed)
    scene = world.reset(task)
    plan = careless(scene, task.goal.object, rng)
    runs.append((seed, task, scene, plan, world.execute(plan)))
kinds = Counter(cause.kind for *_, outcome in runs if (cause := root_cause(outcome)))
print(f"{sum(kinds.values())} of {TABLES} runs went wrong: {dict(kinds)}")
assert kinds

# %% [markdown]
# ## What would have worked?
# One thing is changed at a time: speed, force, the turn of the hand, a step put in before. What comes further is kept and changed again.

# %%
probed = []
for seed, task, scene, plan, outcome in [run for run in runs if root_cause(run[4])][:12]:

    def again(changed, task=task):
        world.reset(task)
        return world.execute(changed)

    report = chain_probes(plan, outcome, edits=partial(variants, scene), run=again, rng=np.random.default_rng(seed))
    probed += [(seed, task, scene, attempt.plan, attempt.outcome) for attempt in report.attempts]
    cause = root_cause(outcome)
    fixed = ", ".join(f"{edit.field} {edit.before} -> {edit.after}" for edit in report.fix_edits) or "nothing that was tried"
    print(f"{cause.kind} {cause.subject or ''}: mended by {fixed}")

# %% [markdown]
# ## What do the failures have in common?
# Every executed step becomes a row: all that was true before it, and what first went wrong at it. The miner sees these rows only.

# %%
knowledge = Knowledge.load(shipped_rules())
observer = ClingoChecker(Rulebook(()), knowledge)
miner = RuleMiner()
for number, (seed, task, scene, plan, outcome) in enumerate(runs + probed, 1):
    miner.add(step_rows(number, seed, plan, outcome, observer.model(scene, plan, task.goal)))
report = miner.mine(())
for rule in report.rules:
    print(f"{rule.status:9} {rule.support:3} for {rule.against:2} against   {rule.saying}\n          {rule.text}")
for gap in report.gaps:
    print(f"not explained: {gap.unexplained} of {gap.failures} '{gap.family}' at {gap.group}: {gap.reason}")
assert report.rules

# %% [markdown]
# ## Does it hold on tables that nobody has seen?
# The rules judge fresh careless plans before they run. A rule is right when the step it refuses goes wrong.

# %%
trusted = [rule.model_copy(update={"status": "active"}) for rule in report.rules if rule.status in ("active", "probation", "shadow")]
judge = ClingoChecker(Rulebook(trusted), knowledge)
tally = Counter()
for seed in range(40):
    task = make_task(9_000 + seed, family="pick")
    scene = world.reset(task)
    plan = careless(scene, task.goal.object, np.random.default_rng([seed, 1]))
    refused = not judge.check(scene, [plan], task.goal)[0].clean
    tally[(refused, bool(root_cause(world.execute(plan))))] += 1
world.close()
print(f"refused and went wrong {tally[(True, True)]}, refused and went well {tally[(True, False)]}")
print(f"let through and went wrong {tally[(False, True)]}, let through and went well {tally[(False, False)]}")

# %% [markdown]
# In a session the same happens round by round on thousands of steps (`siren learn`), with the plans of the policy; see
# `05_a_long_session.py`.
