"""Angles in the picture plane: counter-clockwise on the screen, y down."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.geometry import from_vertical_deg, included_deg, line_deg, rotate, wrap_deg

ANGLES = st.floats(-720, 720)


@pytest.mark.parametrize(
    ("end", "angle"), [((1, 0), 0.0), ((0, -1), 90.0), ((0, 1), -90.0), ((-1, 0), 180.0), ((1, -1), 45.0)]
)
def test_line_angle(end: tuple[float, float], angle: float) -> None:
    """A line to the right is 0 degrees, one up the screen is 90."""
    assert angle == pytest.approx(line_deg((0, 0), end))


def test_missing_point_has_no_angle() -> None:
    """A line with a missing point or without length has no angle."""
    assert math.isnan(line_deg((0, 0), (math.nan, 1)))
    assert math.isnan(line_deg((3, 3), (3, 3)))


@given(ANGLES)
def test_wrapping_keeps_the_direction(angle: float) -> None:
    """A wrapped angle lies in (-180, 180] and points the same way."""
    wrapped = wrap_deg(angle)
    assert -180 < wrapped <= 180
    assert math.cos(math.radians(angle)) == pytest.approx(math.cos(math.radians(wrapped)), abs=1e-9)
    assert math.sin(math.radians(angle)) == pytest.approx(math.sin(math.radians(wrapped)), abs=1e-9)


@given(st.floats(-80, 80))
def test_rotation_adds_to_every_line(angle: float) -> None:
    """Turning the picture by an angle adds that angle to a line and to the lean of an upright."""
    points = rotate(np.array([[0.0, 0.0], [100.0, 0.0], [0.0, -100.0]]), angle, (30.0, 40.0))
    assert angle == pytest.approx(line_deg(points[0], points[1]))
    assert angle == pytest.approx(from_vertical_deg(points[0], points[2]))


@given(st.floats(0, 180), st.floats(-180, 180))
def test_included_angle_ignores_rotation(opening: float, turn: float) -> None:
    """The angle at a joint is the same however the picture is turned."""
    ray = rotate(np.array([[1.0, 0.0]]), opening, (0, 0))[0]
    a, b = rotate(np.array([[1.0, 0.0], ray]), turn, (0, 0))
    assert opening == pytest.approx(included_deg(a, (0, 0), b), abs=1e-6)
