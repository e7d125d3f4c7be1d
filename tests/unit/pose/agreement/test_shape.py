"""Bone lengths and joint angles of both answers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posedeck.pose.agreement.shape import ANGLES, BONES, compare_angles, compare_bones
from posedeck.pose.geometry import rotate
from posedeck.pose.pose import Pose
from tests.support.people import mirrored, moved
from tests.unit.pose.agreement.builders import front, without


def angle(left: Pose, right: Pose, name: str) -> tuple[float, float, float]:
    found = {each.name: each for each in compare_angles(left, right)}[name]
    return found.left_deg, found.right_deg, found.difference_deg


def test_there_are_twelve_bones_and_ten_angles() -> None:
    """Arms, legs and the trunk's four sides; knees, hips, elbows, shoulders, trunk and neck."""
    assert (len(BONES), len(ANGLES)) == (12, 10)
    assert not any("eye" in point or "ear" in point or point == "nose" for bone in BONES for point in bone)


def test_a_bone_twice_as_long_has_the_logarithm_of_two() -> None:
    """The ratio is left over right, and only bones of the moved joint change."""
    pose = front()
    knee, ankle = pose["left_knee"], pose["left_ankle"]
    longer = pose.with_points({"left_ankle": tuple(knee + 2.0 * (ankle - knee))})
    ratios = {(bone.start, bone.end): bone.log_ratio for bone in compare_bones(longer, pose)}
    assert {bone: ratio for bone, ratio in ratios.items() if ratio} == {
        ("left_knee", "left_ankle"): pytest.approx(math.log(2.0))
    }


@pytest.mark.parametrize("spoiled", [without(front(), "left_knee"), moved(front(), left_knee=(5.0, 200.0))])
def test_a_bone_without_length_has_no_ratio(spoiled: Pose) -> None:
    """A missing end, or both ends in one place, gives NaN and no error, on either side."""
    for pair in ((spoiled, front()), (front(), spoiled)):
        ratios = {(bone.start, bone.end): bone.log_ratio for bone in compare_bones(*pair)}
        assert math.isnan(ratios["left_knee", "left_ankle"])


def test_a_bent_elbow_reads_its_angle() -> None:
    """A forearm at right angles to the upper arm reads 90 degrees; straight is 180."""
    pose = front().with_points({"left_shoulder": (500, 200), "left_elbow": (500, 300), "left_wrist": (500, 400)})
    bent = pose.with_points({"left_wrist": (600, 300)})
    assert angle(pose, bent, "left_elbow") == pytest.approx((180.0, 90.0, -90.0))


def test_the_trunk_leans_to_image_left_and_the_neck_against_it() -> None:
    """Turning the whole body changes the trunk and leaves the neck alone."""
    turned = front().with_xy(rotate(front().xy_px, 20.0, (400.0, 500.0)))
    assert angle(front(), turned, "trunk") == pytest.approx((0.0, 20.0, 20.0))
    assert angle(front(), turned, "neck") == pytest.approx((0.0, 0.0, 0.0))


def test_differences_take_the_short_way_round() -> None:
    """A trunk at 179 and one at -179 degrees differ by 2 degrees, not by 358."""
    one, two = (front().with_xy(rotate(front().xy_px, turn, (400.0, 500.0))) for turn in (179.0, -179.0))
    assert angle(one, two, "trunk") == pytest.approx((179.0, -179.0, 2.0))


def test_a_missing_point_takes_only_its_angles_along() -> None:
    """Without a wrist there is no elbow angle, and all the others stand."""
    missing = {
        each.name for each in compare_angles(without(front(), "left_wrist"), front()) if each.left_deg != each.left_deg
    }
    assert missing == {"left_elbow"}


@given(dx=st.floats(-60, 60), dy=st.floats(-60, 60))
def test_mirroring_both_answers_exchanges_the_sides(dx: float, dy: float) -> None:
    """The left joints of mirrored answers are the right joints of the answers; trunk and neck turn round."""
    one, two = front(), moved(front(), left_knee=(dx, dy), right_elbow=(dy, dx), nose=(dx, 0.0), left_ear=(dx, dy))
    plain = {each.name: each.difference_deg for each in compare_angles(one, two)}
    flipped = {each.name: each.difference_deg for each in compare_angles(mirrored(one, 800), mirrored(two, 800))}
    for joint in ("knee", "hip", "elbow", "shoulder"):
        assert flipped[f"left_{joint}"] == pytest.approx(plain[f"right_{joint}"], abs=1e-6)
    assert (flipped["trunk"], flipped["neck"]) == pytest.approx((-plain["trunk"], -plain["neck"]), abs=1e-6)
