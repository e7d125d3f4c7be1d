"""The limits of a reshaped picture, on a drawn person whose joints and contour are exact."""

from functools import cache

import cv2
import numpy as np
import pytest

from posedeck.engine.reshape.anthropometry import Gender
from posedeck.engine.reshape.body import Body, ReshapeWarning
from posedeck.engine.reshape.field import MIN_DETERMINANT
from posedeck.engine.reshape.integrity import ssim
from posedeck.engine.reshape.pipeline import Reshaped, reshape
from tests.support.mannequin import Mannequin, draw

MAX_WIDTH_ERROR = 0.015
MIN_FACE_SSIM = 0.97
MIN_ROUND_TRIP_DB = 30.0
RATIOS = (0.75, 0.85, 0.95, 1.1, 1.25, 1.4)
BOUND_SITES = ("waist", "hip", "left_thigh", "right_thigh")
#: Each ratio with the arms far out, and the ends with them beside the flanks, where they are carried along.
CASES = [(Gender.FEMALE, 25.0, ratio) for ratio in RATIOS] + [
    (Gender.MALE, 12.0, 0.75),
    (Gender.MALE, 60.0, 1.4),
]


@cache
def person(arms_deg: float = 25.0) -> Mannequin:
    return draw(arms_deg=arms_deg)


@cache
def result(gender: Gender, arms_deg: float, ratio: float) -> Reshaped:
    drawn = person(arms_deg)
    return reshape(drawn.picture, drawn.body, gender, ratio)


def widths_of(mask: np.ndarray, row: int) -> int:
    """Pixels of a silhouette's middle run in one row, measured without any of the engine's own tools."""
    inside = mask[row] > 0.5
    middle = mask.shape[1] // 2
    left = right = middle
    while inside[left - 1]:
        left -= 1
    while inside[right + 1]:
        right += 1
    return right - left + 1


@pytest.mark.parametrize(("gender", "arms_deg", "ratio"), CASES)
def test_what_was_intended_is_achieved(gender: Gender, arms_deg: float, ratio: float) -> None:
    widths = {width.site: width for width in result(gender, arms_deg, ratio).widths}
    for site in BOUND_SITES:
        achieved = widths[site].achieved
        assert achieved is not None
        assert achieved == pytest.approx(widths[site].intended, rel=MAX_WIDTH_ERROR)


def test_the_waist_in_the_picture_is_as_wide_as_is_said() -> None:
    drawn = person()
    row = round(drawn.body.pose["left_shoulder"][1] + 0.64 * drawn.body.pose.torso_px)
    heavy = result(Gender.FEMALE, 25.0, 1.4)
    shown = widths_of(heavy.new_mask, row) / widths_of(drawn.body.mask, row)
    (waist,) = (width for width in heavy.widths if width.site == "waist")
    assert waist.achieved is not None
    assert shown == pytest.approx(waist.achieved, abs=0.02)  # whole pixels: 92 of them
    assert shown > 1.2


def test_the_picture_shows_what_the_mask_says() -> None:
    # Where the heavier body has grown, its clothes are seen instead of the wall.
    drawn, heavy = person(), result(Gender.FEMALE, 25.0, 1.4)
    gained = (heavy.new_mask > 0.9) & (drawn.body.mask < 0.1)
    assert gained.sum() > 500
    to_wall = np.abs(heavy.image.astype(int) - drawn.background)[gained].mean()
    assert to_wall > 40.0


def test_what_a_slimmer_body_uncovers_looks_like_the_wall() -> None:
    drawn, slim = person(), result(Gender.FEMALE, 25.0, 0.75)
    uncovered = (slim.new_mask < 0.02) & (drawn.body.mask > 0.98)
    assert uncovered.sum() > 300
    assert np.median(np.abs(slim.image.astype(int) - drawn.background)[uncovered]) < 12.0


def test_widths_grow_with_the_ratio() -> None:
    for index, site in enumerate(width.site for width in result(Gender.FEMALE, 25.0, 0.75).widths):
        achieved = [result(Gender.FEMALE, 25.0, ratio).widths[index].achieved for ratio in RATIOS]
        if all(value is not None for value in achieved):
            assert np.all(np.diff(np.array(achieved, float)) > 0), site


@pytest.mark.parametrize(("gender", "arms_deg", "ratio"), CASES)
def test_the_background_stays(gender: Gender, arms_deg: float, ratio: float) -> None:
    drawn, reshaped = person(arms_deg), result(gender, arms_deg, ratio)
    silhouettes = (drawn.body.mask > 0.04) | (reshaped.new_mask > 0.04)
    reach = round(0.012 * drawn.picture.shape[0])
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    outside = cv2.dilate(silhouettes.astype(np.uint8), disc) == 0
    assert np.array_equal(reshaped.image[outside], drawn.picture[outside])
    assert reshaped.integrity.background_max == 0
    assert reshaped.integrity.background_mean == 0.0


@pytest.mark.parametrize(("gender", "arms_deg", "ratio"), CASES)
def test_nothing_folds_and_face_and_bones_stay(gender: Gender, arms_deg: float, ratio: float) -> None:
    integrity = result(gender, arms_deg, ratio).integrity
    assert integrity.min_determinant > MIN_DETERMINANT
    assert integrity.amplitude == 1.0
    assert integrity.face_ssim is not None
    assert integrity.face_ssim >= MIN_FACE_SSIM
    assert integrity.bone_change < 0.02


def test_no_change_is_no_change() -> None:
    drawn = person()
    same = reshape(drawn.picture, drawn.body, Gender.MALE, 1.0)
    assert np.array_equal(same.image, drawn.picture)
    assert same.image is not drawn.picture
    assert {width.achieved for width in same.widths} == {1.0}


def test_a_change_too_small_to_see_changes_nothing() -> None:
    drawn = person()
    assert np.array_equal(reshape(drawn.picture, drawn.body, Gender.MALE, 1.0005).image, drawn.picture)


def test_it_is_the_same_on_repeat_and_leaves_its_input_alone() -> None:
    drawn = person()
    before = drawn.picture.copy()
    again = reshape(drawn.picture, drawn.body, Gender.FEMALE, 0.75)
    assert np.array_equal(again.image, result(Gender.FEMALE, 25.0, 0.75).image)
    assert np.array_equal(drawn.picture, before)


def test_slimmer_then_heavier_comes_back() -> None:
    drawn, slim = person(), result(Gender.FEMALE, 25.0, 0.85)
    back = reshape(slim.image, Body(drawn.body.pose, slim.new_mask), Gender.FEMALE, 1.0 / 0.85)
    error = np.mean((back.image.astype(float) - drawn.picture) ** 2)
    assert 10.0 * np.log10(255.0**2 / error) >= MIN_ROUND_TRIP_DB


def test_a_seated_person_keeps_the_legs() -> None:
    drawn = draw(warnings=(ReshapeWarning.SEATED,))
    seated = reshape(drawn.picture, drawn.body, Gender.FEMALE, 0.75)
    shins = slice(round(drawn.body.pose["left_knee"][1]) + 20, None)
    assert np.array_equal(seated.image[shins], drawn.picture[shins])
    assert not np.array_equal(seated.image, drawn.picture)
    assert seated.warnings == (ReshapeWarning.SEATED,)


@pytest.mark.parametrize("ratio", [0.74, 1.41, float("nan")])
def test_a_ratio_out_of_range_is_refused(ratio: float) -> None:
    drawn = person()
    with pytest.raises(ValueError, match="ratio"):
        reshape(drawn.picture, drawn.body, Gender.MALE, ratio)


def test_a_face_that_differs_is_noticed() -> None:
    drawn = person()
    assert ssim(drawn.picture, drawn.picture) == pytest.approx(1.0)
    assert ssim(drawn.picture, np.roll(drawn.picture, 3, axis=1)) < 0.8


def test_a_hand_beside_the_thigh_is_no_thigh() -> None:
    # It lies in the outline and moves in its own way: measured with it, the thigh would be off by several per cent.
    drawn = person(12.0)
    pose = drawn.body.pose
    thigh = 0.55 * pose["left_hip"] + 0.45 * pose["left_knee"]
    hand = thigh + np.array([0.2 * pose.torso_px, 0.0])
    up = np.array([0.0, 0.12 * pose.torso_px])
    fingers = dict.fromkeys(("left_index", "left_pinky", "left_thumb"), tuple(hand + up))
    pose = pose.with_points({"left_elbow": tuple(hand - 4 * up), "left_wrist": tuple(hand - up), **fingers})
    mask = drawn.body.mask.copy()
    ends = [tuple(int(value) for value in hand + sign * 1.5 * up) for sign in (-1, 1)]
    cv2.line(mask, *ends, 1.0, round(0.12 * pose.torso_px))
    widths = reshape(drawn.picture, Body(pose, mask), Gender.FEMALE, 1.4).widths
    left, right = (width for width in widths if width.site in ("left_thigh", "right_thigh"))
    assert left.achieved is None
    assert right.achieved == pytest.approx(right.intended, rel=MAX_WIDTH_ERROR)
