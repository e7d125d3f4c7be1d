"""Which line of the body each metric reads, and against which reference: the geometry behind the result pictures."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import View, facing_sign


@dataclass(frozen=True, eq=False)
class Guide:
    """What is drawn for one metric, in pixels.

    Attributes:
        key: The metric.
        line: (n, 2) the measured line.
        reference: (2, 2) what it is measured against.
        anchor: (2,) where its label points to.
    """

    key: str
    line: FloatArray
    reference: FloatArray
    anchor: FloatArray


def guides(pose: Pose, view: View, values: Mapping[str, float]) -> list[Guide]:
    """Guides of the metrics of one photo that have a value (degrees by key)."""
    return [draw(pose, key, values[key]) for key, draw in _GUIDES[view].items() if key in values]


def _level(key: str, right: FloatArray, left: FloatArray, reach: float) -> Guide:
    """A line from the subject's right to his left, drawn ``reach`` times its half length to both sides."""
    middle, half = (left + right) / 2, (left - right) / 2 * reach
    flat = np.array([abs(half[0]), 0.0])
    return Guide(key, np.array([middle - half, middle + half]), np.array([middle - flat, middle + flat]), middle + half)


def _head(pose: Pose, key: str, _: float) -> Guide:
    middle = pose.middle("left_ear", "right_ear", "left_eye", "right_eye")
    across = (pose["left_ear"] - pose["right_ear"]) + (pose["left_eye"] - pose["right_eye"])
    return _level(key, middle - across / 2, middle + across / 2, reach=1.4)


def _pair(joint: str) -> Callable[[Pose, str, float], Guide]:
    def draw(pose: Pose, key: str, _: float) -> Guide:
        return _level(key, pose[f"right_{joint}"], pose[f"left_{joint}"], reach=1.35)

    return draw


def _axis(pose: Pose, key: str, _: float) -> Guide:
    foot, top = pose.middle("left_ankle", "right_ankle"), pose.middle("left_shoulder", "right_shoulder")
    upright = np.array([foot[0], top[1]])
    return Guide(key, np.array([foot, top]), np.array([foot, upright]), foot + 0.42 * (top - foot))


def _leg(side: str) -> Callable[[Pose, str, float], Guide]:
    def draw(pose: Pose, key: str, _: float) -> Guide:
        hip, knee, ankle = (pose[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
        return Guide(key, np.array([hip, knee, ankle]), np.array([hip, ankle]), (knee + ankle) / 2)

    return draw


def _neck(pose: Pose, key: str, value: float) -> Guide:
    # Drawn from the ear at the printed angle: C7, its other end, is an estimate and no keypoint.
    ear = _near(pose, "ear")
    length = float(np.hypot(*(ear - pose.middle("left_shoulder", "right_shoulder"))))
    lean = np.radians(value)
    neck = ear + length * np.array([-facing_sign(pose) * np.sin(lean), np.cos(lean)])
    upright = neck - np.array([0.0, length])
    return Guide(key, np.array([neck, ear]), np.array([neck, upright]), (neck + ear) / 2)


def _round_shoulder(pose: Pose, key: str, _: float) -> Guide:
    foot, hip, shoulder = (pose.middle(f"left_{joint}", f"right_{joint}") for joint in ("ankle", "hip", "shoulder"))
    leg = (hip - foot) / np.hypot(*(hip - foot))
    return Guide(
        key,
        np.array([foot, hip, shoulder]),
        np.array([hip, hip + leg * np.hypot(*(shoulder - hip))]),
        hip + 0.7 * (shoulder - hip),
    )


def _side_head(pose: Pose, key: str, _: float) -> Guide:
    ear, eye = _near(pose, "ear"), _near(pose, "eye")
    reach = 1.8 * (eye - ear)
    return Guide(key, np.array([ear, ear + reach]), np.array([ear, ear + np.array([reach[0], 0.0])]), ear)


def _near(pose: Pose, part: str) -> FloatArray:
    return pose[f"{'right' if facing_sign(pose) > 0 else 'left'}_{part}"]


_GUIDES: dict[View, dict[str, Callable[[Pose, str, float], Guide]]] = {
    View.FRONT: {
        "body_tilt": _axis,
        "left_leg": _leg("left"),
        "right_leg": _leg("right"),
        "head_tilt": _head,
        "shoulder_tilt": _pair("shoulder"),
        "pelvis_tilt": _pair("hip"),
        "knee_tilt": _pair("knee"),
    },
    View.SIDE: {
        "round_shoulder": _round_shoulder,
        "side_body_tilt": _axis,
        "turtle_neck": _neck,
        "side_head_tilt": _side_head,
    },
}
