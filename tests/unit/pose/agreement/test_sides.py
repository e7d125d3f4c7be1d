"""Left taken for right: the whole body, and the test with a mirrored picture."""

import math

import numpy as np
import pytest

from posedeck.pose.agreement import MirrorTest, compare_people, mirror_test, unmirror
from posedeck.pose.pose import Pose
from posedeck.pose.skeleton import COCO_17
from tests.support.people import mirrored
from tests.unit.pose.agreement.builders import PROFILE, exchanged, front, group, noisy, profile_view, scored, without

WIDTH = 800


def inverted(left: Pose, right: Pose) -> bool:
    (pair,) = compare_people([left], [right], PROFILE).pairs
    return pair.sides_inverted


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("wrist",), False),
        (("hip", "knee", "ankle", "wrist"), False),
        (("hip", "knee", "ankle", "wrist", "elbow"), True),
        ((), True),
    ],
)
def test_a_body_is_inverted_from_six_tenths_of_its_pairs(parts: tuple[str, ...], expected: bool) -> None:
    """Five of eight decidable pairs invert the body, four do not."""
    assert inverted(front(), exchanged(front(), *parts)) is expected


def test_identical_poses_are_not_inverted() -> None:
    """A person agrees with itself about left and right."""
    assert not inverted(front(), front())


def test_a_profile_cannot_be_judged() -> None:
    """In a side view no pair can be told apart, so it is not called inverted."""
    assert not inverted(profile_view(), exchanged(profile_view()))


def test_one_pair_says_nothing_about_the_body() -> None:
    """A single decidable pair, though exchanged, does not invert the body."""
    names = [name for name in COCO_17.names if "wrist" not in name and name.startswith("left")]
    one_arm = without(front(), *names)
    assert not inverted(one_arm, exchanged(one_arm, "wrist"))


def test_unmirroring_undoes_the_mirror() -> None:
    """The answer for the mirrored picture, turned back, is the pose itself with its own scores; absent stays absent."""
    pose = scored(without(front(), "left_ear"), left_wrist=0.3)
    flipped = mirrored(pose, WIDTH)
    back = unmirror(Pose(COCO_17, flipped.xy_px, pose.score[COCO_17.mirror_order]), WIDTH)
    np.testing.assert_allclose(back.xy_px, pose.xy_px)
    np.testing.assert_array_equal(back.score, pose.score)


def test_an_unmirrored_placeholder_stays_absent() -> None:
    """(0, 0) with score 0 in the mirrored picture must not become a point at its right edge."""
    placeholder = scored(front().with_points({"left_wrist": (0.0, 0.0)}), left_wrist=0.0)
    assert np.isnan(unmirror(placeholder, WIDTH)["right_wrist"]).all()


def test_a_source_that_knows_its_sides_passes() -> None:
    """A noisy but honest source has no inverted pair and a small distance to itself."""
    rng = np.random.default_rng(5)
    people = group()
    result = mirror_test(people, [mirrored(noisy(pose, rng), WIDTH) for pose in reversed(people)], WIDTH)
    assert (result.people, result.inverted_pairs, result.exchanges_sides) == (3, 0, False)
    assert result.decidable_pairs >= 20
    assert 0 < result.median_distance_torso < 0.03


def test_a_source_that_keeps_the_picture_side_is_named() -> None:
    """A source that calls the picture's right side left in both pictures exchanges sides in every decidable pair."""
    people = group()
    result = mirror_test(people, [exchanged(mirrored(pose, WIDTH)) for pose in people], WIDTH)
    assert (result.people, result.exchanges_sides) == (3, True)
    assert result.inverted_pairs == result.decidable_pairs


@pytest.mark.parametrize("people", [[], [profile_view()]])
def test_without_evidence_there_is_no_answer(people: list[Pose]) -> None:
    """Nobody, or a profile alone, cannot tell."""
    result = mirror_test(people, [mirrored(pose, WIDTH) for pose in people], WIDTH)
    distance = pytest.approx(0.0) if people else pytest.approx(math.nan, nan_ok=True)
    assert result == MirrorTest(len(people), 0, 0, None, distance)
