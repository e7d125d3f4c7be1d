"""What a clip is, read from its packets and one frame, and whether it is within limits, before it is decoded."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from posedeck.engine.video.container import open_clip, unreadable
from posedeck.engine.video.errors import ClipError

#: A file may unpack (at 12 bits a pixel, as video is coded) into so many times its own size; only what unpacks into
#: more than the second figure is judged. A black 4K clip reaches 60,000 times, real footage some hundreds.
MAX_EXPANSION = 10_000
HARMLESS_BYTES = 512 * 1024**2
_CODED_BYTES_PER_PIXEL = 1.5

#: The frame rate counts as variable when an interval is off the median by more than this share and one clock tick.
UNEVEN_SHARE = 0.1

#: The container's word for the frame rate is taken when it is this near to what its frames' times say.
TOLD_SHARE = 0.002

#: Coded pictures are padded to whole blocks, so a decoder may ask for a little more than the stream announces.
_PADDING_PX = 256


@dataclass(frozen=True)
class ClipLimits:
    """What a clip may be. Sides hold for upright and for lying clips alike.

    Attributes:
        max_bytes: Size of the file.
        min_frames, max_frames: Number of frames.
        max_duration_s: From the first frame to the end of the last one, in seconds.
        max_long_side, max_short_side: Sides in pixels.
    """

    max_bytes: int
    min_frames: int = 1
    max_frames: int = 18_000
    max_duration_s: float = 600.0
    max_long_side: int = 3840
    max_short_side: int = 2160


@dataclass(frozen=True, eq=False)
class ClipFacts:
    """A clip as it is shown: upright, with square pixels.

    Attributes:
        width, height: Upright size in pixels.
        quarter_turns: Counter-clockwise quarter turns 0..3 that bring a coded picture upright.
        times_s: (frames,) presentation time of each frame in seconds, the first at 0, strictly increasing.
        ticks: (frames,) the same in the container's clock, as decoded frames carry it.
        duration_s: From the first frame to the end of the last one.
        fps: Frames per second on average.
        variable_rate: Whether the frames are unevenly spaced.
        bytes: Size of the file.
    """

    width: int
    height: int
    quarter_turns: int
    times_s: NDArray[np.float64]
    ticks: NDArray[np.int64]
    duration_s: float
    fps: float
    variable_rate: bool
    bytes: int

    @property
    def frames(self) -> int:
        """Number of frames."""
        return len(self.ticks)


def probe(path: Path, limits: ClipLimits) -> ClipFacts:
    """Facts of a clip; no frame but the first is decoded, and that only within the limits.

    Raises:
        ClipError: when it cannot be read or breaks a limit.
    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise ClipError("too_many_bytes", f"the video has {size:,} bytes, at most {limits.max_bytes:,} are taken")
    with open_clip(path) as (container, stream):
        width, height = _shown_size(stream)
        _check_sides(width, height, limits)
        timeline = _read_timeline(container, stream, limits.max_frames)
        duration = float((timeline.end - timeline.ticks[0]) * timeline.clock)
        _check_length(len(timeline.ticks), duration, limits)
        _check_expansion(width * height * len(timeline.ticks), size)
        turns = _quarter_turns(_first_frame(container, stream))
    times = (timeline.ticks - timeline.ticks[0]) * float(timeline.clock)
    return ClipFacts(
        *((height, width) if turns % 2 else (width, height)),
        quarter_turns=turns,
        times_s=times,
        ticks=timeline.ticks,
        duration_s=duration,
        fps=_rate(stream, timeline, duration),
        variable_rate=_uneven(timeline.ticks),
        bytes=size,
    )


def guard_decoder(stream: VideoStream) -> None:
    """Let the decoder refuse pictures larger than the stream announces, whatever a later header claims."""
    codec = stream.codec_context
    codec.options = {"max_pixels": str((codec.width + _PADDING_PX) * (codec.height + _PADDING_PX))}


class _Timeline(NamedTuple):
    ticks: NDArray[np.int64]
    end: int
    clock: Fraction


def _shown_size(stream: VideoStream) -> tuple[int, int]:
    width, height = stream.codec_context.width, stream.codec_context.height
    if width < 1 or height < 1:
        raise unreadable()
    shape = stream.sample_aspect_ratio or Fraction(1)
    return max(1, round(width * shape)), height


def _check_sides(width: int, height: int, limits: ClipLimits) -> None:
    if max(width, height) > limits.max_long_side or min(width, height) > limits.max_short_side:
        raise ClipError(
            "too_large",
            f"the video is {width}x{height}, at most {limits.max_long_side}x{limits.max_short_side} are taken",
        )


def _read_timeline(container: InputContainer, stream: VideoStream, max_frames: int) -> _Timeline:
    shown_for: dict[int, int] = {}
    for packet in container.demux(stream):
        if packet.pts is None:
            if packet.size:
                raise ClipError("unreadable", "the video carries no presentation times")
            continue  # what marks the end
        if packet.is_discard:  # cut away by an edit list
            continue
        shown_for[packet.pts] = packet.duration or 0
        if len(shown_for) > max_frames:
            raise ClipError("too_many_frames", f"the video has more than {max_frames:,} frames")
    if not shown_for or stream.time_base is None:
        raise unreadable()
    ticks = np.array(sorted(shown_for), np.int64)
    last = int(ticks[-1])
    return _Timeline(ticks, last + (shown_for[last] or _usual_step(ticks)), stream.time_base)


def _rate(stream: VideoStream, timeline: _Timeline, duration_s: float) -> float:
    first, last = int(timeline.ticks[0]), int(timeline.ticks[-1])
    # In whole numbers, so that 30 frames a second are not 30.000000000000004.
    span_s = (last - first) * timeline.clock
    counted = float((len(timeline.ticks) - 1) / span_s) if last > first else 1.0 / duration_s
    told = float(stream.average_rate or 0.0)
    # A clock of milliseconds makes 29.99 of 30; the container's own word is better, unless it is another.
    return told if abs(told - counted) < TOLD_SHARE * counted else counted


def _usual_step(ticks: NDArray[np.int64]) -> int:
    return int(np.median(np.diff(ticks))) if len(ticks) > 1 else 1


def _uneven(ticks: NDArray[np.int64]) -> bool:
    if len(ticks) < 3:
        return False
    steps = np.diff(ticks)
    usual = _usual_step(ticks)
    return bool(np.abs(steps - usual).max() > UNEVEN_SHARE * usual + 1)


def _check_length(frames: int, duration_s: float, limits: ClipLimits) -> None:
    if frames < limits.min_frames:
        raise ClipError("too_few_frames", f"the video has {frames} frames, at least {limits.min_frames} are needed")
    if duration_s > limits.max_duration_s:
        raise ClipError(
            "too_long", f"the video lasts {duration_s:,.0f} s, at most {limits.max_duration_s:,.0f} s are taken"
        )


def _check_expansion(pixels: int, size: int) -> None:
    unpacked = pixels * _CODED_BYTES_PER_PIXEL
    if unpacked > max(HARMLESS_BYTES, MAX_EXPANSION * size):
        raise ClipError("too_dense", f"{size:,} bytes would unpack into {unpacked:,.0f}: this is no recorded video")


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    guard_decoder(stream)
    container.seek(0)
    for frame in container.decode(stream):
        return frame
    raise unreadable()


def _quarter_turns(frame: VideoFrame) -> int:
    # Phones turn by quarters; anything between is taken as the nearest of them.
    return round(frame.rotation / 90) % 4
