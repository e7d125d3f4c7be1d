import pytest

from posedeck.pose.kick.metrics import METRICS
from posedeck.pose.kick.score import BANDS, points, total_score


@pytest.mark.parametrize(
    ("metric", "phase", "value", "expected"),
    [
        ("stepping_foot_position", "before_impact", 1.42, 10),
        ("stepping_foot_position", "before_impact", 1.7, 10),
        ("stepping_foot_position", "before_impact", 1.8, 9),
        ("stepping_foot_position", "before_impact", 1.81, 8),
        ("stepping_foot_position", "before_impact", 1.05, 7),
        ("stepping_foot_position", "before_impact", 9.0, 0),
        ("stepping_knee_global_y", "impact", -48.4, 9),
        ("stepping_knee_global_y", "impact", -45.0, 10),
        ("stepping_knee_x", "impact", 61.98, 8),
        ("upper_pelvis_shoulder_y", "before_impact", 0.0, 9),
        ("upper_pelvis_shoulder_y", "before_impact", -6.3, 3),
        ("upper_pelvis_shoulder_y", "impact", 11.31, 0),
        ("upper_left_shoulder_y", "before_impact", 82.48, 10),
        ("upper_left_shoulder_y", "before_impact", 60.0, 9),
        ("upper_left_shoulder_y", "after_impact", -54.39, 10),
        ("kick_right_knee_pelvis_x", "before_impact", -107.0, 10),
        ("kick_right_knee_pelvis_x", "before_impact", -113.0, 8),
        ("kick_right_knee_pelvis_x", "after_impact", 66.0, 8),
        ("kick_right_hip_x", "impact", 185.95, 10),
        ("kick_right_hip_x", "impact", 169.5, 9),
    ],
)
def test_points_follow_the_published_bands(metric: str, phase: str, value: float, expected: int) -> None:
    assert points(metric, phase, value) == expected


def test_every_documented_value_has_a_band() -> None:
    assert {(metric.key, metric.phase) for metric in METRICS} == set(BANDS)
    assert len({metric.key for metric in METRICS}) == 9


def test_a_missing_value_has_no_points_and_does_not_count() -> None:
    assert points("kick_right_hip_x", "impact", None) is None
    assert total_score([10, None, 5, 9, 10]) == 85.0
    assert total_score([10, None, 5, 9]) is None
