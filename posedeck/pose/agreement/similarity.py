"""Object keypoint similarity (OKS) of two poses of the same person, and the scale it is measured with.

With two answers and no truth, OKS says how well they agree. Its scale follows one rule for every pair, whatever area a
vendor reports: s^2 = 0.53 x the geometric mean of both keypoint boxes. It does not change when the two sides are
exchanged. Definition and falloff constants: the COCO keypoint evaluation (cocodataset.org, "keypoints-eval").
"""

import math

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.skeleton import COCO_17

#: COCO's object scale is the area of the person's outline; a person fills about this share of the keypoints' box.
SEGMENT_SHARE = 0.53

_FALLOFF = 2.0 * np.array([COCO_17.oks_sigma[name] for name in COCO_17.names])
# COCO's evaluation adds this to the area too; with it, coinciding points are alike even where the area is nothing.
_TINY_PX2 = float(np.spacing(1))


def located(pose: Pose) -> Pose:
    """The pose with every absent keypoint NaN in both coordinates.

    Absent is what is not finite, and what lies at (0, 0) with score 0, which is how vendors write "not found".

    Raises:
        ValueError: when the pose is not a COCO-17 pose.
    """
    if pose.skeleton != COCO_17:
        raise ValueError(f"agreement needs {COCO_17.name} poses, got {pose.skeleton.name}")
    placeholder = (pose.xy_px == 0).all(axis=1) & (pose.score == 0)
    absent = placeholder | ~np.isfinite(pose.xy_px).all(axis=1)
    return pose.with_xy(np.where(absent[:, None], np.nan, pose.xy_px))


def keypoint_box(pose: Pose) -> FloatArray:
    """Box (4,) around the keypoints of a located pose as left, top, right, bottom in pixels; NaN without keypoints."""
    xy = pose.xy_px[present(pose)]
    if not len(xy):
        return np.full(4, np.nan)
    return np.concatenate([xy.min(axis=0), xy.max(axis=0)])


def present(pose: Pose) -> NDArray[np.bool_]:
    """Which keypoints (n,) of a located pose have a place."""
    return np.isfinite(pose.xy_px[:, 0])


def person_area_px2(pose: Pose) -> float:
    """Area in square pixels that a located pose's person is taken to cover; NaN without keypoints."""
    x0, y0, x1, y1 = keypoint_box(pose)
    return SEGMENT_SHARE * float((x1 - x0) * (y1 - y0))


def common_area_px2(left: Pose, right: Pose) -> float:
    """The s^2 of a pair of located poses in square pixels: the geometric mean of both persons' areas."""
    return math.sqrt(person_area_px2(left) * person_area_px2(right))


def distances_px(a: FloatArray, b: FloatArray) -> FloatArray:
    """Distance (n,) in pixels between points (n, 2) and (n, 2); NaN where one is missing."""
    apart: FloatArray = np.hypot(*(a - b).T)
    return apart


def keypoint_similarity(distance_px: FloatArray, area_px2: float) -> FloatArray:
    """Similarity (17,) in 0..1 of keypoints that far apart on a person of that area; NaN where the distance is."""
    similarity: FloatArray = np.exp(-0.5 * (distance_px / _FALLOFF) ** 2 / (area_px2 + _TINY_PX2))
    return similarity


def reach_px(area_px2: float) -> FloatArray:
    """Two COCO standard deviations (17,) in pixels: nearer than this, two keypoints can hardly be told apart."""
    return _FALLOFF * math.sqrt(area_px2)


def oks(left: Pose, right: Pose, area_px2: float) -> float:
    """Mean similarity in 0..1 over the keypoints that both poses have; NaN when they share none.

    Args:
        left, right: COCO-17 poses in pixels of the same picture.
        area_px2: The scale s^2 in square pixels, for example ``common_area_px2``.
    """
    similarity = keypoint_similarity(distances_px(located(left).xy_px, located(right).xy_px), area_px2)
    shared = similarity[np.isfinite(similarity)]
    return float(shared.mean()) if len(shared) else math.nan
