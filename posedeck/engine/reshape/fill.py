"""Filling the thin ring that a slimmer body uncovers, by coherence transport.

After Bornemann and März, *Fast image inpainting based on coherence transport*, Journal of Mathematical Imaging and
Vision 28 (2007): the ring is marched from outside in, and each pixel is a mean of known ones, mostly of those along the
direction in which the picture is coherent; so lines of walls, floors and doors go on behind the body.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.engine.reshape.rasters import (
    Raster,
    blurred,
    disc,
    distance_to,
    looked_up,
    resized,
)

#: A larger picture is filled at this longer side: the ring's cost grows with the square of it.
_LONG_SIDE = 1280
_REACH = 5
_SHARPNESS = 20.0
#: The ring may be this deep, in pixels.
_MAX_DEPTH = 64
_WAY = 25
#: Gradients are smooth things: their tensor is found at a quarter of the size.
_TENSOR_SHRINK = 4
_TENSOR_SIGMAS = (24.0, 12.0, 6.0)
#: Gradients as weak as this (grey levels a pixel) are noise.
_FULL_GRADIENT = 12.0
_GRAIN, _GRAIN_SIGMA = 0.8, 3.0


def filled(picture: NDArray[np.uint8], unknown: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> Raster:
    """The picture (h, w, 3) as float, with the wanted pixels, and those on the way to them, filled.

    Args:
        picture: RGB.
        unknown: (h, w) what may not be taken from.
        wanted: (h, w) what is needed; a part of ``unknown``.
    """
    shrink = _LONG_SIDE / max(unknown.shape)
    if shrink < 1.0 and wanted.any():
        return _filled_small(picture, unknown, wanted, shrink)
    image = picture.astype(np.float32)
    if not wanted.any():
        return image
    depth = distance_to(~unknown)
    todo = _on_the_way(depth, unknown, wanted)
    coherence, direction = _coherence(picture, unknown)
    result = _marched(image, depth, unknown, todo, coherence, direction)
    grain = _mirrored_grain(image, unknown, depth) * (np.clip(1.0 - 2.5 * coherence, 0.0, 1.0) * _GRAIN)[..., None]
    return np.asarray(np.where(todo[..., None], np.clip(result + grain, 0.0, 255.0), image), np.float32)


def _filled_small(
    picture: NDArray[np.uint8], unknown: NDArray[np.bool_], wanted: NDArray[np.bool_], shrink: float
) -> Raster:
    height, width = unknown.shape
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    # A small pixel with anything unknown in it is unknown.
    parts = [resized(part.astype(np.float32), *size, cv2.INTER_AREA) > 0 for part in (unknown, wanted)]
    small = filled(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), parts[0], parts[1])
    back = resized(small, width, height, cv2.INTER_CUBIC)
    return np.where(wanted[..., None], np.clip(back, 0.0, 255.0), picture).astype(np.float32)


def _on_the_way(depth: Raster, unknown: NDArray[np.bool_], wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    # The whole way from the real background to a wanted pixel has to be marched, else islands keep the old limb.
    reach = int(min(float(depth[wanted].max()) + 1.0, _MAX_DEPTH, _WAY))
    deepest = cv2.dilate(np.where(wanted, depth, 0.0).astype(np.float32), disc(reach))
    return np.asarray(unknown & (depth <= deepest + 0.5))


def _coherence(picture: NDArray[np.uint8], unknown: NDArray[np.bool_]) -> tuple[Raster, Raster]:
    """How coherent the picture is around each pixel (h, w), 0..1, and the unit direction (h, w, 2) along which."""
    height, width = unknown.shape
    known = (~unknown).astype(np.float32)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    smooth = blurred(grey * known, 1.2) / (blurred(known, 1.2) + 1e-4)
    dx, dy = (cv2.Sobel(smooth, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    trusted = np.asarray(cv2.erode(known, np.ones((7, 7), np.uint8)), np.float32)  # not those across the contour
    products = np.stack([dx * dx * trusted, dx * dy * trusted, dy * dy * trusted, trusted], axis=-1)
    small = (max(1, width // _TENSOR_SHRINK), max(1, height // _TENSOR_SHRINK))
    products = resized(products, *small, cv2.INTER_AREA)
    tensor = np.zeros((*products.shape[:2], 3), np.float32)
    for number, sigma in enumerate(_TENSOR_SIGMAS):
        spread = blurred(products, sigma / _TENSOR_SHRINK)
        known_share = spread[..., 3:]
        here = spread[..., :3] / (known_share + 1e-6)
        sure = np.clip(known_share * 12.0, 0.0, 1.0)
        tensor = here if number == 0 else tensor * (1.0 - sure) + here * sure
    xx, xy, yy = np.moveaxis(tensor, -1, 0)
    trace = xx + yy + 1e-6
    anisotropy = np.sqrt(np.maximum((xx - yy) ** 2 + 4.0 * xy**2, 0.0)) / trace
    coherence = anisotropy**2 * np.clip(np.sqrt(trace) / _FULL_GRADIENT, 0.0, 1.0)
    # Doubled angles can be interpolated: a direction and its opposite are the same.
    double = np.arctan2(2.0 * xy, xx - yy)
    planes = np.stack([coherence, np.cos(double), np.sin(double)], axis=-1).astype(np.float32)
    planes = resized(planes, width, height, cv2.INTER_LINEAR)
    angle = 0.5 * np.arctan2(planes[..., 2], planes[..., 1])
    return planes[..., 0], np.stack([-np.sin(angle), np.cos(angle)], axis=-1).astype(np.float32)


def _marched(
    image: Raster,
    depth: Raster,
    unknown: NDArray[np.bool_],
    todo: NDArray[np.bool_],
    coherence: Raster,
    direction: Raster,
) -> Raster:
    rows, columns = np.nonzero(todo)
    levels = np.ceil(depth[rows, columns]).astype(int)
    order = np.argsort(levels, kind="stable")
    rows, columns, levels = rows[order], columns[order], levels[order]
    offset_y, offset_x = _neighbourhood()
    radius = np.hypot(offset_x, offset_y).astype(np.float32)
    padding = ((_REACH, _REACH), (_REACH, _REACH))
    canvas = np.pad(image, (*padding, (0, 0)), mode="edge")
    known = np.pad(~unknown, padding, constant_values=False)
    starts = np.searchsorted(levels, np.arange(1, levels.max() + 2))
    for start, stop in pairwise(starts):
        row, column = rows[start:stop], columns[start:stop]
        y, x = row[:, None] + offset_y + _REACH, column[:, None] + offset_x + _REACH
        usable = known[y, x]
        along = direction[row, column]
        aside = offset_x * along[:, 1:] - offset_y * along[:, :1]
        sharpness = (coherence[row, column] * _SHARPNESS)[:, None]
        weight = usable * np.exp(-(sharpness**2) / (2.0 * _REACH**2) * aside**2) / radius
        lost = weight.sum(axis=1) < 1e-8  # nothing known along the line: take what there is
        weight[lost] = usable[lost] / radius
        total = weight.sum(axis=1)
        good = total > 1e-12
        mean = np.einsum("nk,nkc->nc", weight[good].astype(np.float32), canvas[y[good], x[good]])
        canvas[row[good] + _REACH, column[good] + _REACH] = mean / total[good, None]
        known[row[good] + _REACH, column[good] + _REACH] = True
    return canvas[_REACH:-_REACH, _REACH:-_REACH]


def _neighbourhood() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    y, x = np.mgrid[-_REACH : _REACH + 1, -_REACH : _REACH + 1]
    near = (x**2 + y**2 <= _REACH**2) & ((x != 0) | (y != 0))
    return y[near], x[near]


def _mirrored_grain(image: Raster, unknown: NDArray[np.bool_], depth: Raster) -> Raster:
    """Fine texture of the background, mirrored across the contour: a marched ring alone is too smooth on grass."""
    known = (~unknown).astype(np.float32)
    smooth = blurred(depth, _GRAIN_SIGMA)
    dx, dy = (np.asarray(cv2.Sobel(smooth, cv2.CV_32F, *order), np.float32) for order in ((1, 0), (0, 1)))
    norm = np.hypot(dx, dy) + np.float32(1e-6)
    height, width = unknown.shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    low = blurred(image * known[..., None], _GRAIN_SIGMA) / (blurred(known, _GRAIN_SIGMA)[..., None] + 1e-4)
    fine = np.asarray((image - low) * known[..., None], np.float32)
    x, y = columns - 2.0 * depth * dx / norm, rows - 2.0 * depth * dy / norm
    return looked_up(fine, x + np.float32(0.5), y + np.float32(0.5), outside=cv2.BORDER_REFLECT)
