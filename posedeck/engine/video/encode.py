"""Writing clips that browsers play: H.264 in MP4, 4:2:0, its index at the front, frames at their true times."""

from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

#: Ticks a second of the written clips: divisible by all usual frame rates, and fine enough for uneven ones.
CLOCK_HZ = 90_000
#: Constant rate factor of x264: 18 cannot be told from the source, 23 is its default.
_QUALITY = "21"
_PRESET = "veryfast"
_KEY_FRAME_EVERY = 30


class ClipWriter:
    """Takes frames one by one. Memory does not grow with the clip."""

    def __init__(self, container: OutputContainer, stream: VideoStream) -> None:
        self._container = container
        self._stream = stream

    def write(self, picture: NDArray[np.uint8], time_s: float) -> None:
        """Append an RGB picture (h, w, 3); times must increase, and all pictures be of one size.

        An odd side gets one more row or column, a copy of the last: chroma comes in pairs.
        """
        even = cv2.copyMakeBorder(picture, 0, picture.shape[0] % 2, 0, picture.shape[1] % 2, cv2.BORDER_REPLICATE)
        if not self._stream.codec_context.is_open:
            self._stream.height, self._stream.width = even.shape[:2]
        frame = av.VideoFrame.from_ndarray(np.asarray(even, np.uint8), format="rgb24")
        frame.pts, frame.time_base = round(time_s * CLOCK_HZ), Fraction(1, CLOCK_HZ)
        self._container.mux(self._stream.encode(frame))

    def _end(self) -> None:
        if self._stream.codec_context.is_open:
            self._container.mux(self._stream.encode())


@contextmanager
def clip_writer(path: Path, fps: float, every_frame_whole: bool = False) -> Generator[ClipWriter, None, None]:
    """A writer into a new MP4 file, which is complete on leaving.

    Args:
        path: File to write, ending in ``.mp4``.
        fps: About how many frames come a second, for the encoder's rate control and for players' display; the frames
            keep the times they are written with.
        every_frame_whole: Code each frame by itself: two to four times the bytes, but a player shows any frame at once.
    """
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1001))
        stream.pix_fmt = "yuv420p"
        stream.codec_context.time_base = Fraction(1, CLOCK_HZ)
        stream.time_base = Fraction(1, CLOCK_HZ)
        stream.gop_size = 1 if every_frame_whole else _KEY_FRAME_EVERY
        stream.options = {"crf": _QUALITY, "preset": _PRESET}
        writer = ClipWriter(container, stream)
        yield writer
        writer._end()
