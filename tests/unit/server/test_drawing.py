"""Result pictures."""

import io

import numpy as np
import pytest
from PIL import Image

from posedeck.pose.grades import load_profile
from posedeck.pose.pose import Pose
from posedeck.pose.posture import View
from posedeck.server.drawing import draw_result
from posedeck.server.photos import MAX_RESULT_SIDE_PX, open_photo
from posedeck.server.readings import Reading, read_metrics
from tests.support.people import level_front, moved, truth_pose
from tests.unit.server.builders import person_in, photo

POSES = {View.FRONT: person_in("front_apose").pose, View.SIDE: person_in("side_apose").pose}
READINGS = read_metrics(POSES[View.FRONT], POSES[View.SIDE], load_profile("remo-2024"), None)
VALUES = {key: reading.value for key, reading in READINGS.items() if reading.value is not None}
GREY = np.full((1024, 768, 3), 128, np.uint8)


def opened(jpeg: bytes) -> Image.Image:
    """The drawn picture."""
    return Image.open(io.BytesIO(jpeg), formats=("JPEG",))


def changed(jpeg: bytes, original: np.ndarray) -> np.ndarray:
    """Which pixels (h, w) were drawn on; JPEG's own noise stays below the threshold."""
    difference: np.ndarray = np.abs(np.asarray(opened(jpeg)).astype(int) - original).max(axis=2) > 40
    return difference


@pytest.mark.parametrize("view", View)
def test_it_is_a_jpeg_of_the_same_size_and_leaves_the_photo_alone(view: View) -> None:
    """The caller's array is not drawn on."""
    canvas = GREY.copy()
    result = opened(draw_result(canvas, POSES[view], view, READINGS))

    assert (result.format, result.size, result.mode) == ("JPEG", (768, 1024), "RGB")
    np.testing.assert_array_equal(GREY, canvas)


def test_what_is_drawn_lies_on_the_body_and_at_the_edges() -> None:
    """Hips, knees and wrists are marked; the label columns reach both edges; the upper corners stay clean."""
    drawn = changed(draw_result(GREY, POSES[View.FRONT], View.FRONT, READINGS), GREY)
    for joint in ("left_hip", "right_knee", "left_wrist", "right_elbow"):
        x, y = np.rint(POSES[View.FRONT][joint]).astype(int)
        assert drawn[y - 3 : y + 4, x - 3 : x + 4].any()
    assert drawn[:, :60].any()
    assert drawn[:, -60:].any()
    assert not drawn[:60].any()


def test_a_metric_without_a_value_is_left_out() -> None:
    """Nothing is drawn for it, and the rest is drawn as before."""
    without = {**READINGS, "head_tilt": Reading(None, None, None)}
    fewer = changed(draw_result(GREY, POSES[View.FRONT], View.FRONT, without), GREY)
    all_drawn = changed(draw_result(GREY, POSES[View.FRONT], View.FRONT, READINGS), GREY)

    assert fewer[:200].sum() < all_drawn[:200].sum() / 2
    assert fewer[300:].sum() == pytest.approx(all_drawn[300:].sum(), rel=0.02)


def test_labels_do_not_cover_each_other() -> None:
    """Lines at the same height still get labels one below the other: as many dark boxes as metrics."""
    pose = level_front()
    squeezed = pose.with_xy((pose.xy_px - (400, 500)) * (1.0, 0.02) + (400, 500))
    drawn = opened(draw_result(GREY, squeezed, View.FRONT, READINGS))
    columns = np.asarray(drawn.convert("L"))[:, [18, 768 - 14]]
    boxes = sum(int((np.diff((column < 60).astype(int)) == 1).sum()) for column in columns.T)

    assert boxes == 7


@pytest.mark.parametrize("scale", [0.1, 4.0])
def test_any_size_of_picture_can_be_drawn_on(scale: float) -> None:
    """From a thumbnail to the largest photo."""
    size = (round(1024 * scale), round(768 * scale), 3)
    pose = POSES[View.SIDE]
    canvas = np.full(size, 128, np.uint8)
    jpeg = draw_result(canvas, pose.with_xy(pose.xy_px * scale), View.SIDE, READINGS)

    assert changed(jpeg, canvas).mean() > 0.02


def test_points_far_outside_and_missing_points_do_no_harm() -> None:
    """An engine may guess feet below the picture, or not see an ear."""
    pose = moved(truth_pose("front_apose"), left_ankle=(1e7, 1e7), right_ear=(np.nan, np.nan))
    assert opened(
        draw_result(GREY, pose, View.FRONT, read_metrics(pose, POSES[View.SIDE], load_profile("remo-2024"), None))
    )


def test_huge_photos_are_drawn_smaller() -> None:
    """Above the limit the result picture is reduced, and the scale is told so that the pose can follow."""
    data = io.BytesIO()
    Image.new("RGB", (300, MAX_RESULT_SIDE_PX * 2), "white").save(data, "PNG")
    opened_photo = open_photo(data.getvalue())

    assert (opened_photo.width, opened_photo.height) == (300, MAX_RESULT_SIDE_PX * 2)
    assert opened_photo.picture.shape[:2] == (MAX_RESULT_SIDE_PX, 150)
    assert opened_photo.scale == 0.5
    assert open_photo(photo("front_apose")).scale == 1.0


def test_a_pose_is_never_too_short_to_draw() -> None:
    """All points on one spot: no direction, no value, a picture all the same."""
    spot = Pose(level_front().skeleton, np.full((33, 2), 300.0), np.ones(33))
    readings = read_metrics(spot, spot, load_profile("remo-2024"), None)
    assert opened(draw_result(GREY, spot, View.FRONT, readings)).size == (768, 1024)
