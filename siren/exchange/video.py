"""Pictures as a small mp4 and back. Colours survive within a few levels of 255: H.264 keeps brightness and tint, not red, green, blue."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from siren.core.errors import DataError

MOST_FRAMES = 100_000


def write_video(images: Sequence[np.ndarray], path: Path, fps: int) -> None:
    """uint8 (height, width, 3) RGB pictures of one size, height and width even, as one file."""
    height, width = images[0].shape[:2]
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=fps, options={"crf": "4", "preset": "veryfast", "g": "2"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv444p"
        stream.time_base = Fraction(1, fps)
        for image in images:
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")))
        file.mux(stream.encode())


def read_video(path: Path) -> list[np.ndarray]:
    """Every frame as uint8 (height, width, 3) RGB. DataError for what is no video."""
    try:
        with av.open(str(path)) as file:
            frames = [frame.to_ndarray(format="rgb24") for _, frame in zip(range(MOST_FRAMES), file.decode(video=0), strict=False)]
    except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
        raise DataError(f"{path}: expected a video, got {error}; export or fetch the set again") from error
    if not frames:
        raise DataError(f"{path}: expected a video, got one without frames; export or fetch the set again")
    return frames
