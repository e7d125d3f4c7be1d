"""The displacement: its inverse, its folds, its guard."""

import numpy as np
import pytest

from posedeck.engine.reshape.anthropometry import EXPONENTS, Gender
from posedeck.engine.reshape.field import MIN_DETERMINANT, Extent, determinants, make_field, without_folds
from posedeck.engine.reshape.figure import Figure
from posedeck.engine.reshape.rasters import centres, looked_up
from posedeck.engine.reshape.render import inverted
from tests.support.mannequin import draw

DRAWN = draw(scale=0.3)
BODY = DRAWN.body


def stretched(size: int, by: float) -> np.ndarray:
    """A displacement that stretches by that share around the middle column."""
    x, _ = centres(size, size)
    return np.stack([(x - size / 2.0) * np.float32(by), np.zeros_like(x)], axis=-1)


@pytest.mark.parametrize("by", [-0.4, 0.3])
def test_the_determinant_is_the_change_of_area(by: float) -> None:
    np.testing.assert_allclose(determinants(stretched(32, by)), 1.0 + by, atol=1e-5)


def test_going_back_leads_where_one_came_from() -> None:
    shift = make_field(BODY.pose, BODY.mask, EXPONENTS[Gender.FEMALE], np.log(0.75), Extent()).shift
    back = inverted(shift)
    x, y = centres(shift.shape[1], shift.shape[0])
    from_x, from_y = x + back[..., 0], y + back[..., 1]
    again = looked_up(shift, from_x, from_y)
    np.testing.assert_allclose(from_x + again[..., 0], x, atol=0.05)
    np.testing.assert_allclose(from_y + again[..., 1], y, atol=0.05)


def test_folds_are_smoothed_away() -> None:
    figure = Figure(BODY.pose, BODY.mask, 224)
    x, y = centres(figure.mask.shape[1], figure.mask.shape[0])
    middle = figure.trunk.at(0.6)
    bump = np.exp(-((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (2.0 * 2.5**2)).astype(np.float32)
    folded = np.stack([6.0 * bump, np.zeros_like(bump)], axis=-1)
    assert determinants(folded).min() < 0.0
    field = without_folds(figure, folded)
    assert field.min_determinant > MIN_DETERMINANT
    assert field.amplitude == 1.0


def test_what_cannot_be_smoothed_is_made_smaller_and_told() -> None:
    figure = Figure(BODY.pose, BODY.mask, 224)
    field = without_folds(figure, stretched(max(figure.mask.shape), -1.4)[:, : figure.mask.shape[1]])
    assert field.min_determinant > MIN_DETERMINANT
    assert field.amplitude < 1.0


def test_legs_left_out_do_not_move() -> None:
    field = make_field(BODY.pose, BODY.mask, EXPONENTS[Gender.MALE], np.log(1.3), Extent(head=False, legs=False))
    for name in ("left_knee", "right_ankle"):
        x, y = field.figure.point(name)
        assert np.abs(field.shift[int(y), int(x)]).max() < 0.05
    assert np.abs(field.shift).max() > 1.0
