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
# # One decision, and why
#
# An episode from a recorded session: what the camera saw, what the policy proposed, which learned rule spoke against it, how the plan
# was mended, and what came of it. Then both plans run once more in the world, and the explanation is put to the test.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from siren.config import PROJECT
from siren.explain.narrate import narrate
from siren.explain.query import explain_episode, what_if
from siren.memory.sample import read_sample
from siren.memory.store import Store
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook
from siren.world.tabletop import Tabletop

SAMPLE = PROJECT / "episodes" / "sample"
rows = read_sample(SAMPLE)
episode, image = next(row for row in rows if row[0].decision.repair is not None and row[0].outcome.success)
print(f"{len(rows)} recorded episodes; this one was asked to {episode.task.instruction!r}")

# %% [markdown]
# ## What the camera saw
# The policy gets this picture and the instruction, and nothing else. Up is away from the robot.

# %%
plt.figure(figsize=(4, 4))
plt.imshow(image)
plt.title(episode.task.instruction)
plt.axis("off")
plt.show()

# %% [markdown]
# ## What it proposed

# %%
decision = episode.decision
proposed = decision.candidates[decision.chosen].plan
assert proposed is not None
print(proposed)

# %% [markdown]
# ## What the rules said
# A rule is one line of Answer Set Programming with its sentence and its record. These were learned from failures in the same session.

# %%
rulebook = Rulebook.load(SAMPLE / "rules")
broken = {violation.rule for candidate in decision.candidates if candidate.verdict for violation in candidate.verdict.violations}
for name in sorted(broken):
    rule = rulebook.rules[name]
    print(f"{name}: {rule.saying}  ({rule.support} for, {rule.against} against)\n    {rule.text}")
assert broken

# %% [markdown]
# ## What was run instead

# %%
for edit in decision.repair.edits:
    print(f"step {edit.step}: {edit.field} {edit.before} -> {edit.after}")
print(decision.plan)

# %% [markdown]
# ## Both plans in the world
# The world is exact: the same scene and the same plan give the same episode.

# %%
with Tabletop() as world:
    world.reset(episode.task)
    without = world.execute(proposed)
    world.reset(episode.task)
    repaired = world.execute(decision.plan)
for name, outcome in (("as proposed", without), ("as repaired", repaired)):
    first = outcome.events[0] if outcome.events else None
    print(f"{name}: {'success' if outcome.success else f'{first.kind} {first.subject} at step {first.step}, {first.phase}'}")

# %% [markdown]
# ## The explanation, tested
# Every reason is verified: solved again without the named rule, exactly its violations are gone.

# %%
knowledge = Knowledge.load(SAMPLE / "rules")
with tempfile.TemporaryDirectory() as folder:
    store = Store.open(Path(folder))
    store.new_session(episode.session, "{}")
    store.record_rulebook(decision.rulebook, rulebook.judging())
    number = store.record(episode)
    explanation = explain_episode(store, number, knowledge)
    fact = f"speed(1,{'slow' if proposed.steps[0].keyframe.speed != 'slow' else 'fast'})"
    other = what_if(store, number, fact, knowledge)
    store.close()
print(narrate(explanation))
assert explanation.verified == explanation.proofs > 0

# %% [markdown]
# ## And if ...

# %%
print(narrate(other))
