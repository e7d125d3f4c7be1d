"""COCO's 17 keypoints, which both Kakao and NHN speak: how a pose comes to them, and how one point is read."""

import math

import numpy as np

from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17

#: Beyond it a coordinate is no pixel of any picture that is taken here.
MAX_COORDINATE_PX = 100_000.0


def as_coco_17(pose: Pose) -> Pose:
    """The 17 COCO keypoints of a pose that has them all by name. Raises KeyError when it does not."""
    chosen = pose.skeleton.indices(COCO_17.names)
    return Pose(COCO_17, pose.xy_px[chosen], pose.score[chosen])


def read_point(x: float, y: float, score: float) -> tuple[float, float, float]:
    """A keypoint as a vendor wrote it: x and y in pixels, score 0..1; NaN for one written as (0, 0) with score 0.

    A point of score 0 elsewhere is kept: the vendors' guesses at hidden joints look like that.

    Raises:
        ValueError: when it is not a point of a picture.
    """
    if not (math.isfinite(x) and math.isfinite(y) and max(abs(x), abs(y)) <= MAX_COORDINATE_PX):
        raise ValueError(f"({x}, {y}) is no pixel of a picture")
    if not 0.0 <= score <= 1.0:
        raise ValueError(f"a score is 0 to 1, not {score}")
    if x == y == score == 0.0:
        return math.nan, math.nan, 0.0
    return x, y, score


def pose_of(points: list[tuple[float, float, float]]) -> Pose:
    """The pose of 17 points (x, y, score) in COCO's order."""
    values = np.array(points, dtype=np.float64)
    return Pose(COCO_17, values[:, :2], values[:, 2])
