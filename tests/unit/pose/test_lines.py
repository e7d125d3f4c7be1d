"""The lines of the metrics show what the metrics measure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posedeck.pose.geometry import wrap_deg
from posedeck.pose.lines import MetricLine, line_slopes, metric_lines, turn_sign
from posedeck.pose.pose import FloatArray, Pose
from posedeck.pose.posture import METRIC_BY_KEY, METRICS, View
from tests.support.people import level_front, mirrored, moved, truth_pose, upright_profile

FRONT_KEYS = [metric.key for metric in METRICS if metric.view is View.FRONT]
SIDE_KEYS = [metric.key for metric in METRICS if metric.view is View.SIDE]


def turn_deg(line: MetricLine) -> float:
    """Angle in degrees between the last stretch of the measured line and its reference."""
    (ax, ay), (bx, by) = line.points[-1] - line.points[-2], line.reference[1] - line.reference[0]
    return wrap_deg(float(np.degrees(np.arctan2(ay, ax) - np.arctan2(by, bx))))


def test_front_has_its_seven_lines() -> None:
    """Each metric of the front photo has one line, in the order of the metrics."""
    assert [line.metric_key for line in metric_lines(level_front(), View.FRONT)] == FRONT_KEYS


def test_side_has_its_four_lines() -> None:
    """Each metric of the side photo has one line, in the order of the metrics."""
    assert [line.metric_key for line in metric_lines(upright_profile(), View.SIDE)] == SIDE_KEYS


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("view", View)
def test_angle_to_the_reference_is_the_metric(view: View, flip: bool) -> None:
    """Measured line and reference stand at the metric's angle; legs bend by it at the knee."""
    pose = truth_pose(f"{view.value}_apose")
    if flip:
        pose = mirrored(pose, 768)
    for line in metric_lines(pose, view):
        if not line.metric_key.endswith("_leg"):
            measured = METRIC_BY_KEY[line.metric_key].measure(pose)
            assert abs(turn_deg(line)) == pytest.approx(abs(measured), abs=1e-6), line.metric_key


def test_leg_is_hip_knee_ankle_against_its_axis() -> None:
    """A leg's line runs through its three joints and is compared with hip to ankle."""
    pose = moved(level_front(), left_knee=(20.0, 0.0))
    line = next(line for line in metric_lines(pose, View.FRONT) if line.metric_key == "left_leg")

    np.testing.assert_array_equal(line.points, [pose["left_hip"], pose["left_knee"], pose["left_ankle"]])
    np.testing.assert_array_equal(line.reference, [pose["left_hip"], pose["left_ankle"]])


def test_line_with_a_missing_keypoint_is_left_out() -> None:
    """What could not be measured is not drawn."""
    pose = moved(level_front(), left_knee=(float("nan"), 0.0))
    assert [line.metric_key for line in metric_lines(pose, View.FRONT)] == [
        key for key in FRONT_KEYS if key not in ("knee_tilt", "left_leg")
    ]


def test_side_lines_need_a_facing() -> None:
    """A profile that does not tell where it faces has no lines that depend on it."""
    pose = moved(upright_profile(), nose=(-60.0, 0.0))
    assert "turtle_neck" not in [line.metric_key for line in metric_lines(pose, View.SIDE)]


def line_of(key: str, pose: Pose) -> MetricLine:
    return next(line for line in metric_lines(pose, METRIC_BY_KEY[key].view) if line.metric_key == key)


@pytest.mark.parametrize("key", FRONT_KEYS + SIDE_KEYS)
@given(offsets=arrays(float, (33, 2), elements=st.floats(-12, 12)))
def test_metric_changes_as_its_line_turns(key: str, offsets: FloatArray) -> None:
    """However keypoints move, the metric changes by the angle that its line turns by, with the sign that is stated."""
    metric = METRIC_BY_KEY[key]
    # Profiles in which nose and hips stay ahead of and below the ear: turning round is another sign.
    pose = level_front() if metric.view is View.FRONT else moved(upright_profile(), nose=(30.0, 0.0))
    other = pose.with_xy(pose.xy_px + offsets)

    change = turn_sign(key, pose) * wrap_deg(line_of(key, other).turn_deg - line_of(key, pose).turn_deg)
    assert wrap_deg(metric.measure(other) - metric.measure(pose)) == pytest.approx(change, abs=1e-6)


@pytest.mark.parametrize("key", FRONT_KEYS + SIDE_KEYS)
def test_line_follows_its_slopes(key: str) -> None:
    """A line whose keypoint moves by 10 pixels lies within a pixel of where its slopes put it."""
    pose = truth_pose(f"{METRIC_BY_KEY[key].view.value}_apose")
    slopes = line_slopes(key, pose)
    assert slopes
    for name, slope in slopes.items():
        x, y = pose[name]
        for (dx, dy), step in zip(((10.0, 0.0), (0.0, 10.0)), slope, strict=True):
            followed = line_of(key, pose).outline + 10.0 * step
            true = line_of(key, pose.with_points({name: (x + dx, y + dy)})).outline
            np.testing.assert_allclose(followed, true, atol=1.0)
