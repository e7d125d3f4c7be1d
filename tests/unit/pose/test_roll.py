"""Camera roll is told apart from the body's asymmetry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.roll import TILT_KEYS, common_mode
from posedeck.pose.uncertainty import Estimate

ANGLES = st.floats(-8, 8)
TILTS = st.fixed_dictionaries(dict.fromkeys(TILT_KEYS, st.builds(Estimate, ANGLES, st.floats(0.05, 3))))


def tilts(*values: float, sigma: float = 0.5) -> dict[str, Estimate]:
    """Estimates of the five frontal tilts in the order of TILT_KEYS."""
    return {key: Estimate(value, sigma) for key, value in zip(TILT_KEYS, values, strict=True)}


def test_the_vendors_sample_is_mostly_roll() -> None:
    """The documented sample tilts by about 0.9 degrees in common; nothing of note is left."""
    mode = common_mode(tilts(1.393, 0.483, 1.153, 0.570, 0.958))
    assert mode.estimate.value == pytest.approx(0.911, abs=0.02)
    assert max(abs(value) for value in mode.residuals.values()) < 1


def test_one_asymmetric_line_stays_an_asymmetry() -> None:
    """A shoulder line of 6 degrees on a level person is not taken for camera roll."""
    mode = common_mode(tilts(0, 6, 0, 0, 0))
    assert abs(mode.estimate.value) < 0.5
    assert mode.residuals["shoulder_tilt"] > 5.5


@given(TILTS, ANGLES)
def test_roll_moves_the_common_part_and_nothing_else(measured: dict[str, Estimate], roll: float) -> None:
    """Adding an angle to all tilts adds it to the common part and leaves every residual."""
    before = common_mode(measured)
    after = common_mode({key: Estimate(e.value + roll, e.sigma) for key, e in measured.items()})
    assert before.estimate.value + roll == pytest.approx(after.estimate.value, abs=1e-6)
    for key, residual in before.residuals.items():
        assert residual == pytest.approx(after.residuals[key], abs=1e-6)


def test_lines_that_agree_make_the_roll_surer() -> None:
    """Five lines of the same angle give a narrower interval than five that disagree."""
    assert common_mode(tilts(2, 2, 2, 2, 2)).estimate.sigma < common_mode(tilts(-3, 5, 2, -1, 7)).estimate.sigma


def test_a_missing_tilt_is_left_out() -> None:
    """An unseen face does not spoil the estimate."""
    mode = common_mode(tilts(float("nan"), 2, 2, 2, 2))
    assert mode.estimate.value == pytest.approx(2)
    assert "head_tilt" not in mode.residuals


def test_two_lines_are_not_enough() -> None:
    """Two lines cannot tell which of them is the odd one."""
    with pytest.raises(ValueError, match="three"):
        common_mode({"head_tilt": Estimate(1, 1), "knee_tilt": Estimate(2, 1)})
