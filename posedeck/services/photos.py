"""Photos as they are sent: upright, and in a format that every vendor and browser reads."""

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property

from PIL import Image

from posedeck.engine.images import load_image

#: Sent untouched when upright; everything else is re-encoded to JPEG.
_SENT_AS_IS = {"JPEG": "image/jpeg", "PNG": "image/png"}
_JPEG_QUALITY = 95
_EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, eq=False)
class Photo:
    """A photo ready to send.

    Attributes:
        data: JPEG or PNG bytes; pixels are upright, so coordinates of an answer are coordinates of this picture.
        mime: ``image/jpeg`` or ``image/png``.
        width, height: Size in pixels.
        converted: Whether the bytes differ from what was given (turned upright or re-encoded).
    """

    data: bytes
    mime: str
    width: int
    height: int
    converted: bool

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes that are sent."""
        return hashlib.sha256(self.data).hexdigest()


def prepare_photo(data: bytes) -> Photo:
    """Make a photo ready to send.

    Raises:
        ImageError: when it cannot be decoded or is larger than 50 megapixels.
    """
    pixels = load_image(data)
    height, width = pixels.shape[:2]
    kind = _upright_format(data)
    if kind in _SENT_AS_IS:
        return Photo(data=data, mime=_SENT_AS_IS[kind], width=width, height=height, converted=False)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return Photo(data=buffer.getvalue(), mime="image/jpeg", width=width, height=height, converted=True)


def _upright_format(data: bytes) -> str | None:
    with Image.open(io.BytesIO(data)) as picture:
        turned = picture.getexif().get(_EXIF_ORIENTATION, 1) != 1
        return None if turned else picture.format
