"""The lines that show a posture metric on its photo: what was measured, and against what."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posedeck.pose.geometry import wrap_deg
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import METRIC_BY_KEY, METRICS, View, c7_px, facing_sign, near_ear_px

# One pixel: lines are all but straight functions of their keypoints, so the step hardly matters.
_STEP_PX = 1.0

#: Level lines are drawn this much longer than the distance of their keypoints, so that a small tilt can be seen.
_OVERHANG = 0.35


@dataclass(frozen=True, eq=False)
class MetricLine:
    """How one metric is drawn, in pixels of the photo (x right, y down).

    Attributes:
        metric_key: Which metric it shows.
        points: (k, 2) polyline that was measured.
        reference: (2, 2) line that it is measured against: level, upright or the axis of the limb.
        anchor: (2,) where its value is written.
    """

    metric_key: str
    points: FloatArray
    reference: FloatArray
    anchor: FloatArray

    @property
    def outline(self) -> FloatArray:
        """All its points (k + 3, 2): the measured ones, the reference's two and the anchor."""
        return np.vstack([self.points, self.reference, self.anchor])

    @property
    def turn_deg(self) -> float:
        """Direction of a straight line, or by how much a bent one bends, in degrees clockwise on the screen."""
        steps = np.diff(self.points, axis=0)
        directions = np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))
        return float(directions[0]) if len(directions) == 1 else wrap_deg(directions[1] - directions[0])


def metric_lines(pose: Pose, view: View) -> list[MetricLine]:
    """The lines of a photo's metrics, in the order of ``METRICS``; a metric without a value has none."""
    metrics = [m for m in METRICS if m.view is view and pose.has(m.keypoints) and np.isfinite(m.measure(pose))]
    return [_DRAW[metric.key](metric.key, pose) for metric in metrics]


def line_slopes(metric_key: str, pose: Pose) -> dict[str, FloatArray]:
    """How the metric's line follows its keypoints, to the first order; keypoints that do not move it are left out.

    Returns:
        By keypoint, (2, m, 2): movement of each point of the line's ``outline`` per pixel of the keypoint's x and y.
    """
    draw = _DRAW[metric_key]
    rest = draw(metric_key, pose).outline
    slopes = {}
    for name in METRIC_BY_KEY[metric_key].keypoints:
        slope = np.array([draw(metric_key, moved).outline - rest for moved in _steps(pose, name)]) / _STEP_PX
        # A step over the limit of what shows where a profile faces has no slope.
        if slope.any() and np.isfinite(slope).all():
            slopes[name] = slope
    return slopes


def turn_sign(metric_key: str, pose: Pose) -> float:
    """+1.0 when the metric grows with its line's ``turn_deg`` and -1.0 when it falls: they change by the same angle."""
    metric, draw = METRIC_BY_KEY[metric_key], _DRAW[metric_key]
    value, turn = metric.measure(pose), draw(metric_key, pose).turn_deg
    agreement = [
        wrap_deg(metric.measure(moved) - value) * wrap_deg(draw(metric_key, moved).turn_deg - turn)
        for name in metric.keypoints
        for moved in _steps(pose, name)
    ]
    return float(np.sign(np.nansum(agreement)))


def _steps(pose: Pose, name: str) -> list[Pose]:
    x, y = pose[name]
    return [pose.with_points({name: point}) for point in ((x + _STEP_PX, y), (x, y + _STEP_PX))]


def _level(left: str, right: str) -> Callable[[str, Pose], MetricLine]:
    return lambda key, pose: _level_line(key, pose[right], pose[left])


def _head(key: str, pose: Pose) -> MetricLine:
    # The metric adds the ear and the eye vector; the drawn line has their direction and the width of the ears.
    across = (pose["left_ear"] - pose["right_ear"]) + (pose["left_eye"] - pose["right_eye"])
    ears = pose["left_ear"] - pose["right_ear"]
    half = across / np.hypot(*across) * np.hypot(*ears) / 2
    centre = pose.middle("left_ear", "right_ear", "left_eye", "right_eye")
    return _level_line(key, centre - half, centre + half)


def _level_line(key: str, start: FloatArray, end: FloatArray) -> MetricLine:
    centre, half = (start + end) / 2, (end - start) * (0.5 + _OVERHANG)
    level = np.array([np.hypot(*half) * (np.sign(half[0]) or 1.0), 0.0])
    return MetricLine(
        key,
        points=np.array([centre - half, centre + half]),
        reference=np.array([centre - level, centre + level]),
        anchor=centre + half,
    )


def _leg(side: str) -> Callable[[str, Pose], MetricLine]:
    def draw(key: str, pose: Pose) -> MetricLine:
        hip, knee, ankle = (pose[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle"))
        return MetricLine(
            key,
            points=np.array([hip, knee, ankle]),
            reference=np.array([hip, ankle]),
            anchor=(knee + ankle) / 2,
        )

    return draw


def _body_axis(key: str, pose: Pose) -> MetricLine:
    ankles, shoulders = pose.middle("left_ankle", "right_ankle"), pose.middle("left_shoulder", "right_shoulder")
    return _upright_line(key, ankles, shoulders, anchor=(shoulders + ankles) / 2)


def _neck(key: str, pose: Pose) -> MetricLine:
    c7 = c7_px(pose)
    return _upright_line(key, c7, near_ear_px(pose), anchor=c7)


def _upright_line(key: str, bottom: FloatArray, top: FloatArray, anchor: FloatArray) -> MetricLine:
    upright = np.array([0.0, -np.hypot(*(top - bottom))])
    return MetricLine(
        key, points=np.array([bottom, top]), reference=np.array([bottom, bottom + upright]), anchor=anchor
    )


def _trunk(key: str, pose: Pose) -> MetricLine:
    ankles, hips, shoulders = (pose.middle(f"left_{j}", f"right_{j}") for j in ("ankle", "hip", "shoulder"))
    legs = (hips - ankles) / np.hypot(*(hips - ankles))
    straight_on = hips + legs * np.hypot(*(shoulders - hips))
    return MetricLine(
        key,
        points=np.array([ankles, hips, shoulders]),
        reference=np.array([hips, straight_on]),
        anchor=(hips + shoulders) / 2,
    )


def _side_head(key: str, pose: Pose) -> MetricLine:
    side = "right" if facing_sign(pose) > 0 else "left"
    return _level_line(key, pose[f"{side}_ear"], pose[f"{side}_eye"])


_DRAW: dict[str, Callable[[str, Pose], MetricLine]] = {
    "head_tilt": _head,
    "shoulder_tilt": _level("left_shoulder", "right_shoulder"),
    "pelvis_tilt": _level("left_hip", "right_hip"),
    "knee_tilt": _level("left_knee", "right_knee"),
    "body_tilt": _body_axis,
    "left_leg": _leg("left"),
    "right_leg": _leg("right"),
    "turtle_neck": _neck,
    "round_shoulder": _trunk,
    "side_body_tilt": _body_axis,
    "side_head_tilt": _side_head,
}
