"""Opening a clip from outside so that it can neither reach beyond its own file nor let a stray exception out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from posedeck.engine.video.errors import ClipError

# Playlists, image sequences and the like name other files or addresses, which the demuxer would open.
CONTAINERS = ("mov", "matroska", "webm", "avi", "mpegts", "mpeg", "flv", "ogg")


@contextmanager
def open_clip(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """The container and its first picture stream, closed on leaving.

    Raises:
        ClipError: ``unreadable`` or ``no_video``; whatever the demuxer or decoder raises inside the block, of any type,
            becomes ``unreadable``.
    """
    options = {"format_whitelist": ",".join(CONTAINERS), "protocol_whitelist": "file"}
    try:
        with av.open(f"file:{path}", options=options) as container:
            yield container, _pictures(container)
    except ClipError:
        raise
    except Exception as error:  # damaged files make PyAV raise anything, IndexError and UnicodeDecodeError included
        raise unreadable() from error


def _pictures(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise ClipError("no_video", "the file holds no video stream")
    return container.streams.video[0]


def unreadable() -> ClipError:
    """The error for a file that is no clip or a broken one."""
    return ClipError("unreadable", "the video cannot be read: expected MP4, MOV, WebM, MKV or AVI, undamaged")
