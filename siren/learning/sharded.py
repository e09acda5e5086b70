"""Lessons as better weights where no process holds them all: parameters, gradients and optimiser state in parts (FSDP).

Zhao et al., arXiv 2304.11277, in PyTorch's `fully_shard`. transformers' Trainer leaves this to a library that ignores the wish on
processors, so the loop is our own; schedule, clipping and optimiser are those of that Trainer. Every process must call it alike.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import distributed, nn
from torch.distributed.checkpoint.state_dict import StateDictOptions, get_model_state_dict
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.fsdp import MixedPrecisionPolicy, fully_shard
from transformers import get_cosine_schedule_with_warmup

from siren.core.errors import CheckpointError

Feeds = Callable[[int], dict[str, torch.Tensor]]  # number of a step -> what this process learns from in it


class Sharded(NamedTuple):
    """The mean loss of every step, and all weights in full: in the first process only, elsewhere nothing."""

    losses: list[float]
    weights: dict[str, torch.Tensor] | None


class Course(NamedTuple):
    """How long and how; fields as in `TuningConfig`."""

    steps: int
    rate: float
    bfloat16: bool = False
    checkpointing: bool = False
    compiled: bool = False


def train_sharded(model: Any, feed: Feeds, course: Course, listener: Callable[[int, float], None] | None = None) -> Sharded:
    """Train in place. CheckpointError when this process is not one of several that know each other."""
    if not distributed.is_initialized():
        raise CheckpointError("expected several processes to share the weights out to, got one; ask for --workers 2 or more with --shard")
    device = torch.device("cuda", torch.cuda.current_device()) if torch.cuda.is_available() else torch.device("cpu")
    model = model.to(device).train()
    if course.checkpointing:
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    shard(model, device, course.bfloat16)
    step = torch.compile(model) if course.compiled else model
    optimiser = torch.optim.AdamW([weight for weight in model.parameters() if weight.requires_grad], lr=course.rate, weight_decay=0.0)
    schedule = get_cosine_schedule_with_warmup(optimiser, max(1, course.steps // 20), course.steps)
    losses: list[float] = []
    for number in range(course.steps):
        loss = step(**{name: value.to(device) for name, value in feed(number).items()}).loss
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad(set_to_none=True)
        losses.append(_mean_of_all(loss.detach()))
        if listener is not None:
            listener(number + 1, losses[-1])
    weights: Any = get_model_state_dict(model, options=StateDictOptions(full_state_dict=True, cpu_offload=True))
    return Sharded(losses, weights if distributed.get_rank() == 0 else None)


def shard(model: Any, device: torch.device, bfloat16: bool) -> int:
    """Share out every block that the model's class wants kept together, then the rest. Returns the number of parts it was cut into."""
    mesh = init_device_mesh(device.type, (distributed.get_world_size(),))
    policy = MixedPrecisionPolicy(param_dtype=torch.bfloat16 if bfloat16 else None, reduce_dtype=torch.float32)
    together = set(_blocks(model))
    blocks = [module for module in model.modules() if type(module).__name__ in together]
    for block in (*blocks, model):
        fully_shard(block, mesh=mesh, mp_policy=policy)
    return len(blocks) + 1


def _blocks(model: Any) -> Sequence[str]:
    """Names of classes; adapters (peft) hold the model that knows them."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return tuple(inner._no_split_modules or ())


def _mean_of_all(loss: torch.Tensor) -> float:
    total = loss.float().clone()
    distributed.all_reduce(total)
    return float(total) / distributed.get_world_size()
