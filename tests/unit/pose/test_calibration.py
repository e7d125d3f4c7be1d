"""Calibration stretches an asymmetry and leaves camera roll alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.calibration import Calibration, MetricCalibration, load_calibration
from posedeck.pose.posture import METRICS
from posedeck.pose.roll import TILT_KEYS

KEYS = [metric.key for metric in METRICS]
VALUES = st.fixed_dictionaries(dict.fromkeys(KEYS, st.floats(-15, 15)))


def test_every_metric_has_its_calibration() -> None:
    """The data file covers all eleven metrics and says where each number comes from."""
    calibration = load_calibration()
    assert set(calibration.metrics) == set(KEYS)
    assert all(metric.note and metric.residual_deg > 0 for metric in calibration.metrics.values())


@given(VALUES, st.floats(-10, 10))
def test_roll_is_added_back_untouched(values: dict[str, float], roll: float) -> None:
    """Turning the photo turns every calibrated tilt by the same angle and no other value."""
    calibration = load_calibration()
    turned = {key: value + roll * (key in TILT_KEYS) for key, value in values.items()}
    before, after = calibration.apply(values), calibration.apply(turned)
    for key in KEYS:
        assert after[key] - before[key] == pytest.approx(roll * (key in TILT_KEYS), abs=1e-5)


@given(VALUES)
def test_mirroring_changes_the_sign_only(values: dict[str, float]) -> None:
    """A mirrored person gets mirrored tilts: calibration prefers no side."""
    calibration = load_calibration()
    mirrored = {key: -value if key in TILT_KEYS else value for key, value in values.items()}
    before, after = calibration.apply(values), calibration.apply(mirrored)
    for key in TILT_KEYS:
        assert before[key] == pytest.approx(-after[key], abs=1e-6)


def test_an_asymmetry_is_stretched() -> None:
    """A raised shoulder on an otherwise level person reads higher by about the slope."""
    slope = load_calibration().metrics["shoulder_tilt"].slope
    values = load_calibration().apply({**dict.fromkeys(KEYS, 0.0), "shoulder_tilt": 3.0})
    assert 0.85 * slope * 3 < values["shoulder_tilt"] <= slope * 3


def test_a_missing_value_stays_missing() -> None:
    """An unseen face has no calibrated tilt, and the others keep theirs."""
    values = load_calibration().apply({**dict.fromkeys(KEYS, 1.0), "head_tilt": float("nan")})
    assert math.isnan(values["head_tilt"])
    assert values["knee_tilt"] == pytest.approx(1.0)


def test_two_tilts_are_left_alone() -> None:
    """Without a common mode there is no deviation to stretch."""
    calibration = Calibration("x", "x", dict.fromkeys(KEYS, MetricCalibration(1.0, slope=2.0)))
    assert calibration.apply({"shoulder_tilt": 3.0, "knee_tilt": 1.0}) == {"shoulder_tilt": 3.0, "knee_tilt": 1.0}
