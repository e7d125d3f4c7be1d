"""Uncertainty: analytic propagation agrees with Monte Carlo, and stated probabilities come true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.grades import load_profile
from posedeck.pose.posture import METRIC_BY_KEY, METRICS, Metric, View
from posedeck.pose.uncertainty import (
    Z_95,
    Estimate,
    grade_probabilities,
    is_borderline,
    keypoint_sigma_deg,
)
from tests.support.people import level_front, moved, upright_profile

DRAWS = 5_000
PROFILE = load_profile("remo-2024")


def pose_of(metric: Metric):
    """A pose of the metric's photo that is neither level nor straight."""
    if metric.view is View.FRONT:
        return moved(level_front(), left_shoulder=(3, -14), left_hip=(0, -6), left_knee=(9, -4), left_ear=(1, -3))
    return moved(upright_profile(), left_ear=(18, 2), right_ear=(18, 2), left_eye=(10, 3), right_eye=(10, 3))


def noisy_values(metric: Metric, pose, sigma_px: float, draws: int, seed: int = 1) -> np.ndarray:
    """The metric measured on draws of the pose with independent keypoint noise."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, sigma_px, (draws, *pose.xy_px.shape))
    return np.array([metric.measure(pose.with_xy(pose.xy_px + shift)) for shift in noise])


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.key)
def test_analytic_propagation_agrees_with_monte_carlo(metric: Metric) -> None:
    """The first-order standard deviation is that of noisy draws within sampling error."""
    pose = pose_of(metric)
    analytic = keypoint_sigma_deg(metric, pose, np.full(33, 1.5))
    drawn = noisy_values(metric, pose, 1.5, 2_000).std()
    # Four standard errors of a standard deviation from 2,000 draws.
    assert analytic == pytest.approx(drawn, rel=4 / np.sqrt(2 * 2_000))


def test_one_line_by_hand() -> None:
    """For a level line of length L the standard deviation is 57.3 * sqrt(2) * sigma / L degrees."""
    pose = level_front()
    sigma = keypoint_sigma_deg(METRIC_BY_KEY["shoulder_tilt"], pose, np.full(33, 2.0))
    assert sigma == pytest.approx(np.degrees(np.sqrt(2) * 2.0 / 170.0), rel=1e-4)


def test_keypoints_that_do_not_matter_do_not_count() -> None:
    """A missing or wildly uncertain keypoint elsewhere leaves the metric's uncertainty alone."""
    sigma = np.full(33, 2.0)
    expected = keypoint_sigma_deg(METRIC_BY_KEY["shoulder_tilt"], level_front(), sigma)
    sigma[level_front().skeleton.index["left_wrist"]] = np.nan
    assert expected == keypoint_sigma_deg(METRIC_BY_KEY["shoulder_tilt"], level_front(), sigma)


@pytest.mark.parametrize("sigma_px", [0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("key", ["head_tilt", "shoulder_tilt", "knee_tilt", "left_leg"])
def test_a_noisy_line_is_graded_as_often_as_stated(key: str, sigma_px: float) -> None:
    """Of 5,000 noisy drawings of one person, each grade comes up as often as its probability says, within 3 points."""
    metric = METRIC_BY_KEY[key]
    pose = level_front() if key != "left_leg" else moved(level_front(), left_knee=(12, 0))
    estimate = Estimate(metric.measure(pose), keypoint_sigma_deg(metric, pose, np.full(33, sigma_px)))
    bands = PROFILE.bands[key]
    grades = np.array([bands.grade(value) for value in noisy_values(metric, pose, sigma_px, DRAWS)])
    for grade, probability in grade_probabilities(estimate, bands).items():
        assert probability == pytest.approx((grades == grade).mean(), abs=0.03)


def test_stated_probabilities_come_true() -> None:
    """Over 5,000 random people the true grade is g in p of the cases in which p was stated for g, within 3 points,
    and the interval holds the truth in 93 to 97 of 100."""
    rng = np.random.default_rng(7)
    bands = PROFILE.bands["shoulder_tilt"]
    metric = METRIC_BY_KEY["shoulder_tilt"]
    level = level_front()
    stated, came_true, inside = [], [], 0
    for tilt in rng.uniform(-9, 9, DRAWS):
        rise = 170 * np.tan(np.radians(tilt))
        true_pose = moved(level, left_shoulder=(0, -rise))
        truth = metric.measure(true_pose)
        seen = true_pose.with_xy(true_pose.xy_px + rng.normal(0, 2.5, true_pose.xy_px.shape))
        estimate = Estimate(metric.measure(seen), keypoint_sigma_deg(metric, seen, np.full(33, 2.5)))
        low, high = estimate.interval_95
        inside += low <= truth <= high
        for grade, probability in grade_probabilities(estimate, bands).items():
            stated.append(probability)
            came_true.append(bands.grade(truth) == grade)
    stated, came_true = np.array(stated), np.array(came_true)
    assert 0.93 <= inside / DRAWS <= 0.97
    for low in np.arange(0, 1, 0.2):
        chosen = (stated >= low) & (stated < low + 0.2 + (low > 0.7))
        assert stated[chosen].mean() == pytest.approx(came_true[chosen].mean(), abs=0.03)


@given(st.floats(-30, 30), st.floats(0, 20))
def test_probabilities_sum_to_one(value: float, sigma: float) -> None:
    """Whatever the value and its noise, some grade holds."""
    for bands in PROFILE.bands.values():
        probabilities = grade_probabilities(Estimate(value, sigma), bands)
        assert sum(probabilities.values()) == pytest.approx(1)
        assert all(p >= 0 for p in probabilities.values())


@given(st.floats(-30, 30))
def test_a_certain_value_has_one_grade(value: float) -> None:
    """Without noise the grade of the value has probability 1, at boundaries too."""
    for bands in PROFILE.bands.values():
        assert grade_probabilities(Estimate(value, 0.0), bands)[bands.grade(value)] == 1


def test_borderline() -> None:
    """A value on a cut point is borderline, one far from all is not."""
    bands = PROFILE.bands["head_tilt"]
    assert is_borderline(grade_probabilities(Estimate(1.0, 0.5), bands))
    assert not is_borderline(grade_probabilities(Estimate(2.5, 0.5), bands))


def test_interval() -> None:
    """The 95 % interval is 1.96 standard deviations to each side."""
    assert Estimate(3.0, 2.0).interval_95 == pytest.approx((3 - 2 * Z_95, 3 + 2 * Z_95))
