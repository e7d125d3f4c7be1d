"""OpenCV on float rasters, in this package's coordinates: pixel i spans i to i + 1."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Raster = NDArray[np.float32]
FloatArray = NDArray[np.float64]
Rgb = NDArray[np.uint8]


def smoothstep(low: float, high: float, value: NDArray[Any] | float) -> Raster:
    """0 below ``low``, 1 above ``high``, a cubic with level ends between."""
    share = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share), np.float32)


def blurred(raster: Raster, sigma: float) -> Raster:
    """Gaussian blur (h, w) or (h, w, c)."""
    return np.asarray(cv2.GaussianBlur(raster, (0, 0), sigma), np.float32)


def resized(raster: Raster, width: int, height: int, interpolation: int) -> Raster:
    """The raster at another size."""
    return np.asarray(cv2.resize(raster, (width, height), interpolation=interpolation), np.float32)


def centres(width: int, height: int) -> tuple[Raster, Raster]:
    """x and y (h, w) of the pixel centres."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5)
    return x, y


def looked_up(raster: Raster, x: Raster, y: Raster, *, outside: int = cv2.BORDER_REPLICATE) -> Raster:
    """Bilinear values at positions x, y; shaped like them, with the raster's channels."""
    found = cv2.remap(raster, x - np.float32(0.5), y - np.float32(0.5), cv2.INTER_LINEAR, borderMode=outside)
    return np.asarray(found, np.float32)


def at_points(raster: Raster, points: FloatArray, *, outside: int = cv2.BORDER_REPLICATE) -> FloatArray:
    """Bilinear values (n,) or (n, c) at points (n, 2)."""
    x = np.ascontiguousarray(points[:, :1], dtype=np.float32)
    y = np.ascontiguousarray(points[:, 1:], dtype=np.float32)
    return looked_up(raster, x, y, outside=outside)[:, 0].astype(np.float64)


def disc(radius: int) -> NDArray[np.uint8]:
    """Round structuring element."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2), np.uint8)


def grown(region: NDArray[np.bool_], radius: int) -> NDArray[np.bool_]:
    """The region dilated by a disc."""
    return np.asarray(cv2.dilate(region.astype(np.uint8), disc(radius)) > 0)


def distance_to(region: NDArray[np.bool_]) -> Raster:
    """Distance in pixels of every pixel to the region, 0 inside; far everywhere when the region is empty."""
    if not region.any():
        return np.full(region.shape, np.float32(sum(region.shape)), np.float32)
    return np.asarray(cv2.distanceTransform((~region).astype(np.uint8), cv2.DIST_L2, 5), np.float32)
