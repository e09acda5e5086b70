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
# # Read, edit and test rules
#
# A rule is one line of Answer Set Programming with a sentence for people. Here is what a session has learned, what a change of a rule
# would have done, what is refused, and where every wording is kept. `siren rules` and the pages of `siren serve` call the same functions.

# %%
import tempfile
from pathlib import Path

from siren.core.errors import RuleError
from siren.explain.consequences import without_rule
from siren.explain.editing import StaleEditError, change_standing, mark, read_edit, related, rule_on_file, save_edit
from siren.explain.narrate import narrate
from siren.explain.replay import replay
from siren.explain.wordings import diff_wordings
from siren.memory.store import Store
from siren.symbolic.knowledge import Knowledge
from siren.symbolic.rulebook import Rulebook, write_text
from siren.web.sample import lay_out_sample

home = Path(tempfile.mkdtemp())
lay_out_sample(home)
(folder,) = (home / "sessions").glob("*/rules")
session, store = folder.parent.name, Store.open(home)
rulebook, knowledge = Rulebook.load(folder), Knowledge.load(folder)

# %% [markdown]
# ## What it holds to

# %%
learned = [rule for rule in rulebook.judging() if not rule.hard]
for rule in sorted(learned, key=lambda rule: -rule.support)[:8]:
    print(f"{rule.id}  {rule.support:3} for {rule.against:2} against  {rule.saying}")

# %% [markdown]
# ## One rule and its evidence
# Of the rules, the one that would have blocked most of what is on record, judged by replaying the stored decisions.

# %%
replays = replay(store, session, learned, knowledge)
busiest = max(replays, key=lambda one: (len(one.of("right")), one.rule.id))
rule = busiest.rule
print(write_text(rule))
print(
    f"blocked {len(busiest.blocked)} steps in {busiest.runs} runs: {len(busiest.of('right'))} rightly, {len(busiest.of('wrong'))} wrongly"
)
print("share that is right, 95 %: {:.2f} to {:.2f}".format(*busiest.precision))
for example in (*busiest.examples("right"), *busiest.examples("wrong")):
    print(f"  {example.judgement}: episode {example.episode}, step {example.step}: {example.instruction}")
assert busiest.blocked

# %% [markdown]
# ## What would have happened without it?

# %%
print(narrate(without_rule(store, session, rule, knowledge)))

# %% [markdown]
# ## Changing it
# The edit says less: it lets slow movements pass. Before it goes live, both wordings judge what is on record, and the other rules are
# asked whether the new one repeats or contradicts them.

# %%
narrower = rule.text.rstrip(". \n") + ", not speed(T, slow)."
edited = read_edit(folder, rule, rule.sentence.rstrip(".") + ", unless it is moved slowly.", narrower)
before, after = replay(store, session, (rule, edited), knowledge)
print(f"as it stands {len(before.blocked)} steps blocked, as edited {len(after.blocked)}")
for found in related(edited, rulebook.judging()):
    print(f"  {found.sentence}")
seen = mark(rule)
save_edit(store, session, folder, edited, seen)
for version in store.rule_history(rule.id, session):
    print(f"wording {version.number}, by {version.author}: {version.rule.sentence}")
print("\n".join(diff_wordings(rule, rule_on_file(folder, rule.id))))
assert len(after.blocked) <= len(before.blocked)

# %% [markdown]
# ## Somebody else was faster
# Whoever opened the rule before that edit cannot write over it: the edit is refused, and both wordings are kept.

# %%
late = read_edit(folder, rule, rule.sentence, rule.text.rstrip(". \n") + ", not force(T, gentle).")
try:
    save_edit(store, session, folder, late, seen)
except StaleEditError as conflict:
    print(str(conflict).replace(str(home), "HOME"))
    kept = conflict.kept
assert kept is not None
assert kept.is_file()

# %% [markdown]
# ## What may not come in
# Rule text from a file or a form is hostile until it has passed the validator and a trial grounding in a process with limits.

# %%
for text in (
    '#include "/etc/passwd".',
    f"violated({rule.id}, (O,), T) :- step(T, pick, O), mass(O, heavy).",
    f"violated({rule.id}, (O,), T) :- step(T, pick, O), N > 3.",
):
    try:
        read_edit(folder, rule, rule.sentence, text)
    except RuleError as refusal:
        print(refusal)

# %% [markdown]
# ## Pin, ban, and what the history says

# %%
change_standing(store, session, folder, rule.id, "pin", "", "kim")
change_standing(store, session, folder, rule.id, "ban", "", "lee")
for change in store.rule_transitions(rule.id, session):
    print(f"{change.before or 'new'} -> {change.after}, by {change.author}: {change.reason or '-'}")
assert not rule_on_file(folder, rule.id).in_force
store.close()
