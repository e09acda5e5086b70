"""The layout of a LeRobotDataset v3 folder as SIREN writes and reads it (huggingface/lerobot, codebase version v3.0).

    meta/info.json    features, totals, where files are        meta/stats.json    minimum, maximum, mean and spread of each feature
    meta/tasks.parquet, meta/episodes/chunk-000/file-000.parquet
    data/chunk-000/file-000.parquet, videos/observation.images.overhead/chunk-000/file-000.mp4: one file an episode

A frame is one step of a plan. Its picture is the one that the plan was made from, because nobody looks again before the last step; its
action is the keyframe. What LeRobot has no word for stands in columns of its own: the step as text, success, cause, and the failed step.
"""

from pydantic import BaseModel, ConfigDict, Field

VERSION = "v3.0"
INFO, STATS, TASKS = "meta/info.json", "meta/stats.json", "meta/tasks.parquet"
EPISODES = "meta/episodes/chunk-{chunk:03d}/file-{file:03d}.parquet"
DATA = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet"
VIDEO = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4"
PICTURE, ACTION, STEP = "observation.images.overhead", "action", "siren.step"
SUCCESS, CAUSE, FAILED_STEP = "siren.success", "siren.cause", "siren.failed_step"
CHUNK = 1000  # files in a folder
FPS = 1
ACTION_NAMES = ("x", "y", "z", "roll", "pitch", "yaw", "closed", "speed", "force")
"""Metres, degrees, 1 for a hand that closes, 0 to 2 for slow to fast, 0 or 1 for gentle or firm."""


class Feature(BaseModel):
    """One column. `names` are those of its numbers."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    dtype: str
    shape: tuple[int, ...]
    names: tuple[str, ...] | None = None


class Info(BaseModel):
    """meta/info.json, as far as it is needed to read a set."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    codebase_version: str
    fps: float = Field(gt=0)
    total_episodes: int = Field(ge=0)
    total_frames: int = Field(ge=0)
    total_tasks: int = Field(ge=0)
    data_path: str
    video_path: str | None
    features: dict[str, Feature]


def features(pixels: int) -> dict[str, dict[str, object]]:
    """The columns of a set whose pictures are that large."""
    video = {
        "video.height": pixels, "video.width": pixels, "video.codec": "h264", "video.pix_fmt": "yuv444p",
        "video.is_depth_map": False, "video.fps": FPS, "video.channels": 3, "has_audio": False,
    }  # fmt: skip
    single: dict[str, dict[str, object]] = {
        name: {"dtype": dtype, "shape": [1], "names": None}
        for name, dtype in (
            ("timestamp", "float32"), ("frame_index", "int64"), ("episode_index", "int64"), ("index", "int64"), ("task_index", "int64"),
            (STEP, "string"), (SUCCESS, "bool"), (CAUSE, "string"), (FAILED_STEP, "int64"),
        )
    }  # fmt: skip
    return {
        PICTURE: {"dtype": "video", "shape": [pixels, pixels, 3], "names": ["height", "width", "channels"], "info": video},
        ACTION: {"dtype": "float32", "shape": [len(ACTION_NAMES)], "names": list(ACTION_NAMES)},
        **single,
    }
