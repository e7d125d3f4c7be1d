"""Photos as they come in a request: decoded, and kept small while the engine works."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posedeck.engine.images import load_image, shrunk

#: Result pictures keep the size of the photo up to this long side: larger than any phone's photo, and it bounds what
#: a waiting request holds in memory to about 50 MB a photo.
MAX_RESULT_SIDE_PX = 4096


@dataclass(frozen=True, eq=False)
class Photo:
    """A decoded photo.

    Attributes:
        encoded: The bytes as sent.
        width, height: Size of the upright picture in pixels.
        picture: The upright picture, RGB (h, w, 3), its long side at most ``MAX_RESULT_SIDE_PX``.
    """

    encoded: bytes
    width: int
    height: int
    picture: NDArray[np.uint8]

    @property
    def scale(self) -> float:
        """Pixels of ``picture`` per pixel of the photo."""
        return float(self.picture.shape[1]) / self.width


def open_photo(encoded: bytes) -> Photo:
    """Decode a photo. Raises ``posedeck.engine.images.ImageError``."""
    picture = load_image(encoded)
    height, width = picture.shape[:2]
    picture = shrunk(picture, MAX_RESULT_SIDE_PX)
    return Photo(encoded, width, height, picture)
