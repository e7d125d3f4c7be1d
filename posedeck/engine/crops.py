"""Square, possibly turned, possibly mirrored regions of a picture, and cutting them out."""

import threading
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Roi:
    """A square region of interest in picture coordinates.

    Attributes:
        centre: (2,) pixels.
        size: Side in pixels.
        turn: Clockwise turn of the square in radians (as seen, y down).
        mirrored: Whether the crop shows the region mirrored left to right.
    """

    centre: FloatArray
    size: float
    turn: float = 0.0
    mirrored: bool = False

    @classmethod
    def whole(cls, width: int, height: int) -> "Roi":
        """The smallest centred square around a picture."""
        return cls(np.array([width / 2.0, height / 2.0]), float(max(width, height)))

    def moved(self, shift: FloatArray, scale: float) -> "Roi":
        """The region shifted by a fraction (2,) of its size and scaled."""
        return replace(self, centre=self.centre + shift * self.size, size=self.size * scale)

    def mirror(self) -> "Roi":
        """The same region, seen mirrored."""
        return replace(self, mirrored=not self.mirrored)

    def matrix(self, side: int) -> FloatArray:
        """Affine (2, 3) that takes picture pixels to pixels of a crop with the given side."""
        scale = side / self.size
        cosine, sine = np.cos(self.turn) * scale, np.sin(self.turn) * scale
        rotation = np.array([[cosine, sine], [-sine, cosine]])
        if self.mirrored:
            rotation[0] *= -1.0
        return np.column_stack([rotation, side / 2.0 - rotation @ self.centre])

    def to_picture(self, points: FloatArray, side: int) -> FloatArray:
        """Points (n, 2) of a crop with the given side, in picture pixels."""
        affine = self.matrix(side)
        back: FloatArray = (points - affine[:, 2]) @ np.linalg.inv(affine[:, :2]).T
        return back


class Picture:
    """An RGB picture with its halved copies, so that crops of any size are cut fast and without aliasing.

    Safe between threads.
    """

    def __init__(self, pixels: NDArray[np.uint8]) -> None:
        self._levels = [pixels]
        self._halving = threading.Lock()

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self._levels[0].shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self._levels[0].shape[0])

    def crop(self, roi: Roi, side: int) -> NDArray[np.uint8]:
        """The region as (side, side, 3) RGB; what lies outside of the picture is black."""
        level = max(0, int(np.floor(np.log2(roi.size / side))))
        pixels, factor = self._halved(level)
        affine = roi.matrix(side) * [factor, factor, 1.0]
        cut = cv2.warpAffine(pixels, _for_indices(affine), (side, side), flags=cv2.INTER_LINEAR)
        return np.asarray(cut, dtype=np.uint8)

    def _halved(self, level: int) -> tuple[NDArray[np.uint8], int]:
        with self._halving:
            while len(self._levels) <= level and min(self._levels[-1].shape[:2]) > 1:
                self._levels.append(_half(self._levels[-1]))
        level = min(level, len(self._levels) - 1)
        return self._levels[level], 2**level


def _half(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    even = pixels[: height * 2, : width * 2]
    return np.asarray(cv2.resize(even, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def paste_mask(mask: NDArray[np.uint8], roi: Roi, width: int, height: int) -> NDArray[np.uint8]:
    """A crop's mask (side, side) as a mask (height, width) of the whole picture, 0 outside of the region."""
    affine = _for_indices(roi.matrix(mask.shape[0]))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(mask, affine, (width, height), flags=flags), dtype=np.uint8)


def _for_indices(affine: FloatArray) -> FloatArray:
    # Our coordinates run from edge to edge (pixel i spans i to i + 1); OpenCV counts pixel centres as whole numbers.
    # The landmark model was evidently trained edge to edge: only so do mirrored passes agree with plain ones.
    return np.column_stack([affine[:, :2], affine[:, 2] + affine[:, :2].sum(axis=1) / 2.0 - 0.5])
