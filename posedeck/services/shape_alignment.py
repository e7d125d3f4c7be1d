"""Lays the photo under an answered picture: a vendor may send it smaller, stretched, cut or with a margin."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import Pose

Picture = NDArray[np.uint8]
#: Shapes that differ by no more than this come from rounding to whole pixels.
_SAME_RATIO = 0.01


class Fit(StrEnum):
    """How the answered picture relates to the photo. The values are text keys."""

    SAME = "future_shape.fit.same"
    SCALED = "future_shape.fit.scaled"
    STRETCHED = "future_shape.fit.stretched"
    CROPPED = "future_shape.fit.cropped"
    PADDED = "future_shape.fit.padded"


@dataclass(frozen=True, eq=False)
class Aligned:
    """The photo in the frame of the answered picture.

    Attributes:
        before: (height, width, 3) RGB of the answered picture's size.
        fit: How the two relate.
        scale: Pixels of the answered picture per pixel of the photo, along x and y.
        offset: Where the photo's upper left corner lies in the answered picture, in its pixels.
    """

    before: Picture
    fit: Fit
    scale: tuple[float, float]
    offset: tuple[float, float]

    def place(self, pose: Pose) -> Pose:
        """A pose of the photo in pixels of the answered picture. Pixel centres have whole coordinates in both."""
        return pose.with_xy((pose.xy_px + 0.5) * self.scale + self.offset - 0.5)


def align(photo: Picture, answered: Picture) -> Aligned:
    """The photo as it lies under the answered picture.

    Pictures of another shape are tried stretched, cut about the middle and with margins; the one that resembles the
    answer most is taken.

    Args:
        photo: (height, width, 3) RGB, upright.
        answered: (height, width, 3) RGB of any size.
    """
    height, width = photo.shape[:2]
    rows, columns = answered.shape[:2]
    if (height, width) == (rows, columns):
        return Aligned(photo, Fit.SAME, (1.0, 1.0), (0.0, 0.0))
    x, y = columns / width, rows / height
    if abs(x / y - 1) <= _SAME_RATIO:
        return _lay(photo, answered, Fit.SCALED, x, y)
    candidates = (
        _lay(photo, answered, Fit.STRETCHED, x, y),
        _lay(photo, answered, Fit.CROPPED, max(x, y), max(x, y)),
        _lay(photo, answered, Fit.PADDED, min(x, y), min(x, y)),
    )
    return min(candidates, key=lambda candidate: _difference(candidate.before, answered))


def _lay(photo: Picture, answered: Picture, fit: Fit, x: float, y: float) -> Aligned:
    rows, columns = answered.shape[:2]
    height, width = photo.shape[:2]
    offset = ((columns - x * width) / 2, (rows - y * height) / 2)
    # warpAffine does not average, so what becomes smaller is brought to its size first.
    size = (max(1, round(x * width)), max(1, round(y * height)))
    resized = cv2.resize(photo, size, interpolation=cv2.INTER_AREA if min(x, y) < 1 else cv2.INTER_CUBIC)
    shift = np.array([[1, 0, offset[0]], [0, 1, offset[1]]], dtype=np.float64)
    whole = all(float(part).is_integer() for part in offset)
    laid = cv2.warpAffine(resized, shift, (columns, rows), flags=cv2.INTER_NEAREST if whole else cv2.INTER_LINEAR)
    return Aligned(np.asarray(laid, dtype=np.uint8), fit, (x, y), offset)


def _difference(one: Picture, other: Picture) -> float:
    """Median over pixels, so that what was changed on purpose does not decide."""
    return float(np.median(np.abs(one.astype(np.int16) - other.astype(np.int16)).mean(axis=2)))
