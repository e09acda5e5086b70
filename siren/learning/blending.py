"""Old and new weights as a mixture of both: as much of what was learned as can be had without losing what was known.

    weights = old + share * (new - old)

On the straight line between weights and their fine-tuned selves, much of the new skill comes before the old ones go
(Wortsman et al., Robust fine-tuning of zero-shot models, arXiv 2109.01903). Beside rules three quarters of the way are enough: what the
rest would bring, rules mend as well, and it costs a little of what practice never shows, kinds that no robot data hold and several things
at once. On 270 such tables three quarters did 190, all of it 182 (docs/experiments.md).
"""

from pathlib import Path

from siren.policy.checkpoint import Checkpoint, load_checkpoint, save_checkpoint

BESIDE_RULES = (0.75, 0.5, 0.35)  # shares, tried in this order,
ALONE = (1.0, 0.8, 0.6, 0.45)  # and where no rule is asked


def blend(old: Path, new: Path, share: float, out: Path) -> Path:
    """Save the mixture as a checkpoint folder of its own and return it; all of the new weights are `new` itself.

    CheckpointError when the two were not made for the same model.
    """
    if share >= 1.0:
        return new
    base, tuned = load_checkpoint(old), load_checkpoint(new)
    before = base.model.state_dict()
    after = tuned.model.state_dict()
    mixed = {name: before[name] + share * (value - before[name]) if value.is_floating_point() else value for name, value in after.items()}
    tuned.model.load_state_dict(mixed)
    save_checkpoint(Checkpoint(tuned.model, tuned.vocabulary, out.name), out)
    return out
