"""Small clips with a known picture in every frame."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

CLOCK = 1000


def write_clip(
    path: Path,
    pictures: Iterable[np.ndarray],
    times_ms: Sequence[int],
    codec: str = "libx264",
    turn: int = 0,
    pixel_shape: Fraction = Fraction(1),
    key_frame_every: int = 12,
    preset: str = "medium",
) -> Path:
    """Write RGB pictures at the given times; ``turn`` is the counter-clockwise rotation a player is told to apply."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30)
        assert isinstance(stream, av.VideoStream)
        stream.codec_context.time_base = Fraction(1, CLOCK)
        stream.time_base = Fraction(1, CLOCK)
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 2_000_000
        stream.options = {"preset": preset} if codec == "libx264" else {}
        stream.gop_size = key_frame_every
        if turn:
            stream.set_display_rotation(turn)
        for picture, time_ms in zip(pictures, times_ms, strict=True):
            if stream.codec_context.is_open is False:
                stream.height, stream.width = picture.shape[:2]
                stream.codec_context.sample_aspect_ratio = pixel_shape
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, CLOCK)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def numbered(count: int, width: int = 64, height: int = 48) -> list[np.ndarray]:
    """Plain pictures that get brighter by 5 from frame to frame."""
    return [np.full((height, width, 3), 20 + 5 * number, np.uint8) for number in range(count)]


def number_of(picture: np.ndarray) -> int:
    """Which of the ``numbered`` pictures this is."""
    return round((float(picture.mean()) - 20) / 5)
