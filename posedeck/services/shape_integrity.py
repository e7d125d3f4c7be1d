"""Measures from the photo and an answered picture alone whether only the body was changed, whoever answered.

Background and body are told apart by bones, so no silhouette is needed. A place counts as moved when its edges are:
a dense optical flow (DIS, Kroeger et al. 2016) is projected on the gradient, because along an edge no motion can be
seen, and a place without edges tells nothing.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from posedeck.engine.reshape.integrity import ssim
from posedeck.pose.body_region import LONG_BONES, BoolArray, body_region, bone_change, inner_face
from posedeck.pose.pose import Pose
from posedeck.services.shape_alignment import Picture

FloatPicture = NDArray[np.float32]

#: Motion is measured on copies with this long side in pixels.
_SIDE = 640
#: Least gradient in grey levels per pixel at which motion is read.
_MIN_GRADIENT = 4.0
#: Least number of such pixels that a statement on the background rests on.
_MIN_EDGES = 500
#: An edge has moved when it did by more than this share of the long side. Recompressing at quality 40 or halving and
#: doubling the size moves none by a third of it (see tests).
_MOVED = 0.001
#: Shares of the edges that have to have moved. Untouched backgrounds read below a thousandth (see tests).
_BENT_SHARE = 0.01
_CHANGED_SHARE = 0.02
#: Mean grey levels: above what recompressing gives, below what the slightest change of a body gives.
_UNCHANGED_LEVELS = 3.0
_RECOLOURED_LEVELS = 10.0
#: Face that a stranger takes for the same one; what our own engine is held to is 0.97.
FACE_LIMIT = 0.90
#: Twice what a detector reads when nothing has changed.
BONE_LIMIT = 0.05
#: Where the hull of the body surely is body.
_CORE = 0.4


class Flag(StrEnum):
    """What is wrong with an answer."""

    UNCHANGED = "unchanged"
    BACKGROUND_BENT = "background_bent"
    BACKGROUND_RECOLOURED = "background_recoloured"
    FACE_CHANGED = "face_changed"
    BONES_CHANGED = "bones_changed"


@dataclass(frozen=True)
class ShapeIntegrity:
    """What was changed. Every figure is None where the pictures do not tell it.

    Attributes:
        background_moved: Share 0..1 of the background's edges that are not where they were.
        background_shift: 95th percentile of their displacement in shares of the picture's long side.
        background_levels: Mean difference of the background in grey levels 0..255.
        body_moved: As ``background_moved``, of the body.
        body_levels: As ``background_levels``, of the body.
        face_ssim: Structural similarity of eyes, nose and mouth.
        bone_change: Mean relative change of arm and leg bones, found again in the answered picture.
    """

    background_moved: float | None
    background_shift: float | None
    background_levels: float
    body_moved: float | None
    body_levels: float
    face_ssim: float | None
    bone_change: float | None

    @property
    def unchanged(self) -> bool:
        """Whether the answer is the photo again."""
        return self.body_levels < _UNCHANGED_LEVELS and (self.body_moved or 0.0) < _CHANGED_SHARE

    @property
    def background_bent(self) -> bool:
        """Whether more than the body was moved."""
        return self.background_moved is not None and self.background_moved > _BENT_SHARE

    @property
    def background_recoloured(self) -> bool:
        """Whether the background has other colours or another content."""
        return self.background_levels > _RECOLOURED_LEVELS

    @property
    def face_changed(self) -> bool:
        """Whether the face may be taken for another one."""
        return self.face_ssim is not None and self.face_ssim < FACE_LIMIT

    @property
    def bones_changed(self) -> bool:
        """Whether arms or legs have other lengths, more than finding them twice would give."""
        return self.bone_change is not None and self.bone_change > BONE_LIMIT

    @property
    def flags(self) -> tuple[Flag, ...]:
        """Everything that is wrong."""
        return tuple(flag for flag in Flag if getattr(self, flag.value))


def measure_integrity(before: Picture, after: Picture, pose: Pose, found_again: Pose | None) -> ShapeIntegrity:
    """Compare a photo with an answered picture.

    Args:
        before: (height, width, 3) RGB in the frame of ``after``, see ``shape_alignment.align``.
        after: (height, width, 3) RGB as answered.
        pose: The person in pixels of ``before``.
        found_again: The person in pixels of ``after``; None when nobody was found there.

    Raises:
        ValueError: when the pose has no shoulders or hips, or the pictures differ in size.
    """
    if before.shape != after.shape:
        raise ValueError(f"pictures of one size are compared, got {before.shape} and {after.shape}")
    scale = min(1.0, _SIDE / max(before.shape[:2]))
    one, other = _small(before, scale), _small(after, scale)
    placed = pose.with_xy((pose.xy_px + 0.5) * scale - 0.5)
    background = ~body_region(placed, one.shape)
    body = body_region(placed, one.shape, scale=_CORE)
    levels = np.abs(one - other)
    shift, edges = _edge_shift(one, other, background)
    moved = shift > max(_MOVED * max(one.shape), _MOVED * _SIDE)
    behind, within = background & edges, body & edges
    return ShapeIntegrity(
        background_moved=_mean(moved, behind, _MIN_EDGES),
        background_shift=_quantile(shift, behind, 0.95, max(one.shape)),
        background_levels=_mean(levels, background, 1) or 0.0,
        body_moved=_mean(moved, within, 1),
        body_levels=_mean(levels, body, 1) or 0.0,
        face_ssim=_face_ssim(before, after, pose),
        bone_change=None if found_again is None else bone_change(pose, found_again, LONG_BONES),
    )


def _small(picture: Picture, scale: float) -> FloatPicture:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    size = (max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale)))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.float32)


def _edge_shift(one: FloatPicture, other: FloatPicture, background: BoolArray) -> tuple[FloatPicture, BoolArray]:
    """Displacement in pixels across each edge, and where edges are."""
    method = cv2.DISOpticalFlow.create(cv2.DISOpticalFlow_PRESET_MEDIUM)
    start = np.zeros((*one.shape, 2), dtype=np.float32)
    flow = np.asarray(method.calc(one.astype(np.uint8), other.astype(np.uint8), start), dtype=np.float32)
    smooth = cv2.GaussianBlur(one, (0, 0), 1.0)
    # Sobel's kernels add up to eight grey levels per pixel.
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *order) / 8 for order in ((1, 0), (0, 1)))
    steepness = np.hypot(across, down)
    edges = np.asarray(steepness >= _MIN_GRADIENT, dtype=np.bool_)
    if (background & edges).sum() >= _MIN_EDGES:
        # The whole picture may be off by part of a pixel after scaling; that bends nothing.
        flow -= np.median(flow[background & edges], axis=0)
    shift = np.abs(flow[..., 0] * across + flow[..., 1] * down) / np.maximum(steepness, 1e-6)
    return np.asarray(shift, dtype=np.float32), edges


def _face_ssim(before: Picture, after: Picture, pose: Pose) -> float | None:
    box = inner_face(pose)
    if box is None:
        return None
    left, top, right, bottom = box
    height, width = before.shape[:2]
    if left < 0 or top < 0 or right > width or bottom > height or min(right - left, bottom - top) < 8:
        return None
    cut = np.s_[top:bottom, left:right]
    return ssim(np.ascontiguousarray(before[cut]), np.ascontiguousarray(after[cut]))


def _mean(values: NDArray[np.generic], where: BoolArray, least: int) -> float | None:
    return float(values[where].mean()) if where.sum() >= least else None


def _quantile(shift: FloatPicture, where: BoolArray, share: float, side: int) -> float | None:
    return float(np.quantile(shift[where], share)) / side if where.sum() >= _MIN_EDGES else None
