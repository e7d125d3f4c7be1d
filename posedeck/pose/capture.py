"""Whether a photo can be used: facing, A-pose and photo tilt, judged from the keypoints.

Every rule stands here once, with its threshold and the reason for it. The server refuses by these rules and the page
warns by them before a photo is sent.
"""

from enum import StrEnum

import numpy as np

from posedeck.pose.geometry import included_deg
from posedeck.pose.pose import Pose
from posedeck.pose.posture import METRICS

#: A front photo may be turned this far before a shoulder hides the other and widths stop meaning anything.
MAX_FRONT_YAW_DEG = 40.0
#: A side photo must be turned at least this far; a neck angle of 40 degrees still reads 36 at 30 degrees off profile.
MIN_SIDE_YAW_DEG = 55.0
#: Without world coordinates: shoulder width over torso is about 0.7 to 0.9 from the front and under 0.3 in profile.
MIN_FRONT_WIDTH_TORSO = 0.50
MAX_SIDE_WIDTH_TORSO = 0.42
#: The vendor's own limit (error 418).
MAX_PHOTO_TILT_DEG = 10.0
#: Arms in an A-pose stand off the trunk; below the first they hide the waist, above the second it is a T-pose.
A_POSE_ARM_DEG = (8.0, 70.0)
#: The whole body must be in the picture: these keypoints within the frame and seen with at least this score.
WHOLE_BODY = ("nose", *(f"{s}_{j}" for j in ("shoulder", "hip", "knee", "ankle") for s in ("left", "right")))
MIN_BODY_SCORE = 0.3
#: Shorter photos make one pixel worth too many degrees (see docs/accuracy.md).
MIN_BODY_HEIGHT_PX = 300.0


class CaptureFault(StrEnum):
    """What is wrong with a photo."""

    WRONG_FACING = "wrong_facing"
    TILTED = "tilted"
    NOT_A_POSE = "not_a_pose"
    NOT_WHOLE_BODY = "not_whole_body"
    TOO_SMALL = "too_small"


def yaw_deg(pose: Pose) -> float | None:
    """How far the body is turned about the upright, in degrees.

    0 faces the camera, +90 faces image right, -90 image left, 180 turns its back. From the world coordinates of
    shoulders and hips; None when the pose has none.
    """
    if pose.xyz_m is None:
        return None
    index = pose.skeleton.index
    across = sum(
        (pose.xyz_m[index[f"left_{joint}"]] - pose.xyz_m[index[f"right_{joint}"]] for joint in ("shoulder", "hip")),
        np.zeros(3),
    )
    return float(np.degrees(np.arctan2(across[2], across[0])))


def faces_front(pose: Pose) -> bool:
    """Whether the subject faces the camera."""
    yaw = yaw_deg(pose)
    if yaw is not None:
        return abs(yaw) <= MAX_FRONT_YAW_DEG
    width = pose["left_shoulder"][0] - pose["right_shoulder"][0]
    return bool(width >= MIN_FRONT_WIDTH_TORSO * pose.torso_px)


def faces_side(pose: Pose) -> bool:
    """Whether the subject stands in profile, whichever side is towards the camera."""
    yaw = yaw_deg(pose)
    if yaw is not None:
        return MIN_SIDE_YAW_DEG <= abs(yaw) <= 180.0 - MIN_SIDE_YAW_DEG
    width = pose["left_shoulder"][0] - pose["right_shoulder"][0]
    return bool(abs(width) <= MAX_SIDE_WIDTH_TORSO * pose.torso_px)


def photo_tilt_deg(pose: Pose) -> float:
    """Tilt of a front photo in degrees: the median of the frontal tilts, which a single raised shoulder cannot move."""
    return float(np.nanmedian([metric.measure(pose) for metric in METRICS if metric.tilt]))


def arm_angles_deg(pose: Pose) -> tuple[float, float]:
    """Angle (left, right) in degrees between the upper arm and the trunk axis; independent of photo tilt."""
    shoulders = pose.middle("left_shoulder", "right_shoulder")
    down = pose.middle("left_hip", "right_hip") - shoulders
    left, right = (
        included_deg(pose[f"{side}_elbow"], pose[f"{side}_shoulder"], pose[f"{side}_shoulder"] + down)
        for side in ("left", "right")
    )
    return left, right


def front_faults(pose: Pose) -> list[CaptureFault]:
    """What is wrong with a front photo, in the order in which the vendor reports it."""
    faults = [] if faces_front(pose) else [CaptureFault.WRONG_FACING]
    if abs(photo_tilt_deg(pose)) > MAX_PHOTO_TILT_DEG:
        faults.append(CaptureFault.TILTED)
    low, high = A_POSE_ARM_DEG
    if not all(low <= angle <= high for angle in arm_angles_deg(pose)):
        faults.append(CaptureFault.NOT_A_POSE)
    return faults


def side_faults(pose: Pose) -> list[CaptureFault]:
    """What is wrong with a side photo."""
    return [] if faces_side(pose) else [CaptureFault.WRONG_FACING]


def framing_faults(pose: Pose, width: int, height: int) -> list[CaptureFault]:
    """What a preview warns of: body not wholly inside the width x height picture, or too small in it."""
    index = pose.skeleton.indices(WHOLE_BODY)
    xy = pose.xy_px[index]
    inside = ((xy >= 0) & (xy < (width, height))).all()
    # In profile the far side is hidden and scores low, so of each pair the better seen one counts.
    seen = np.maximum(pose.score[index], pose.score[pose.skeleton.mirror_order[index]])
    faults = []
    if not inside or (seen < MIN_BODY_SCORE).any():
        faults.append(CaptureFault.NOT_WHOLE_BODY)
    if np.ptp(xy[:, 1]) < MIN_BODY_HEIGHT_PX:
        faults.append(CaptureFault.TOO_SMALL)
    return faults
