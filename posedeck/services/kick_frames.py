"""Single pictures out of the drawn clip of a kick."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from posedeck.contracts.remo.soccer import MAX_BODY_BYTES, MAX_FRAMES
from posedeck.engine.video.decode import read_frames
from posedeck.engine.video.errors import ClipError
from posedeck.engine.video.probe import ClipLimits, probe
from posedeck.services.soccer import KickResult
from posedeck.services.thumbnail import small_jpeg

_LIMITS = ClipLimits(max_bytes=MAX_BODY_BYTES, min_frames=1, max_frames=MAX_FRAMES)
_THUMBNAIL_SIDE = 96


def drawn_frames(clip: bytes, frames: Iterable[int]) -> dict[int, Image.Image]:
    """The pictures of an MP4 at some frames; those that it does not have, or that cannot be decoded, are left out."""
    pictures: dict[int, Image.Image] = {}
    with TemporaryDirectory(prefix="posedeck-kick-") as folder:
        path = Path(folder) / "drawn.mp4"
        path.write_bytes(clip)
        try:
            facts = probe(path, _LIMITS)
            for index in sorted(set(frames)):
                for frame in read_frames(path, facts, index, index + 1):
                    pictures[index] = Image.fromarray(frame.pixels)
        except ClipError:
            return pictures
    return pictures


def contact_picture(result: KickResult) -> Image.Image | None:
    """The drawn picture of the contact; None without a drawn clip or without events."""
    clip = result.others.drawn_clip()
    if clip is None or result.analysis is None:
        return None
    contact = result.analysis.event("impact").frame
    return drawn_frames(clip, (contact,)).get(contact)


def contact_thumbnail(result: KickResult) -> bytes | None:
    """A small copy of it for lists."""
    picture = contact_picture(result)
    return None if picture is None else small_jpeg(picture, _THUMBNAIL_SIDE)
