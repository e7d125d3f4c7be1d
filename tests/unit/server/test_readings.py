"""Values and grades as answered."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.calibration import load_calibration
from posedeck.pose.grades import load_profile
from posedeck.pose.posture import METRICS, measure_posture
from posedeck.server.readings import Reading, as_printed, read_metrics
from tests.support.people import level_front, moved, truth_pose, upright_profile

PROFILE = load_profile("remo-2024")


def test_the_sample_pair_has_all_eleven_values() -> None:
    """True joints of the sample: shoulders 5 and pelvis 2 degrees, her left higher; head 3 degrees the other way."""
    readings = read_metrics(truth_pose("front_apose"), truth_pose("side_apose"), PROFILE, None)

    assert [metric.key for metric in METRICS] == list(readings)
    assert pytest.approx(5.0, abs=0.1) == readings["shoulder_tilt"].value
    assert pytest.approx(2.0, abs=0.1) == readings["pelvis_tilt"].value
    assert pytest.approx(-3.0, abs=0.1) == readings["head_tilt"].value
    assert tuple(readings[key].grade for key in ("shoulder_tilt", "pelvis_tilt", "head_tilt")) == (2, 1, -1)


def test_a_level_person_reads_plain_zeros() -> None:
    """Never a minus zero, which would print as -0.0."""
    readings = read_metrics(level_front(), upright_profile(), PROFILE, None)

    for key in ("head_tilt", "shoulder_tilt", "pelvis_tilt", "knee_tilt", "body_tilt"):
        assert (str(readings[key].value), readings[key].grade) == ("0.0", 0)


def test_a_missing_point_makes_its_metrics_null() -> None:
    """And no others."""
    front = moved(level_front(), left_knee=(np.nan, np.nan))
    readings = read_metrics(front, upright_profile(), PROFILE, None)

    assert {"knee_tilt", "left_leg"} == {
        key for key, reading in readings.items() if reading == Reading(None, None, None)
    }


@given(noise=st.lists(st.floats(-3, 3), min_size=66, max_size=66))
def test_values_can_be_recomputed_from_the_printed_pose(noise: list[float]) -> None:
    """Printing the printed pose again changes nothing, and its values are the answered ones to the last decimal."""
    front = as_printed(level_front().with_xy(level_front().xy_px + np.reshape(noise, (33, 2))))
    side = as_printed(upright_profile())
    np.testing.assert_array_equal(front.xy_px, as_printed(front).xy_px)

    for key, degrees in measure_posture(front, side).items():
        assert round(degrees, 3) == read_metrics(front, side, PROFILE, None)[key].value


def test_calibrated_values_follow_from_the_printed_raw_ones() -> None:
    """The answered value is the calibration of the raw value as printed; the raw one stands beside it."""
    calibration = load_calibration()
    front = moved(level_front(), left_shoulder=(0, -9.7))
    readings = read_metrics(front, upright_profile(), PROFILE, calibration)
    expected = calibration.apply({key: reading.raw for key, reading in readings.items()})
    for key, reading in readings.items():
        assert reading.value == round(expected[key], 3) + 0.0
    assert readings["shoulder_tilt"].value > readings["shoulder_tilt"].raw
