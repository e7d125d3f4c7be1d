"""The eleven posture metrics: seven from the front photo, four from the side photo.

All are degrees. Signs are the subject's: frontal lines are positive when the subject's left side is higher, side
metrics when the body goes forward, legs when they bow (O). Our keypoints are joint centres as a pose model sees them,
not palpated bone landmarks, so every value is a screening value. Definitions, sources and limits stand with each
function; published errors of such measurements are collected in ``docs/posture-metrics.md``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from posedeck.pose.geometry import from_vertical_deg, included_deg, line_deg, wrap_deg
from posedeck.pose.pose import FloatArray, Pose

#: Estimated C7 from the middle of the shoulders, as shares of the torso: up along the trunk, and backwards. C7 is on no
#: skeleton here, hence "approximate" wherever this is used. The shares are those that put the line from C7 to the ear
#: right on our rendered profile (true neck joint, and C7's spinous process about 5 cm behind it): there the pose model
#: sees the shoulder 0.11 of the torso above its joint and the ear 0.09 ahead of the tragus, and they allow for both.
C7_UP_TORSO = 0.09
C7_BACK_TORSO = 0.06

#: A side view whose nose is nearer to the ear than this share of the torso does not show where it faces.
_MIN_NOSE_LEAD_TORSO = 0.02


class View(StrEnum):
    """Which of the two photos a metric is read from."""

    FRONT = "front"
    SIDE = "side"


def head_tilt(pose: Pose) -> float:
    """Head tilt: the common direction of the ear line and the eye line against the horizontal.

    The two right-to-left vectors are added, so each line counts by its length. Source: eye line (PostureScreen), tragus
    line (SAPO). Limit: the shortest baseline of all, one pixel on one ear is already about 0.7 degrees.
    """
    across = (pose["left_ear"] - pose["right_ear"]) + (pose["left_eye"] - pose["right_eye"])
    return line_deg((0.0, 0.0), across)


def shoulder_tilt(pose: Pose) -> float:
    """Shoulder tilt: right to left shoulder against the horizontal.

    Source: acromion line (PostureScreen, SAPO). Limit: joint centres, not acromia.
    """
    return line_deg(pose["right_shoulder"], pose["left_shoulder"])


def pelvis_tilt(pose: Pose) -> float:
    """Pelvic obliquity: right to left hip against the horizontal.

    Source: ASIS line (SAPO family). Limit: hip joint centres; the ASIS is on no skeleton here.
    """
    return line_deg(pose["right_hip"], pose["left_hip"])


def knee_tilt(pose: Pose) -> float:
    """Knee level: right to left knee against the horizontal. Source: the vendor's metric; no clinical norm known."""
    return line_deg(pose["right_knee"], pose["left_knee"])


def body_tilt(pose: Pose) -> float:
    """Lateral body axis: middle of the ankles to middle of the shoulders against the upright.

    Positive when the top goes to the subject's right, the way a rising left side turns all the other lines.
    Source: whole-body plumb line (PostureScreen); Sports2D's trunk starts at the hips instead. Limit: weight on one leg
    reads as a lean.
    """
    return from_vertical_deg(pose.middle("left_ankle", "right_ankle"), pose.middle("left_shoulder", "right_shoulder"))


def left_leg(pose: Pose) -> float:
    """Left leg alignment: 180 minus the hip-knee-ankle angle, positive for O (knee outside), negative for X.

    Source: hip-knee-ankle angle. Limit: not a clinical Q-angle, whatever the vendor's field is called; a turned or bent
    knee reads as X or O.
    """
    return _leg(pose, "left", outward=1.0)


def right_leg(pose: Pose) -> float:
    """Right leg alignment: as ``left_leg`` for the other side."""
    return _leg(pose, "right", outward=-1.0)


def _leg(pose: Pose, side: str, outward: float) -> float:
    hip, knee, ankle = (pose[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
    deviation = 180.0 - included_deg(hip, knee, ankle)
    axis = ankle - hip
    # Which side of the hip-ankle line the knee lies on; the subject's left is to the right of a front photo.
    side_of_axis = axis[1] * (knee - hip)[0] - axis[0] * (knee - hip)[1]
    return float(np.copysign(deviation, outward * side_of_axis))


def turtle_neck(pose: Pose) -> float:
    """Approximate neck angle: estimated C7 to ear against the upright, positive forward.

    It reads like 90 degrees minus the craniovertebral angle (Wilmart et al. 2002), but C7 is estimated from shoulders
    and hips (``C7_UP_TORSO``, ``C7_BACK_TORSO``) and the ear stands in for the tragus. Limit: apps with real markers
    reach a minimal detectable change of about 5 degrees; ours is no better.
    """
    return _forward_lean(pose, c7_px(pose), near_ear_px(pose))


def round_shoulder(pose: Pose) -> float:
    """Approximate round shoulder: how far the trunk (hip to shoulder) bends forward of the leg axis (ankle to hip).

    Source: shoulder ahead of the plumb line; there is no agreed cut-off and the forward shoulder angle proper needs C7.
    Limit: a forward bend at the hip reads the same as rounded shoulders.
    """
    hips = pose.middle("left_hip", "right_hip")
    trunk = _forward_lean(pose, hips, pose.middle("left_shoulder", "right_shoulder"))
    return wrap_deg(trunk - _forward_lean(pose, pose.middle("left_ankle", "right_ankle"), hips))


def side_body_tilt(pose: Pose) -> float:
    """Sagittal body axis: middle of the ankles to middle of the shoulders against the upright, positive forward.

    Source: plumb line through the ankle (PostureScreen). Limit: camera roll adds in full.
    """
    return _forward_lean(pose, pose.middle("left_ankle", "right_ankle"), pose.middle("left_shoulder", "right_shoulder"))


def side_head_tilt(pose: Pose) -> float:
    """Sagittal head tilt: ear to eye of the near side against the horizontal, positive when the eye is lower (nod).

    Source: canthus-tragus line (PostureScreen). Limit: people hold this line somewhat above the horizontal when they
    look straight ahead, which the vendor's band around 0 does not allow for.
    """
    ear = near_ear_px(pose)
    eye = pose["left_eye"] if _near_side(pose) == "left" else pose["right_eye"]
    across = (eye - ear) * np.array([facing_sign(pose), 1.0])
    return -line_deg((0.0, 0.0), across)


def facing_sign(pose: Pose) -> float:
    """+1.0 when the subject of a side photo faces image right, -1.0 for image left, NaN when it cannot be told."""
    lead = pose["nose"][0] - pose.middle("left_ear", "right_ear")[0]
    if not abs(lead) > _MIN_NOSE_LEAD_TORSO * pose.torso_px:
        return float("nan")
    return float(np.sign(lead))


def _near_side(pose: Pose) -> str:
    return "right" if facing_sign(pose) > 0 else "left"


def near_ear_px(pose: Pose) -> FloatArray:
    """The ear (2,) on the side that is turned to the camera in a side photo, in pixels."""
    return pose[f"{_near_side(pose)}_ear"]


def c7_px(pose: Pose) -> FloatArray:
    """Estimated C7 (2,) in a side photo, in pixels: from shoulders and hips (``C7_UP_TORSO``, ``C7_BACK_TORSO``)."""
    shoulders = pose.middle("left_shoulder", "right_shoulder")
    trunk = shoulders - pose.middle("left_hip", "right_hip")
    forward = np.array([-trunk[1], trunk[0]]) * facing_sign(pose)
    c7: FloatArray = shoulders + C7_UP_TORSO * trunk - C7_BACK_TORSO * forward
    return c7


def _forward_lean(pose: Pose, bottom: FloatArray, top: FloatArray) -> float:
    return -facing_sign(pose) * from_vertical_deg(bottom, top)


@dataclass(frozen=True)
class Metric:
    """One posture metric.

    Attributes:
        key: Stable identifier, used in profiles, texts and exports.
        view: The photo it is read from.
        measure: Pose of that photo to degrees; NaN when a needed keypoint is missing.
        keypoints: The keypoints it depends on.
        tilt: Whether it is one of the five frontal tilts that share the camera roll.
    """

    key: str
    view: View
    measure: Callable[[Pose], float]
    keypoints: tuple[str, ...]
    tilt: bool = False


def _both(*joints: str) -> tuple[str, ...]:
    return tuple(f"{side}_{joint}" for joint in joints for side in ("left", "right"))


#: What tells where a profile faces, torso included: it sets the scale.
_FACING = ("nose", *_both("ear", "shoulder", "hip"))

METRICS: tuple[Metric, ...] = (
    Metric("head_tilt", View.FRONT, head_tilt, _both("ear", "eye"), tilt=True),
    Metric("shoulder_tilt", View.FRONT, shoulder_tilt, _both("shoulder"), tilt=True),
    Metric("pelvis_tilt", View.FRONT, pelvis_tilt, _both("hip"), tilt=True),
    Metric("knee_tilt", View.FRONT, knee_tilt, _both("knee"), tilt=True),
    Metric("body_tilt", View.FRONT, body_tilt, _both("shoulder", "ankle"), tilt=True),
    Metric("left_leg", View.FRONT, left_leg, ("left_hip", "left_knee", "left_ankle")),
    Metric("right_leg", View.FRONT, right_leg, ("right_hip", "right_knee", "right_ankle")),
    Metric("turtle_neck", View.SIDE, turtle_neck, _FACING),
    Metric("round_shoulder", View.SIDE, round_shoulder, (*_FACING, *_both("ankle"))),
    Metric("side_body_tilt", View.SIDE, side_body_tilt, (*_FACING, *_both("ankle"))),
    Metric("side_head_tilt", View.SIDE, side_head_tilt, (*_FACING, *_both("eye"))),
)
METRIC_BY_KEY = {metric.key: metric for metric in METRICS}


def measure_posture(front: Pose, side: Pose) -> dict[str, float]:
    """All eleven metrics in degrees by key, in the order of ``METRICS``; NaN where keypoints are missing.

    Args:
        front: Pose of the front photo, image coordinates, y down.
        side: Pose of the side photo, either side to the camera.
    """
    photo = {View.FRONT: front, View.SIDE: side}
    return {metric.key: metric.measure(photo[metric.view]) for metric in METRICS}
