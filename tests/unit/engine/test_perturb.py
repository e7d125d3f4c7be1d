"""The views of perturbed inference and the spread of what they see."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posedeck.engine.crops import Roi
from posedeck.engine.perturb import SHIFT, spread, views


def test_one_pass_is_plain() -> None:
    """A single pass looks at the region as it is."""
    (view,) = views(1)
    roi = Roi(np.array([10.0, 20.0]), 30.0, 0.3)
    assert np.allclose(view.of(roi).matrix(256), roi.matrix(256))


@pytest.mark.parametrize("passes", [0, -2, 3, 7])
def test_only_one_or_pairs_of_passes(passes: int) -> None:
    """Odd numbers would favour one side and are refused."""
    with pytest.raises(ValueError, match="passes"):
        views(passes)


@given(st.integers(1, 12))
def test_passes_are_balanced(pairs: int) -> None:
    """As many mirrored as plain, the first pair unmoved, the shifts small and in sum zero."""
    looks = views(2 * pairs)
    assert len(looks) == 2 * pairs
    assert [look.mirrored for look in looks] == [False, True] * pairs
    assert all(np.hypot(*look.shift) <= SHIFT + 1e-12 for look in looks)
    assert looks[0].scale == looks[1].scale == 1.0
    assert looks[0].shift.tolist() == looks[1].shift.tolist() == [0.0, 0.0]
    if pairs > 2:
        assert np.allclose(np.sum([look.shift for look in looks], axis=0), 0.0)


def test_views_differ() -> None:
    """No look is taken twice."""
    roi = Roi(np.array([10.0, 20.0]), 30.0)
    matrices = {tuple(np.round(look.of(roi).matrix(256).ravel(), 9)) for look in views(8)}
    assert len(matrices) == 8


def test_spread_of_known_positions() -> None:
    """Two passes 2 apart in x have variance 2 in x (ddof 1), 0 in y, so 1 per axis, and their mean has half of it."""
    assert spread([np.array([[0.0, 5.0]]), np.array([[2.0, 5.0]])]) == pytest.approx([np.sqrt(0.5)])


def test_one_pass_has_no_spread() -> None:
    """Nothing can be said from one pass."""
    assert spread([np.zeros((3, 2))]) is None


@given(arrays(np.float64, (4, 6, 2), elements=st.floats(-1e3, 1e3)), st.floats(-1e3, 1e3), st.floats(0.1, 10.0))
def test_spread_ignores_place_and_follows_scale(positions: np.ndarray, offset: float, scale: float) -> None:
    """Moving all positions leaves the spread; scaling them scales it."""
    moved = spread(list(positions * scale + offset))
    still = spread(list(positions))
    assert moved is not None
    assert still is not None
    assert np.allclose(moved, still * scale, atol=1e-6)
