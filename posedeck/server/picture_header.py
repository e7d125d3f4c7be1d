"""What an encoded picture says of itself, before anything is decoded."""

import io
from dataclasses import dataclass

from PIL import Image

from posedeck.engine.images import FORMATS, MAX_PIXELS, ImageError


@dataclass(frozen=True)
class PictureHeader:
    """Format by Pillow's name, and size in pixels as stored: before any EXIF orientation."""

    format: str
    width: int
    height: int


def read_picture_header(encoded: bytes) -> PictureHeader:
    """The header of a JPEG, PNG, WebP or HEIC. Raises ImageError for anything else, and for pictures too large."""
    try:
        with Image.open(io.BytesIO(encoded), formats=FORMATS) as picture:
            header = PictureHeader(picture.format or "", *picture.size)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except Exception as error:  # damaged bytes make decoders raise anything
        raise ImageError("undecodable", "the picture cannot be decoded: expected JPEG, PNG, WebP or HEIC") from error
    if header.width * header.height > MAX_PIXELS:
        raise _too_large()
    return header


def _too_large() -> ImageError:
    return ImageError("too_large", f"the picture has more than {MAX_PIXELS // 1_000_000} megapixels")
