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
# # A long session, and reading its report
#
# A session practises, probes its failures, mines rules, trains weights and measures what all that was worth. This one is cut down to
# what fits into a minute, so its figures mean little; a real one is `siren learn` (minutes) or `siren learn --rounds 40` (a night).
# Everything below reads the record and works the same on those.

# %%
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from siren.config import SessionConfig
from siren.core.statistics import wilson
from siren.eval.metrics import measure
from siren.eval.page import write_page
from siren.eval.report import report_on
from siren.explain.consequences import learned_from
from siren.explain.narrate import narrate
from siren.explain.query import explain_episode
from siren.loop.journal import FILE, Journal, read_events
from siren.loop.session import Session
from siren.loop.start import new_session, place
from siren.memory.overview import tally
from siren.memory.store import Store
from siren.symbolic.knowledge import Knowledge

home = Path(tempfile.mkdtemp())
store = Store.open(home)
wanted = SessionConfig(name="short", rounds=2, episodes=8, probes=2, burn_in=1, held_out=5, audit=0, train=False)
config = new_session(wanted, home, store)
folder = home / "sessions" / config.name
with Journal(folder) as journal:
    Session(config, home, store, place(config, home), journal).run()
print(f"{store.count_episodes(config.name)} episodes on record")

# %% [markdown]
# ## The diary
# Every session writes its events as lines of JSON; `siren sessions tail` shows them while they come.

# %%
_, events = read_events(folder / FILE)
for event in events:
    if event["event"] in ("phase", "mining", "end"):
        print({key: value for key, value in event.items() if key not in ("n", "time")})
assert events

# %% [markdown]
# ## Round by round
# Of each use (practice, probes, held-out tasks) how many succeeded. Intervals are Wilson's, 95 %: few tasks, wide bars.

# %%
practice = {}
for one in tally(store, config.name):
    print(f"round {one.round} {one.use:9} {one.family:9} {one.successes} of {one.episodes}")
    if one.use == "collect":
        done = practice.get(one.round, (0, 0))
        practice[one.round] = (done[0] + one.successes, done[1] + one.episodes)
shares = {number: good / count for number, (good, count) in practice.items()}
spread = {number: wilson(*pair) for number, pair in practice.items()}
below = [max(0.0, shares[number] - spread[number][0]) for number in shares]
above = [max(0.0, spread[number][1] - shares[number]) for number in shares]
plt.figure(figsize=(4, 3))
plt.errorbar(list(shares), list(shares.values()), yerr=[below, above], fmt="o-", capsize=4)
plt.ylim(0, 1)
plt.xlabel("round")
plt.ylabel("success in practice")
plt.show()

# %% [markdown]
# ## What it was worth
# The same held-out tasks before and after, paired; rules in force; what they foresaw. `docs/metrics.md` says what each figure means.

# %%
print(measure(store, config).model_dump_json(indent=1)[:1500])
report = report_on(store, config, folder, seconds=0.0)
page = write_page(report, folder / "report.html")
print(f"{page.name}: {page.stat().st_size} bytes, one file that can be sent around")
for rule in report.active:
    print(f"{rule.id}: {rule.saying}")

# %% [markdown]
# ## From a figure to the episode behind it
# A failure of practice: the chain of the decision, and what was learned from it.

# %%
knowledge = Knowledge.load(folder / "rules")
failed = next(episode for episode in store.episodes(config.name, use="collect") if not episode.outcome.success)
print(narrate(explain_episode(store, failed.id, knowledge)))
print()
print(narrate(learned_from(store, failed.id)))
store.close()

# %% [markdown]
# A session that was stopped goes on with `siren learn --resume`; `siren sessions compare A B` sets two beside each other, and
# `siren compare checkpoints A B` their weights.
