"""Two poses of one person laid over each other.

The earlier pose is moved and scaled onto the later one, but not turned: a tilt is what the comparison is about.
"""

from dataclasses import dataclass

import numpy as np

from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import View, facing_sign

#: Room around both skeletons, as a share of their height; above it is more, since the topmost keypoint is an eye.
_MARGIN = 0.08
_HEAD_ROOM = 0.16
_ANCHORS = (("left_hip", "right_hip"), ("left_ankle", "right_ankle"))
_SHOULDERS = ("left_shoulder", "right_shoulder")


@dataclass(frozen=True, eq=False)
class AlignedPoses:
    """Both skeletons in pixels of the later photo.

    Attributes:
        before, after: Bones, each a (2, 2) line; those with a missing end are left out.
        frame: x, y, width and height of what shows both.
        mirrored: Whether the earlier profile faced the other way and was mirrored.
    """

    before: tuple[FloatArray, ...]
    after: tuple[FloatArray, ...]
    frame: tuple[float, float, float, float]
    mirrored: bool


def align_poses(before: Pose, after: Pose, view: View) -> AlignedPoses | None:
    """Lay one pose over another; None when shoulders and hips are not known in both.

    The scale makes the heights from ankles to shoulders the same (the torsos, when ankles are missing); then the means
    of the middle of the hips and the middle of the ankles are laid upon each other.
    """
    mirrored = view is View.SIDE and facing_sign(before) * facing_sign(after) < 0
    moving = before.with_xy(before.xy_px * np.array([-1.0, 1.0])) if mirrored else before
    anchors = [pair for pair in _ANCHORS if before.has(pair) and after.has(pair)]
    if _ANCHORS[0] not in anchors or not (before.has(_SHOULDERS) and after.has(_SHOULDERS)):
        return None
    heights = [float(np.hypot(*(pose.middle(*_SHOULDERS) - pose.middle(*anchors[-1])))) for pose in (moving, after)]
    if not heights[0] > 0:
        return None
    scale = heights[1] / heights[0]
    moved = moving.with_xy(scale * (moving.xy_px - _anchor(moving, anchors)) + _anchor(after, anchors))
    bones = _bones(moved), _bones(after)
    return AlignedPoses(*bones, frame=_frame(np.concatenate([*bones[0], *bones[1]])), mirrored=mirrored)


def _anchor(pose: Pose, pairs: list[tuple[str, str]]) -> FloatArray:
    anchor: FloatArray = np.mean([pose.middle(*pair) for pair in pairs], axis=0)
    return anchor


def _bones(pose: Pose) -> tuple[FloatArray, ...]:
    return tuple(pose.xy_px[pose.skeleton.indices(edge)] for edge in pose.skeleton.edges if pose.has(edge))


def _frame(points: FloatArray) -> tuple[float, float, float, float]:
    low, high = points.min(axis=0), points.max(axis=0)
    tall = float(high[1] - low[1])
    x, y = (low - tall * np.array([_MARGIN, _HEAD_ROOM])).tolist()
    right, bottom = (high + tall * _MARGIN).tolist()
    return x, y, right - x, bottom - y
