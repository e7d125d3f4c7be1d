"""Frames of a clip, upright and timed, in any range, one at a time."""

from collections.abc import Generator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posedeck.engine.video.container import open_clip
from posedeck.engine.video.probe import ClipFacts, guard_decoder


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture of a clip.

    Attributes:
        index: Its place in ``ClipFacts.times_s``.
        time_s: Its presentation time in seconds; the clip's first frame is at 0.
        pixels: Upright RGB (height, width, 3).
    """

    index: int
    time_s: float
    pixels: NDArray[np.uint8]


def read_frames(path: Path, facts: ClipFacts, start: int = 0, stop: int | None = None) -> Generator[Frame, None, None]:
    """The frames [start, stop) in presentation order; the same pixels whatever the range.

    A frame that is damaged beyond decoding is left out, so indices may jump. Memory does not grow with the clip.

    Args:
        path: The clip that was probed.
        facts: What ``probe`` said of it.
        start, stop: Range of frame indices; None goes to the end.

    Raises:
        ClipError: ``unreadable`` when the decoder gives up.
    """
    end = facts.frames if stop is None else min(stop, facts.frames)
    wanted = start
    if start >= end:
        return
    with closing(_decoded_from(path, facts, start)) as frames:
        for index, frame in frames:
            if index >= end:
                return
            if index >= wanted:
                yield Frame(index, float(facts.times_s[index]), _upright(frame, facts))
                wanted = index + 1


def _decoded_from(path: Path, facts: ClipFacts, start: int) -> Generator[tuple[int, VideoFrame], None, None]:
    """Decoded frames with their indices, the first of them not after ``start`` if the clip can be read at all."""
    if start > 0:
        with closing(_decoded(path, facts, facts.ticks[start])) as frames:
            first = next(frames, None)
            # Where the container's index is missing or wrong a seek lands behind: then all is decoded from the top.
            if first is not None and first[0] <= start:
                yield first
                yield from frames
                return
    yield from _decoded(path, facts, None)


def _decoded(path: Path, facts: ClipFacts, seek_to: int | None) -> Generator[tuple[int, VideoFrame], None, None]:
    with open_clip(path) as (container, stream):
        guard_decoder(stream)
        stream.thread_type = "AUTO"
        if seek_to is not None:
            with suppress(FFmpegError):  # not seekable: reading starts at the top, which serves as well
                container.seek(int(seek_to), stream=stream)
        for packet in container.demux(stream):
            for frame in _decode(packet):
                index = int(np.searchsorted(facts.ticks, -1 if frame.pts is None else frame.pts))
                if index < facts.frames and facts.ticks[index] == frame.pts:
                    yield index, frame


def _decode(packet: "Packet[VideoStream]") -> list[VideoFrame]:
    try:
        return packet.decode()
    except InvalidDataError:  # a damaged frame is left out; the next key frame mends the rest
        return []


def _upright(frame: VideoFrame, facts: ClipFacts) -> NDArray[np.uint8]:
    size = (facts.height, facts.width) if facts.quarter_turns % 2 else (facts.width, facts.height)
    pixels = frame.to_ndarray(format="rgb24", width=size[0], height=size[1])
    return np.ascontiguousarray(np.rot90(pixels, facts.quarter_turns))
