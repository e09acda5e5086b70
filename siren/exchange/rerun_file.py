"""Episodes as a recording for the Rerun viewer: the picture, the keyframes on it and in space, the plan as text, and what went wrong.

One step of the timeline `episode` is one episode, one step of `step` one keyframe. Needs the extra `rerun`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from siren.core.action import WORKSPACE_HIGH, WORKSPACE_LOW
from siren.core.episode import Episode
from siren.core.errors import DataError
from siren.exchange.lerobot_writer import Recorded

FAILED, FINE = (200, 40, 40), (30, 130, 60)


def write_rerun(recorded: Iterable[Recorded], out: Path) -> tuple[int, int]:
    """Write one .rrd file that does not exist yet. Returns how many episodes and keyframes it has."""
    try:
        import rerun
    except ModuleNotFoundError as error:
        reason = f"expected the extra 'rerun', but {error.name} is not installed; pip install --editable '.[rerun]'"
        raise DataError(reason) from error
    if out.exists():
        raise DataError(f"expected a new file for the recording, but {out} exists; choose another name or remove it")
    out.parent.mkdir(parents=True, exist_ok=True)
    recording = rerun.RecordingStream("siren")
    recording.save(str(out))
    episodes = frames = 0
    for one in recorded:
        recording.set_time("episode", sequence=episodes)
        frames += _episode(rerun, recording, one)
        episodes += 1
    recording.flush()
    recording.disconnect()
    if not episodes:
        out.unlink(missing_ok=True)
        raise DataError("expected at least one episode with a picture, found none; run `siren learn` or `siren run` first")
    return episodes, frames


def _episode(rerun: Any, recording: Any, one: Recorded) -> int:
    """One episode. The picture shows the workspace from above: up is +x, left is +y."""
    episode, steps = one.episode, one.episode.decision.plan.steps
    first = episode.outcome.events[0] if episode.outcome.events else None
    recording.log("overhead", rerun.Image(one.image))
    recording.log("instruction", rerun.TextDocument(episode.task.instruction))
    recording.log("plan", rerun.TextDocument(str(episode.decision.plan)))
    recording.log("outcome", rerun.TextLog(_told(episode), level="INFO" if episode.outcome.success else "ERROR"))
    recording.log("success", rerun.Scalars(float(episode.outcome.success)))
    places = np.array([step.keyframe.position for step in steps])
    colours = [FAILED if first is not None and first.step == number else FINE for number in range(1, len(steps) + 1)]
    labels = [step.symbolic_text() for step in steps]
    pixels = (np.array(WORKSPACE_HIGH[1::-1]) - places[:, 1::-1]) / (np.array(WORKSPACE_HIGH[1::-1]) - np.array(WORKSPACE_LOW[1::-1]))
    recording.log("overhead/keyframes", rerun.Points2D(pixels * one.image.shape[0], colors=colours, labels=labels))
    for number, (place, colour, label) in enumerate(zip(places, colours, labels, strict=True), 1):
        recording.set_time("step", sequence=number)
        recording.log("keyframe", rerun.Points3D([place], colors=[colour], labels=[label], radii=0.01))
    recording.disable_timeline("step")
    return len(steps)


def _told(episode: Episode) -> str:
    first = episode.outcome.events[0] if episode.outcome.events else None
    if episode.outcome.success:
        return "success"
    return f"{first.kind} {first.subject or ''} at step {first.step}, {first.phase}" if first else "the goal was not reached"
