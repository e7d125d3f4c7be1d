"""Straight bones with coordinates of their own, and how far it is from them to the contour."""

import cv2
import numpy as np

from posedeck.engine.reshape.rasters import FloatArray, Raster, looked_up

_RAY_STEP = 0.5


class Bone:
    """A line from ``start`` to ``end`` (2,) in pixels.

    Attributes:
        length: Pixels.
        along: (2,) unit vector from start to end.
        across: (2,) unit vector a quarter turn clockwise as seen (y down): to the image's left for a bone that points
            down.
    """

    def __init__(self, start: FloatArray, end: FloatArray) -> None:
        self.start = np.asarray(start, np.float64)
        self.end = np.asarray(end, np.float64)
        span = self.end - self.start
        self.length = float(np.hypot(*span)) + 1e-6
        self.along = span / self.length
        self.across = np.array([-self.along[1], self.along[0]])

    def coordinates(self, x: Raster, y: Raster) -> tuple[Raster, Raster]:
        """t (0 at the start, 1 at the end) and signed distance in pixels of positions, each shaped like x."""
        dx, dy = x - self.start[0], y - self.start[1]
        t = (dx * self.along[0] + dy * self.along[1]) / self.length
        distance = dx * self.across[0] + dy * self.across[1]
        return np.asarray(t, np.float32), np.asarray(distance, np.float32)

    def point(self, point: FloatArray) -> tuple[float, float]:
        """t and signed distance of one point (2,)."""
        offset = point - self.start
        return float(offset @ self.along) / self.length, float(offset @ self.across)

    def at(self, t: FloatArray | float) -> FloatArray:
        """Points (n, 2), or one (2,), at bone coordinates t."""
        here: FloatArray = self.start + np.multiply.outer(np.asarray(t, np.float64) * self.length, self.along)
        return here

    def beyond(self, t: Raster) -> Raster:
        """Pixels by which positions lie before the start or behind the end."""
        return np.asarray(np.maximum(np.maximum(-t, t - 1.0), 0.0) * self.length, np.float32)


def exits(level: Raster, starts: FloatArray, direction: FloatArray, reach: float) -> FloatArray:
    """Distance (n,) from each start (n, 2) along a unit direction to where ``level`` first falls below 0.5.

    Interpolated between steps of half a pixel; 0 when it starts below, ``reach`` when it never falls. Outside of the
    raster the level is 0.
    """
    steps = np.arange(0.0, reach + _RAY_STEP, _RAY_STEP)
    x = (starts[:, :1] + direction[0] * steps).astype(np.float32)
    y = (starts[:, 1:] + direction[1] * steps).astype(np.float32)
    seen = looked_up(level, x, y, outside=cv2.BORDER_CONSTANT).astype(np.float64)
    below = seen < 0.5
    first = np.argmax(below, axis=1)
    rows = np.arange(len(starts))
    before = seen[rows, np.maximum(first - 1, 0)]
    share = (before - 0.5) / np.maximum(before - seen[rows, first], 1e-6)
    distance = np.where(first == 0, 0.0, (first - 1 + share) * _RAY_STEP)
    return np.where(below.any(axis=1), np.minimum(distance, reach), reach)


def smoothed(values: FloatArray, reach: int) -> FloatArray:
    """Values (n,) averaged with ``reach`` neighbours on each side by a Hann window."""
    window = np.hanning(2 * reach + 3)[1:-1]
    return np.convolve(np.pad(values, reach, mode="edge"), window / window.sum(), "valid")
