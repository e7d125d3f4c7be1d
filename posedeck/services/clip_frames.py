"""Single pictures out of a clip, for those who take pictures only."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from posedeck.contracts.kakao.job import MAX_VIDEO_BYTES
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.services.photos import Photo, prepare_photo

#: Whatever a clip may be that is sent in Kakao's form.
_LIMITS = ClipLimits(max_bytes=MAX_VIDEO_BYTES)
_JPEG_QUALITY = 95


@dataclass(frozen=True, eq=False)
class SampledFrame:
    """One frame of a clip as a picture, upright; frames count from 0."""

    index: int
    photo: Photo


def spread_indices(frames: int, count: int) -> list[int]:
    """Up to ``count`` frames of a clip, evenly spread over it, each in the middle of its share."""
    count = min(frames, count)
    return [int((number + 0.5) * frames / count) for number in range(count)]


def sample_frames(path: Path, indices: Sequence[int]) -> list[SampledFrame]:
    """Those frames of a clip that it has, in its full size. One that is damaged is left out.

    Raises:
        ClipError: when the clip cannot be read or is outside the limits.
    """
    facts = probe(path, _LIMITS)
    sampled = []
    for index in indices:
        if index < facts.frames:
            # A damaged frame is left out by the decoder.
            for frame in read_frames(path, facts, index, index + 1):
                buffer = io.BytesIO()
                Image.fromarray(frame.pixels).save(buffer, "JPEG", quality=_JPEG_QUALITY)
                sampled.append(SampledFrame(index, prepare_photo(buffer.getvalue())))
    return sampled
