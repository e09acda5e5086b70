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
# # Co-training, and what the web data taught
#
# The policy is trained on two kinds of pictures at once. Robot pictures come with plans, but only of some kinds of things. Pictures as
# they are found on the web come with words only (captions, places, questions) and show every kind. If co-training works, the robot can
# act on things that no plan ever showed it, because the words and the places were learned from the other half.

# %%
import matplotlib.pyplot as plt
import numpy as np

from siren.config import shipped_checkpoint
from siren.learning.policy_eval import evaluate_policy
from siren.learning.robot_data import policy_vocabulary, robot_row
from siren.learning.web_data import web_row
from siren.policy.proposer import Proposer
from siren.world.camera import Camera, layout_bodies
from siren.world.catalogue import catalogue
from siren.world.tasks import make_task

rng = np.random.default_rng(4)
vocabulary = policy_vocabulary()
seen = {item.kind for seed in range(150) for item in make_task(seed, "seen").layout}
unseen = {make_task(seed, "unseen").goal.object for seed in range(150)} - seen
print(f"{len(catalogue())} kinds of things; {len(unseen)} of them come in no plan of the training data: {', '.join(sorted(unseen))}")

# %% [markdown]
# ## The two halves
# Left, a robot picture with what is asked and the plan as the model writes it; right, a picture from the web half with some of its texts.

# %%
with Camera() as camera:
    robot, web = robot_row(rng, camera, vocabulary), web_row(rng, camera)
figure, places = plt.subplots(1, 2, figsize=(8, 4))
for place, row, title in zip(places, (robot, web), ("robot", "web"), strict=True):
    place.imshow(row.image)
    place.set_title(title)
    place.axis("off")
plt.show()
for row, title in ((robot, "robot"), (web, "web")):
    print(f"{title}:")
    for text in row.texts[:4]:
        print(f"  {text.prompt}\n    -> {text.answer}")

# %% [markdown]
# ## Asked about a thing that no plan ever showed
# The shipped policy is asked where something is, and what it would do. It sees the picture and the sentence, and nothing else.

# %%
policy = Proposer.load(shipped_checkpoint())
task = next(task for task in (make_task(seed, "unseen", "pick") for seed in range(300)) if task.goal.object in unseen)
with Camera() as camera:
    image = camera.look(layout_bodies(task)).image
words = "the " + task.goal.object.replace("_", " ")
pointing = policy.point(image, words)
true = next(item.position for item in task.layout if item.name == task.goal.object)
print(f"where is {words}? It answers {pointing.name} at {pointing.position}; it stands at {tuple(round(v, 3) for v in true[:2])}")
print(policy.propose(image, task.instruction, 1, rng)[0].text)

# %% [markdown]
# ## Seen, unseen, and named by use
# Fresh pictures, none of them from training. `seen` kinds came with plans; `unseen` kinds came in the web half only; in the other two
# columns nothing is named: the thing is asked for by what it is good for ("something to drink from"). Twenty scenes a column say roughly
# how it stands; the model card has the full figures, and what is lost when the web half is left out.

# %%
report = evaluate_policy(policy, count=20, columns=("seen", "unseen", "use_seen", "use_unseen"))
print(report.table())
assert 0 <= report.column("unseen").object_right <= 1
names = [column.column for column in report.columns]
plt.figure(figsize=(5, 3))
plt.bar(names, [column.object_right for column in report.columns], label="the right thing is touched")
plt.plot(names, [column.word_right for column in report.columns], "ko", label="the right word is said")
plt.ylim(0, 1)
plt.legend(loc="lower left")
plt.show()

# %% [markdown]
# Where place and word disagree, the rules speak of the thing at the place, and the disagreement is a fact of its own (`mismatch`) that
# explanations show and practice trains away.
