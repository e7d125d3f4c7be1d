"""Small copies of photos for files and pages that must not fetch anything, and for lists."""

import base64
import io

from PIL import Image

from posedeck.services.photos import Photo

_QUALITY = 82


def thumbnail_uri(photo: Photo, longest_side: int) -> str:
    """The copy of ``thumbnail_jpeg`` as a ``data:`` URI."""
    return jpeg_uri(thumbnail_jpeg(photo, longest_side))


def jpeg_uri(data: bytes) -> str:
    """A JPEG as a ``data:`` URI."""
    return "data:image/jpeg;base64," + base64.b64encode(data).decode("ascii")


def thumbnail_jpeg(photo: Photo, longest_side: int) -> bytes:
    """A JPEG copy whose longest side has at most that many pixels."""
    with Image.open(io.BytesIO(photo.data)) as source:
        source.draft("RGB", (longest_side, longest_side))
        return small_jpeg(source.convert("RGB"), longest_side)


def small_jpeg(picture: Image.Image, longest_side: int) -> bytes:
    """The same of an RGB picture in memory, which stays as it is."""
    small = picture.copy()
    small.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return buffer.getvalue()
