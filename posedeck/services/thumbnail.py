"""Small copies of photos as data URIs, for files and pages that must not fetch anything."""

import base64
import io

from PIL import Image

from posedeck.services.photos import Photo

_QUALITY = 82


def thumbnail_uri(photo: Photo, longest_side: int) -> str:
    """A JPEG copy whose longest side has at most that many pixels, as a ``data:`` URI."""
    with Image.open(io.BytesIO(photo.data)) as source:
        source.draft("RGB", (longest_side, longest_side))
        picture = source.convert("RGB")
    picture.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_QUALITY, optimize=True)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
