"""Regions of a picture and the way there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posedeck.engine.crops import Picture, Roi, paste_mask

coordinates = st.floats(-500.0, 1500.0)
regions = st.builds(
    lambda x, y, size, turn, mirrored: Roi(np.array([x, y]), size, turn, mirrored),
    coordinates,
    coordinates,
    st.floats(1.0, 3000.0),
    st.floats(-np.pi, np.pi),
    st.booleans(),
)


@given(regions, arrays(np.float64, (5, 2), elements=coordinates), st.sampled_from([128, 192, 224, 256]))
def test_points_come_back_from_the_crop(roi: Roi, points: np.ndarray, side: int) -> None:
    """Into the crop and back is where it began, for every region, turned or mirrored."""
    affine = roi.matrix(side)
    in_crop = points @ affine[:, :2].T + affine[:, 2]
    assert np.allclose(roi.to_picture(in_crop, side), points, atol=1e-6)


@given(regions)
def test_the_centre_of_the_region_is_the_centre_of_the_crop(roi: Roi) -> None:
    """The middle of the crop is the middle of the region."""
    assert np.allclose(roi.to_picture(np.array([[64.0, 64.0]]), 128)[0], roi.centre)


@given(regions)
def test_mirrored_twice_is_the_same_region(roi: Roi) -> None:
    """Mirroring is its own inverse."""
    assert np.allclose(roi.mirror().mirror().matrix(256), roi.matrix(256))


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_whole_picture_is_cut_exactly(mirrored: bool) -> None:
    """A region of the picture's own size and place is the picture, pixel by pixel; mirrored, its mirror image."""
    pixels = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    expected = pixels[:, ::-1] if mirrored else pixels
    crop = Picture(pixels).crop(Roi(np.array([32.0, 32.0]), 64.0, mirrored=mirrored), 64)
    assert np.array_equal(crop, expected)


def test_a_region_turned_clockwise_shows_the_picture_turned_back() -> None:
    """The top of a square turned clockwise by 90 degrees is the picture's right side."""
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, 48:] = 255
    crop = Picture(pixels).crop(Roi(np.array([32.0, 32.0]), 64.0, turn=np.pi / 2), 64)
    assert crop[:16].mean() == pytest.approx(255.0, abs=4.0)
    assert crop[16:].mean() == pytest.approx(0.0, abs=4.0)


@pytest.mark.parametrize("size", [60.0, 130.0, 300.0, 520.0])
def test_a_shrunk_spot_stays_in_place(size: float) -> None:
    """Whichever halved copy the crop is cut from, a spot's centre of mass is in place within 0.1 crop pixels."""
    pixels = np.zeros((512, 512, 3), np.uint8)
    pixels[240:256, 200:216] = 255
    roi = Roi(np.array([215.0, 240.0]), size)
    crop = Picture(pixels).crop(roi, 64)[..., 0].astype(float)
    index = np.arange(64) + 0.5
    spot = np.array([(crop * index).sum(), (crop * index[:, None]).sum()]) / crop.sum()
    assert roi.to_picture(spot[None], 64)[0] == pytest.approx([208.0, 248.0], abs=0.1 * size / 64)


def test_what_lies_outside_is_black() -> None:
    """A region beside the picture is empty."""
    picture = Picture(np.full((20, 30, 3), 255, np.uint8))
    assert picture.crop(Roi(np.array([500.0, 500.0]), 50.0), 64).max() == 0


def test_a_mask_is_pasted_where_it_was_cut() -> None:
    """A full mask covers exactly its region of the picture."""
    mask = np.full((256, 256), 255, np.uint8)
    pasted = paste_mask(mask, Roi(np.array([60.0, 40.0]), 40.0), 100, 80)
    assert pasted.shape == (80, 100)
    assert pasted[22:58, 42:78].min() == 255
    pasted[19:61, 39:81] = 0
    assert pasted.max() == 0
