"""Where in a picture a person is at most: a generous hull about the bones, for pictures without a silhouette."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from posedeck.pose.pose import FloatArray, Pose

BoolArray = NDArray[np.bool_]

#: Bones with the radius of the capsule about each, in torso lengths. The radii hold a body of a BMI of about 40 in a
#: loose coat; too much costs some background to look at, too little would take the body for background.
_CAPSULES: tuple[tuple[str, str, float], ...] = (
    ("left_shoulder", "right_shoulder", 0.30),
    ("left_hip", "right_hip", 0.45),
    ("left_shoulder", "left_hip", 0.42),
    ("right_shoulder", "right_hip", 0.42),
    *(
        (f"{side}_{start}", f"{side}_{end}", radius)
        for side in ("left", "right")
        for start, end, radius in (
            ("shoulder", "elbow", 0.24),
            ("elbow", "wrist", 0.22),
            ("wrist", "index", 0.24),
            ("hip", "knee", 0.36),
            ("knee", "ankle", 0.28),
            ("ankle", "foot_index", 0.24),
            ("ankle", "heel", 0.24),
        )
    ),
)
_HEAD = ("nose", "left_ear", "right_ear")
_HEAD_RADIUS = 0.52
_INNER_FACE = ("left_eye_outer", "right_eye_outer", "left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
#: Eyes to mouth with a little skin around, in shares of the box of these points.
_FACE_MARGIN = 0.15


def body_region(pose: Pose, shape: tuple[int, int], *, scale: float = 1.0) -> BoolArray:
    """Pixels that may show the person or clothes of theirs.

    Args:
        pose: BlazePose's 33 keypoints in pixels; missing ones are left out.
        shape: Height and width of the picture.
        scale: Of all radii: below 1 for what is surely body.

    Returns:
        (height, width), True within the hull.

    Raises:
        ValueError: when shoulders or hips are missing.
    """
    if not pose.has(("left_shoulder", "right_shoulder", "left_hip", "right_hip")):
        raise ValueError("shoulders and hips are needed")
    unit = scale * pose.torso_px
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    region = np.zeros(shape, dtype=np.bool_)
    for start, end, radius in _CAPSULES:
        if pose.has((start, end)):
            region |= _distance_squared(x, y, pose[start], pose[end]) <= (radius * unit) ** 2
    for name in _HEAD:
        if pose.has((name,)):
            region |= _distance_squared(x, y, pose[name], pose[name]) <= (_HEAD_RADIUS * unit) ** 2
    return region


def inner_face(pose: Pose) -> tuple[int, int, int, int] | None:
    """Box of eyes, nose and mouth in whole pixels as left, top, right, bottom; None when one is missing."""
    if not pose.has(_INNER_FACE):
        return None
    points = pose.xy_px[pose.skeleton.indices(_INNER_FACE)]
    low, high = points.min(axis=0), points.max(axis=0)
    margin = _FACE_MARGIN * (high - low)
    left, top = np.floor(low - margin).astype(int).tolist()
    right, bottom = np.ceil(high + margin).astype(int).tolist()
    return left, top, right, bottom


def bone_change(before: Pose, after: Pose, bones: Sequence[tuple[str, str]]) -> float | None:
    """Mean relative change of the bones' lengths, without sign; None when no bone is in both poses.

    Widths of the body are no bones: shoulder and hip lines belong to what is changed on purpose.
    """
    changes = [
        abs(_length(after, bone) / length - 1)
        for bone in bones
        if before.has(bone) and after.has(bone) and (length := _length(before, bone)) > 0
    ]
    return float(np.mean(changes)) if changes else None


#: Long bones that neither slimming nor gaining moves at the ends.
LONG_BONES: tuple[tuple[str, str], ...] = tuple(
    (f"{side}_{start}", f"{side}_{end}")
    for side in ("left", "right")
    for start, end in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
)


def _length(pose: Pose, bone: tuple[str, str]) -> float:
    return float(np.hypot(*(pose[bone[1]] - pose[bone[0]])))


def _distance_squared(
    x: NDArray[np.float32], y: NDArray[np.float32], start: FloatArray, end: FloatArray
) -> NDArray[np.float32]:
    """Of each pixel from the segment between two points."""
    ax, ay = float(start[0]), float(start[1])
    dx, dy = float(end[0]) - ax, float(end[1]) - ay
    length_squared = dx * dx + dy * dy
    if length_squared == 0:
        return (x - ax) ** 2 + (y - ay) ** 2
    along = np.clip(((x - ax) * dx + (y - ay) * dy) / length_squared, 0, 1)
    return np.asarray((x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2, dtype=np.float32)
