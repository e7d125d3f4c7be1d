"""Figures that show what a picture's change has left alone."""

from dataclasses import dataclass

import cv2
import numpy as np

from posedeck.engine.reshape.rasters import FloatArray, Raster, Rgb, at_points, blurred, grown
from posedeck.engine.reshape.render import SILHOUETTE
from posedeck.pose.body_region import LONG_BONES, bone_change, inner_face
from posedeck.pose.pose import Pose

#: How far around old and new silhouette the picture may change, as a share of its height; and in pixels at least, for
#: the rim that goes with the body gets no thinner in small pictures.
BACKGROUND_MARGIN, MIN_BACKGROUND_MARGIN_PX = 0.012, 6
#: Constants and window of Wang et al. 2004, IEEE Transactions on Image Processing 13(4).
_SSIM_SIGMA, _SSIM_C1, _SSIM_C2 = 1.5, (0.01 * 255.0) ** 2, (0.03 * 255.0) ** 2
_MIN_FACE_PX = 4


@dataclass(frozen=True)
class Integrity:
    """What stayed as it was.

    Attributes:
        background_max: Largest difference of a channel, 0..255, outside of the dilated old and new silhouettes.
        background_mean: Mean of those differences.
        face_ssim: Structural similarity of the inner face, eyes to mouth, at most 1; None without a face in the
            picture.
        min_determinant: Smallest determinant of the displacement's Jacobian in the body; below 0 it would fold.
        amplitude: Share of the wanted displacement that could be kept without folds, 0..1.
        bone_change: Mean relative change of the long bones' lengths by the displacement of their joints.
    """

    background_max: int
    background_mean: float
    face_ssim: float | None
    min_determinant: float
    amplitude: float
    bone_change: float


def background_difference(before: Rgb, after: Rgb, mask: Raster, new_mask: Raster) -> tuple[int, float]:
    """Largest and mean absolute difference outside of both masks, dilated by ``BACKGROUND_MARGIN``."""
    silhouettes = (mask > SILHOUETTE) | (new_mask > SILHOUETTE)
    outside = ~grown(silhouettes, max(MIN_BACKGROUND_MARGIN_PX, round(BACKGROUND_MARGIN * mask.shape[0])))
    if not outside.any():
        return 0, 0.0
    difference = cv2.absdiff(before, after)[outside]
    return int(difference.max()), float(difference.mean())


def face_similarity(before: Rgb, after: Rgb, pose: Pose) -> float | None:
    """Structural similarity of the inner face; None when it is not in the picture."""
    box = inner_face(pose)
    if box is None:
        return None
    left, top, right, bottom = (max(edge, 0) for edge in box)
    part = (slice(top, bottom), slice(left, right))
    if min(before[part].shape[:2]) < _MIN_FACE_PX:
        return None
    return ssim(before[part], after[part])


def ssim(first: Rgb, second: Rgb) -> float:
    """Mean structural similarity of two RGB pictures' luma (Gaussian window, sigma 1.5)."""
    a, b = (cv2.cvtColor(each, cv2.COLOR_RGB2GRAY).astype(np.float32) for each in (first, second))
    mean_a, mean_b = blurred(a, _SSIM_SIGMA), blurred(b, _SSIM_SIGMA)
    var_a = blurred(a * a, _SSIM_SIGMA) - mean_a**2
    var_b = blurred(b * b, _SSIM_SIGMA) - mean_b**2
    covariance = blurred(a * b, _SSIM_SIGMA) - mean_a * mean_b
    luminance = (2.0 * mean_a * mean_b + _SSIM_C1) / (mean_a**2 + mean_b**2 + _SSIM_C1)
    structure = (2.0 * covariance + _SSIM_C2) / (var_a + var_b + _SSIM_C2)
    return float((luminance * structure).mean())


def bones_moved(pose: Pose, shift: Raster, scale: FloatArray) -> float:
    """Mean relative change of the long bones when the joints follow a displacement on a grid with a scale (2,)."""
    moved = pose.with_xy(pose.xy_px + at_points(shift, pose.xy_px * scale) / scale)
    return bone_change(pose, moved, LONG_BONES) or 0.0
