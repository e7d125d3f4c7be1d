"""What an answer means: intervals, probabilities, the camera's share, corrections by hand."""

import pytest

from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import load_profile
from posedeck.pose.posture import METRICS, View
from posedeck.services.assessment import assess
from tests.support.results import own_result

PROFILE = load_profile("remo-2024")


def entries(assessment):
    """Assessments of the metrics by key."""
    return {entry.metric.key: entry for entry in assessment.metrics}


def test_values_are_those_of_the_answer() -> None:
    """Recomputed from the pose and calibrated, the values are the answered ones as printed."""
    result = own_result()
    for entry in assess(result, PROFILE).metrics:
        assert entry.value == entry.answered_value
        assert entry.grade == entry.answered_grade


def test_the_interval_holds_noise_and_what_calibration_leaves() -> None:
    """No interval is narrower than the residual of the calibration."""
    for entry in assess(own_result(), PROFILE).metrics:
        assert entry.estimate.sigma >= load_calibration().metrics[entry.metric.key].residual_deg


def test_without_calibration_the_values_are_raw_and_less_sure() -> None:
    """Switching the calibration off shows the measured value with the error that it had before."""
    result = own_result()
    calibrated, raw = entries(assess(result, PROFILE)), entries(assess(result, PROFILE, calibrated=False))
    assert raw["shoulder_tilt"].value == raw["shoulder_tilt"].raw_value == calibrated["shoulder_tilt"].raw_value
    assert raw["shoulder_tilt"].estimate.sigma > calibrated["shoulder_tilt"].estimate.sigma


def test_another_profile_grades_the_same_values() -> None:
    """Switching the profile changes grades and nothing else; a metric without a band has none."""
    result = own_result()
    one, other = entries(assess(result, PROFILE)), entries(assess(result, load_profile("literature")))
    assert {key: entry.value for key, entry in one.items()} == {key: entry.value for key, entry in other.items()}
    assert other["head_tilt"].grade is None
    assert other["head_tilt"].probabilities == {}
    assert not other["head_tilt"].borderline
    assert other["left_leg"].grade is not None


def test_levelling_takes_out_what_the_lines_share() -> None:
    """Levelled tilts are the residuals; legs and side values stay."""
    assessment = assess(own_result(), PROFILE)
    roll = assessment.common.estimate.value
    for photo, level in zip(assessment.metrics, assessment.levelled, strict=True):
        expected = photo.value - roll if photo.metric.tilt else photo.value
        assert level.value == pytest.approx(expected)


def test_a_line_set_by_hand_is_measured_anew() -> None:
    """With both its points set by hand a line is not calibrated, and only the hand's noise is left."""
    result = own_result()
    pose = result.poses[View.FRONT]
    left, right = pose["left_shoulder"], pose["right_shoulder"]
    edits = {View.FRONT: {"left_shoulder": (left[0], right[1]), "right_shoulder": tuple(right)}}
    entry = entries(assess(result, PROFILE, edits=edits))["shoulder_tilt"]
    assert entry.corrected
    assert entry.value == entry.raw_value == pytest.approx(0.0)
    assert entry.estimate.sigma < load_calibration().metrics["shoulder_tilt"].residual_deg


def test_half_a_line_set_by_hand_keeps_the_models_error() -> None:
    """One point of two is still the model's."""
    result = own_result()
    edits = {View.FRONT: {"left_shoulder": tuple(result.poses[View.FRONT]["left_shoulder"])}}
    entry = entries(assess(result, PROFILE, edits=edits))["shoulder_tilt"]
    assert entry.corrected
    assert entry.estimate.sigma >= load_calibration().metrics["shoulder_tilt"].raw_residual_deg


def test_a_point_that_turns_no_line_corrects_none() -> None:
    """The hips only tell a profile's scale for the body axis; moving them does not make it hand-measured."""
    result = own_result()
    edits = {View.SIDE: {"left_hip": tuple(result.poses[View.SIDE]["left_hip"])}}
    assessed = entries(assess(result, PROFILE, edits=edits))
    assert not assessed["side_body_tilt"].corrected
    assert assessed["round_shoulder"].corrected


def test_findings_are_the_surest_and_never_normal() -> None:
    """At most three, none graded normal, in the order of how unlikely normal is."""
    findings = assess(own_result(), PROFILE).findings()
    assert 0 < len(findings) <= 3
    assert all(entry.grade and entry.likeliest for entry in findings)
    normal = [entry.probabilities[0] for entry in findings]
    assert normal == sorted(normal)


def test_every_metric_is_assessed() -> None:
    """All eleven, in their order."""
    assert [entry.metric for entry in assess(own_result(), PROFILE).metrics] == list(METRICS)
