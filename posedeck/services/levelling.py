"""A photo turned so that the tilt its frontal lines share is gone."""

import io
import math

from PIL import Image

from posedeck.services.photos import Photo

_PREVIEW_SIDE = 900
_JPEG_QUALITY = 88


def level_photo(photo: Photo, tilt_deg: float) -> bytes:
    """JPEG of the photo turned back by ``tilt_deg`` (positive: the subject's left side is higher), for a preview.

    It is cropped to the largest upright part that has no empty corner, and at most 900 pixels long.
    """
    with Image.open(io.BytesIO(photo.data)) as picture:
        picture.draft("RGB", (_PREVIEW_SIDE, _PREVIEW_SIDE))
        upright = picture.convert("RGB")
    upright.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE))
    turned = upright.rotate(-tilt_deg, Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    turned.crop(_full_part(*upright.size, tilt_deg)).save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _full_part(width: int, height: int, tilt_deg: float) -> tuple[int, int, int, int]:
    # The part of the same shape that stays inside the turned picture: its corners must not leave it.
    angle = math.radians(abs(tilt_deg))
    cos, sin = math.cos(angle), math.sin(angle)
    scale = min(width / (width * cos + height * sin), height / (width * sin + height * cos))
    inner_width, inner_height = int(width * scale), int(height * scale)
    left, top = (width - inner_width) // 2, (height - inner_height) // 2
    return left, top, left + inner_width, top + inner_height
