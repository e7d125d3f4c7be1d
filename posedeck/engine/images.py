"""Pictures from outside: decoded with bounds, upright, as RGB arrays."""

import io
import warnings
from typing import Literal

import cv2
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps

MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")

Reason = Literal["undecodable", "too_large"]

pillow_heif.register_heif_opener()
# A picture that Pillow itself finds suspiciously large is refused. Set once for the process, not around each call:
# swapping warning filters is not safe between threads.
warnings.simplefilter("error", Image.DecompressionBombWarning)


class ImageError(ValueError):
    """A picture that cannot be used.

    Attributes:
        reason: ``undecodable`` (no JPEG, PNG, WebP or HEIC, or damaged) or ``too_large`` (beyond 50 megapixels).
    """

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(reason, message)  # both, so that pickling rebuilds it
        self.reason: Reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


def load_image(source: bytes | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture as upright RGB, shape (h, w, 3).

    Bytes are JPEG, PNG, WebP or HEIC; the EXIF orientation is applied, transparency is laid over white, 16 bits are
    reduced to 8. The size in the header is checked before anything is decoded. An array must be RGB already.
    The result may be read-only.

    Raises:
        ImageError: when it cannot be decoded, is no RGB array, or has more than 50 megapixels.
    """
    if isinstance(source, np.ndarray):
        return _checked_array(source)
    try:
        with Image.open(io.BytesIO(source), formats=FORMATS) as picture:
            _check_size(*picture.size)
            ImageOps.exif_transpose(picture, in_place=True)
            return _rgb(picture)
    except ImageError:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large() from error
    except Exception as error:  # damaged bytes make decoders raise anything, from struct.error to RuntimeError
        raise ImageError("undecodable", "the picture cannot be decoded: expected JPEG, PNG, WebP or HEIC") from error


def shrunk(pixels: NDArray[np.uint8], long_side: int) -> NDArray[np.uint8]:
    """The picture (h, w, 3) with its longer side at most so many pixels; itself when it is that small."""
    height, width = pixels.shape[:2]
    scale = long_side / max(height, width)
    if scale >= 1.0:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _checked_array(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if array.ndim != 3 or array.shape[2] != 3 or array.dtype != np.uint8 or array.size == 0:
        raise ImageError("undecodable", f"expected an RGB array (h, w, 3) of uint8, got {array.shape} of {array.dtype}")
    _check_size(array.shape[1], array.shape[0])
    return np.ascontiguousarray(array)


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> ImageError:
    return ImageError("too_large", f"the picture has more than {MAX_PIXELS // 1_000_000} megapixels")


def _rgb(picture: Image.Image) -> NDArray[np.uint8]:
    if picture.mode.startswith("I;16"):
        # Pillow would clip instead of scale; 257 maps 65535 to 255.
        grey = (np.asarray(picture).astype(np.uint16) // 257).astype(np.uint8)
        return np.repeat(grey[..., None], 3, axis=2)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    # No copy that is not needed: at 50 megapixels each is 150 to 200 MB.
    return np.asarray(picture if picture.mode == "RGB" else picture.convert("RGB"))
