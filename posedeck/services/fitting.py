"""Fits a photo to what a vendor takes, and brings its keypoints back to the photo's own pixels."""

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from PIL import Image

from posedeck.engine.images import load_image
from posedeck.pose.pose import Pose
from posedeck.services.photos import Photo

#: Tried in this order until the bytes fit. Below 75 a JPEG's blocks begin to show at joints, so pixels go instead.
_QUALITIES = (95, 85, 75)
_SHRINK = 0.8
#: Neither bright nor dark: an edge that no network takes for a limb.
_MARGIN_GREY = (128, 128, 128)


class FittingError(ValueError):
    """A photo that cannot be made to fit the limits; the message says which."""


class Change(StrEnum):
    """What was done to a photo before it was sent. The values are text keys."""

    CONVERTED = "fitting.converted"
    PADDED = "fitting.padded"
    REDUCED = "fitting.reduced"
    ENLARGED = "fitting.enlarged"
    REENCODED = "fitting.reencoded"


@dataclass(frozen=True)
class Limits:
    """What a vendor takes; None where no limit is known.

    Attributes:
        max_bytes: Size of the file.
        max_side_px: Longest long side.
        min_side_px: Shortest short side.
        max_ratio: Largest long side ÷ short side.
    """

    max_bytes: int
    max_side_px: int | None = None
    min_side_px: int | None = None
    max_ratio: float | None = None


@dataclass(frozen=True, eq=False)
class Fitted:
    """A photo as it is sent.

    Attributes:
        photo: What is sent. The original's content begins at its upper left corner; a margin is right or below.
        scale: Pixels of ``photo`` per pixel of the original, the same along both axes.
        changes: What was done, as text keys in the order it was done; empty when the original is sent.
    """

    photo: Photo
    scale: float
    changes: tuple[str, ...]

    def to_original(self, pose: Pose) -> Pose:
        """The pose in pixels of the original. Pixel centres have whole coordinates in both pictures."""
        if self.scale == 1.0:
            return pose
        sigma = None if pose.sigma_px is None else pose.sigma_px / self.scale
        return replace(pose, xy_px=(pose.xy_px + 0.5) / self.scale - 0.5, sigma_px=sigma)


def fit_picture(photo: Photo, limits: Limits) -> Fitted:
    """The photo itself when it fits, else a JPEG of it that does, as large and as little compressed as allowed.

    Too long a shape gets a grey margin, then the size is brought within the sides, then the file within the bytes.

    Raises:
        FittingError: when no size keeps all limits.
    """
    converted = (Change.CONVERTED,) if photo.converted else ()
    largest = _side_scale(photo, limits)
    as_it_is = largest == 1.0 and _canvas(photo, limits, 1.0) == (photo.width, photo.height)
    if as_it_is and len(photo.data) <= limits.max_bytes:
        return Fitted(photo, 1.0, converted)
    pixels = Image.fromarray(load_image(photo.data))
    for scale in _scales(photo, limits, largest):
        canvas = _canvas(photo, limits, scale)
        picture = _drawn(pixels, scale, canvas)
        for quality in _QUALITIES:
            data = _jpeg(picture, quality)
            if len(data) <= limits.max_bytes:
                sent = Photo(data, "image/jpeg", *canvas, converted=True)
                return Fitted(sent, scale, (*converted, *_changes(photo, scale, canvas)))
    raise FittingError(f"the picture cannot be made to take {limits.max_bytes} bytes or less")


def _side_scale(photo: Photo, limits: Limits) -> float:
    """The scale nearest to 1 that brings the margin-extended sides within the limits."""
    long = max(photo.width, photo.height)
    short = max(min(photo.width, photo.height), long / (limits.max_ratio or math.inf))
    most = math.inf if limits.max_side_px is None else limits.max_side_px / long
    least = 0.0 if limits.min_side_px is None else limits.min_side_px / short
    if least > most:
        raise FittingError(
            f"a picture of {photo.width} × {photo.height} px cannot have sides of"
            f" {limits.min_side_px} to {limits.max_side_px} px"
        )
    return min(max(1.0, least), most)


def _scales(photo: Photo, limits: Limits, first: float) -> Iterator[float]:
    """The first scale and smaller ones, down to the shortest side that is allowed."""
    scale = first
    while True:
        yield scale
        scale *= _SHRINK
        width, height = _canvas(photo, limits, scale)
        if min(width, height) < (limits.min_side_px or 1):
            return


def _content(photo: Photo, scale: float) -> tuple[int, int]:
    """Whole pixels that the scaled picture fills; what it fills of the next one is cut."""
    # The tolerance keeps a side that is meant to be whole from losing a pixel to rounding.
    width, height = (math.floor(side * scale + 1e-6) for side in (photo.width, photo.height))
    if min(width, height) < 1:
        raise FittingError(f"a picture of {photo.width} × {photo.height} px is too narrow")
    return width, height


def _canvas(photo: Photo, limits: Limits, scale: float) -> tuple[int, int]:
    width, height = _content(photo, scale)
    if limits.max_ratio is None:
        return width, height
    shortest = math.ceil(max(width, height) / limits.max_ratio - 1e-6)
    return max(width, shortest), max(height, shortest)


def _drawn(pixels: Image.Image, scale: float, canvas: tuple[int, int]) -> Image.Image:
    size = tuple(math.floor(side * scale + 1e-6) for side in pixels.size)
    # The box is cut to whole target pixels, so that the scale is the same along both axes, to the last digit.
    box = (0.0, 0.0, min(size[0] / scale, pixels.width), min(size[1] / scale, pixels.height))
    content = pixels if scale == 1.0 else pixels.resize((size[0], size[1]), Image.Resampling.LANCZOS, box)
    if canvas == content.size:
        return content
    picture = Image.new("RGB", canvas, _MARGIN_GREY)
    picture.paste(content)
    return picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _changes(photo: Photo, scale: float, canvas: tuple[int, int]) -> Iterator[Change]:
    if canvas != _content(photo, scale):
        yield Change.PADDED
    if scale != 1.0:
        yield Change.REDUCED if scale < 1.0 else Change.ENLARGED
    yield Change.REENCODED
